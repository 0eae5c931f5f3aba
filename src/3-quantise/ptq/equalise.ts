/** Cross-layer equalisation: moves range between the channels of a map and the weights that read them. */
import type { Graph, Node, TensorId } from "../../ir/graph.ts";
import { floatLayer, isLayer, withWeights } from "./layers.ts";
import type { FloatLayer } from "./layers.ts";

/** A factor for every channel of every map; maps that are not listed keep theirs. */
export type Factors = ReadonlyMap<TensorId, Float32Array>;

/** A layer that reads the equalised map's channels as its own channels `offset`, `offset + 1` and so on. */
interface Sink {
  readonly node: Node;
  readonly offset: number;
}

/** Factors stay within this and its inverse: channels that hardly ever fire must not be blown up. */
const MOST = 8;

/**
 * Factors that make the channels of each equalisable map reach about as far as each other, weighed against the weights
 * that read them (the square root rule of Nagel et al. 2019, arXiv 1906.04721, on measured activations).
 * A map can be equalised when a layer without activation or with ReLU makes it and only layers read it, directly or
 * through pools and concatenation. `reach`: largest magnitude of every channel.
 */
export function equalisingFactors(graph: Graph, reach: ReadonlyMap<TensorId, Float32Array>): Factors {
  const factors = new Map<TensorId, Float32Array>();
  for (const node of graph.nodes) {
    if (!isLayer(node) || (node.activation !== "none" && node.activation !== "relu")) continue;
    const sinks = sinksOf(graph, node.output, 0);
    const range = reach.get(node.output);
    if (sinks === undefined || sinks.length === 0 || range === undefined) continue;
    const need = weightReach(graph, sinks, range.length);
    const most = Math.max(...range);
    const wanted = range.map((r, c) => {
      const w = need[c]!;
      return r === 0 || w === 0 ? 1 : Math.sqrt((w * most) / r);
    });
    factors.set(node.output, settled(wanted, range));
  }
  return handedOn(graph, factors);
}

/** Factors scaled so that the map's largest channel keeps its reach, and bounded. */
function settled(wanted: Float32Array, range: Float32Array): Float32Array {
  const top = wanted.reduce((most, s, c) => Math.max(most, s * range[c]!), 0);
  const now = Math.max(...range);
  return wanted.map((s) => Math.min(MOST, Math.max(1 / MOST, top === 0 ? 1 : (s * now) / top)));
}

/** Every layer that reads the map; undefined where something reads it that a factor would change. */
function sinksOf(graph: Graph, id: TensorId, offset: number): Sink[] | undefined {
  if (graph.outputs.includes(id)) return undefined;
  const sinks: Sink[] = [];
  for (const node of graph.nodes) {
    if (!node.inputs.includes(id)) continue;
    if (isLayer(node) && node.inputs[0] === id) {
      if (node.kind === "dense" && !isVector(graph, id)) return undefined;
      sinks.push({ node, offset });
      continue;
    }
    const shift = channelShift(graph, node, id);
    const further = shift === undefined ? undefined : sinksOf(graph, node.output, offset + shift);
    if (further === undefined) return undefined;
    sinks.push(...further);
  }
  return sinks;
}

function isVector(graph: Graph, id: TensorId): boolean {
  const shape = graph.tensors.get(id)?.shape ?? [];
  return shape.slice(0, -1).every((n) => n === 1);
}

/** How far a node that only moves channels moves those of `id`; undefined for any other node. */
function channelShift(graph: Graph, node: Node, id: TensorId): number | undefined {
  switch (node.kind) {
    case "max-pool":
    case "average-pool":
      return node.activation === "none" || node.activation === "relu" ? 0 : undefined;
    case "mean":
    case "relu":
    case "identity":
      return 0;
    case "pad":
      return node.value === undefined || node.value === 0 ? 0 : undefined;
    case "concat": {
      const isSound = node.axis === 3 && node.inputs.filter((other) => other === id).length === 1;
      const isFree = node.activation === "none" || node.activation === "relu";
      const before = node.inputs.slice(0, node.inputs.indexOf(id));
      const channels = before.map((other) => graph.tensors.get(other)?.shape[3] ?? 0);
      return isSound && isFree ? channels.reduce((sum, n) => sum + n, 0) : undefined;
    }
    default:
      return undefined;
  }
}

/** Largest weight that reads each channel, as a share of the largest in its output channel. */
function weightReach(graph: Graph, sinks: readonly Sink[], channels: number): Float32Array {
  const result = new Float32Array(channels);
  for (const { node, offset } of sinks) {
    if (!isLayer(node)) continue;
    const layer = floatLayer(graph, node);
    const most = new Float32Array(layer.outputs);
    layer.weights.forEach(
      (w, i) => (most[layer.outputOf[i]!] = Math.max(most[layer.outputOf[i]!]!, Math.abs(w))),
    );
    layer.weights.forEach((w, i) => {
      const c = layer.inputOf[i]! - offset;
      const share = Math.abs(w) / (most[layer.outputOf[i]!] || 1);
      if (c >= 0 && c < channels && share > result[c]!) result[c] = share;
    });
  }
  return result;
}

/** The factors of maps that only hand on equalised channels. */
function handedOn(graph: Graph, made: ReadonlyMap<TensorId, Float32Array>): Factors {
  const factors = new Map(made);
  for (const node of graph.nodes) {
    if (isLayer(node) || channelShift(graph, node, node.inputs[0] ?? -1) === undefined) continue;
    if (!node.inputs.some((id) => factors.has(id))) continue;
    const parts = node.inputs.map(
      (id) => factors.get(id) ?? new Float32Array(graph.tensors.get(id)?.shape.at(-1) ?? 0).fill(1),
    );
    factors.set(node.output, Float32Array.from(parts.flatMap((part) => Array.from(part))));
  }
  return factors;
}

/** The same network with every map's channels multiplied by its factors. */
export function equalised(graph: Graph, factors: Factors): Graph {
  let current = graph;
  for (const node of graph.nodes) {
    if (!isLayer(node)) continue;
    const [before, after] = [factors.get(node.inputs[0] ?? -1), factors.get(node.output)];
    if (!before && !after) continue;
    const layer = floatLayer(graph, node);
    current = withWeights(current, node, scaledWeights(layer, before, after), scaledBias(layer, after));
  }
  return current;
}

function scaledWeights(layer: FloatLayer, before?: Float32Array, after?: Float32Array): Float32Array {
  return layer.weights.map(
    (w, i) => (w * (after?.[layer.outputOf[i]!] ?? 1)) / (before?.[layer.inputOf[i]!] ?? 1),
  );
}

function scaledBias(layer: FloatLayer, after?: Float32Array): Float32Array {
  return layer.bias.map((b, k) => b * (after?.[k] ?? 1));
}
