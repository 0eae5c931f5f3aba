/** Cross-layer equalisation: moves range between the channels of a map and the weights that read them. */
import type { Graph, Node, TensorId } from "../../ir/graph.ts";
import { item, known } from "../../ir/known.ts";
import { floatLayer, isLayer, withWeights } from "./layers.ts";
import { scaleGroups } from "./groups.ts";
import type { FloatLayer, Layer } from "./layers.ts";
import type { ChannelStatistics } from "./statistics.ts";

/** A factor for every channel of every map; maps that are not listed keep theirs. */
export type Factors = ReadonlyMap<TensorId, Float32Array>;

/** A layer that reads the equalised map's channels as its own channels `offset`, `offset + 1` and so on. */
interface Sink {
  readonly node: Layer;
  readonly offset: number;
}

/** Factors stay within this and its inverse: channels that hardly ever fire must not be blown up. */
const MOST = 16;
/** Candidates: 0 looks at the weights only, 1 at the activations only. */
const EXPONENTS = [0, 0.25, 0.5, 0.75, 1] as const;
/** What compensated rounding leaves of the noise of rounded weights, roughly, in power. */
const WEIGHT_NOISE = 0.3;

/** A map whose channels may be scaled, with all that reads it. */
interface Source {
  readonly id: TensorId;
  readonly sinks: readonly Sink[];
  readonly reach: Float32Array;
  readonly variance: Float32Array;
  /** Largest weight that reads each channel, as a share of the largest in its output channel. */
  readonly need: Float32Array;
}

/**
 * Factors that let the channels of each equalisable map reach about as far as each other, weighed against the weights that
 * read them (Nagel et al. 2019, arXiv 1906.04721, on measured activations). Maps that share a scale are treated together:
 * factor = (R / reach)^e * need^(1 - e), with the exponent of the least estimated noise in the layers that read them.
 * A map can be equalised when a layer without activation or with ReLU makes it and only layers read it, directly or
 * through pools and concatenation.
 */
export function equalisingFactors(
  graph: Graph,
  ranges: Pick<ChannelStatistics, "reach" | "mean" | "energy">,
): Factors {
  const factors = new Map<TensorId, Float32Array>();
  for (const { tensors } of scaleGroups(graph)) {
    const sources = graph.nodes.flatMap((node) =>
      tensors.includes(node.output) ? (sourceOf(graph, node, ranges) ?? []) : [],
    );
    const top = Math.max(0, ...tensors.flatMap((id) => Array.from(ranges.reach.get(id) ?? [])));
    if (sources.length === 0 || top === 0) continue;
    const layers = new Map(
      sources.flatMap(({ sinks }) => sinks.map(({ node }) => [node, floatLayer(graph, node)] as const)),
    );
    let best: readonly Float32Array[] = sources.map(({ reach }) => new Float32Array(reach.length).fill(1));
    let least = noise(sources, layers, best, top);
    for (const exponent of EXPONENTS) {
      const tried = candidate(sources, top, exponent);
      const estimate = noise(sources, layers, tried, top);
      if (estimate < least) [best, least] = [tried, estimate];
    }
    sources.forEach(({ id }, i) => factors.set(id, item(best, i)));
  }
  const useful = [...factors.values()].some((list) => list.some((factor) => factor !== 1));
  return useful ? handedOn(graph, factors) : new Map();
}

function sourceOf(
  graph: Graph,
  node: Node,
  ranges: Pick<ChannelStatistics, "reach" | "mean" | "energy">,
): Source | undefined {
  if (!isLayer(node) || (node.activation !== "none" && node.activation !== "relu")) return undefined;
  const sinks = sinksOf(graph, node.output, 0);
  const [reach, mean, energy] = [ranges.reach, ranges.mean, ranges.energy].map((map) => map.get(node.output));
  if (sinks === undefined || sinks.length === 0 || !reach || !mean || !energy) return undefined;
  const variance = energy.map((e, c) => Math.max(0, e - item(mean, c) ** 2));
  return { id: node.output, sinks, reach, variance, need: weightReach(graph, sinks, reach.length) };
}

/** Factors for one exponent, scaled so that the furthest channel of all sources keeps its reach. */
function candidate(sources: readonly Source[], top: number, exponent: number): Float32Array[] {
  const wanted = sources.map(({ reach, need }) =>
    reach.map((r, c) =>
      r === 0 || need[c] === 0 ? 0 : (top / r) ** exponent * item(need, c) ** (1 - exponent),
    ),
  );
  const furthest = Math.max(
    ...wanted.flatMap((list, i) => {
      const { reach } = item(sources, i);
      return Array.from(list, (s, c) => s * item(reach, c));
    }),
  );
  // Channels that never fire, or that nothing reads, keep their scale.
  return wanted.map((list) =>
    list.map((s) => (s === 0 ? 1 : Math.min(MOST, Math.max(1 / MOST, (s * top) / furthest)))),
  );
}

/** Estimated power of the noise that steps of activations and weights leave in the sums of all sinks. */
function noise(
  sources: readonly Source[],
  layers: ReadonlyMap<Layer, FloatLayer>,
  factors: readonly Float32Array[],
  top: number,
): number {
  const reached = Math.max(
    ...sources.flatMap(({ reach }, i) => Array.from(reach, (r, c) => r * item(item(factors, i), c))),
  );
  const step = Math.max(reached, Number.MIN_VALUE, top / MOST) / 255;
  let activations = 0;
  const weightSteps = new Map<Layer, Float64Array>();
  const powers = new Map<Layer, Float64Array>();
  sources.forEach(({ sinks, variance }, i) => {
    const scale = item(factors, i);
    for (const { node, offset } of sinks) {
      const layer = known(layers.get(node), "a sink is a layer");
      const steps = weightSteps.get(node) ?? new Float64Array(layer.outputs);
      const power = powers.get(node) ?? new Float64Array(layer.outputs);
      weightSteps.set(node, steps);
      powers.set(node, power);
      for (let w = 0; w < layer.weights.length; w++) {
        const c = layer.inputOf[w]! - offset;
        if (c < 0 || c >= scale.length) continue;
        const weight = layer.weights[w]! / scale[c]!;
        const k = layer.outputOf[w]!;
        activations += (weight * step) ** 2;
        steps[k] = Math.max(item(steps, k), Math.abs(weight) / 127);
        power[k] = item(power, k) + item(variance, c) * item(scale, c) ** 2;
      }
    }
  });
  let weights = 0;
  for (const [node, steps] of weightSteps)
    steps.forEach(
      (w, k) => (weights += w * w * item(known(powers.get(node), "a weighted node has a power"), k)),
    );
  return activations + WEIGHT_NOISE * weights;
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
    const further = shift === null ? undefined : sinksOf(graph, node.output, offset + shift);
    if (further === undefined) return undefined;
    sinks.push(...further);
  }
  return sinks;
}

function isVector(graph: Graph, id: TensorId): boolean {
  const shape = graph.tensors.get(id)?.shape ?? [];
  return shape.slice(0, -1).every((n) => n === 1);
}

/** How far a node that only moves channels moves those of `id`; null for any other node. */
function channelShift(graph: Graph, node: Node, id: TensorId): number | null {
  switch (node.kind) {
    case "max-pool":
    case "average-pool":
      return node.activation === "none" || node.activation === "relu" ? 0 : null;
    case "mean":
      return node.axes?.includes(3) ? null : 0;
    case "relu":
    case "identity":
      return 0;
    case "repeat":
    case "resize-bilinear":
      return 0;
    case "pad":
      return (node.value === undefined || node.value === 0) && !node.channels ? 0 : null;
    case "concat": {
      const isSound =
        node.axis === 3 && !node.order && node.inputs.filter((other) => other === id).length === 1;
      const isFree = node.activation === "none" || node.activation === "relu";
      const before = node.inputs.slice(0, node.inputs.indexOf(id));
      const channels = before.map((other) => channelsOf(graph, other));
      return isSound && isFree ? channels.reduce((sum, n) => sum + n, 0) : null;
    }
    case "conv":
    case "depthwise":
    case "dense":
    case "add":
    case "sub":
    case "mul":
    case "relu6":
    case "relu-n1-to-1":
    case "maximum":
    case "minimum":
    case "logistic":
    case "tanh":
    case "hard-swish":
    case "elu":
    case "curve":
    case "power":
    case "leaky-relu":
    case "prelu":
    case "lrn":
    case "relu-0-to-1":
    case "kernel":
    case "slice":
    case "transpose":
    case "interleave":
    case "reshape":
    case "softmax":
    case "log-softmax":
    case "l2-normalization":
    case "arg-max":
    case "arg-min":
    case "cast":
    case "detection":
    case "quantize":
    case "dequantize":
    case "batch-norm":
      return null;
  }
}

function channelsOf(graph: Graph, id: TensorId): number {
  return known(graph.tensors.get(id)?.shape.at(-1), "channels of a map");
}

function weightReach(graph: Graph, sinks: readonly Sink[], channels: number): Float32Array {
  const result = new Float32Array(channels);
  for (const { node, offset } of sinks) {
    const layer = floatLayer(graph, node);
    const most = new Float32Array(layer.outputs);
    layer.weights.forEach(
      (w, i) => (most[item(layer.outputOf, i)] = Math.max(item(most, item(layer.outputOf, i)), Math.abs(w))),
    );
    layer.weights.forEach((w, i) => {
      const c = item(layer.inputOf, i) - offset;
      const share = Math.abs(w) / (most[item(layer.outputOf, i)] || 1);
      if (c >= 0 && c < channels && share > item(result, c)) result[c] = share;
    });
  }
  return result;
}

/** The factors of maps that only hand on equalised channels. */
function handedOn(graph: Graph, made: ReadonlyMap<TensorId, Float32Array>): Factors {
  const factors = new Map(made);
  for (const node of graph.nodes) {
    if (isLayer(node) || channelShift(graph, node, node.inputs[0] ?? -1) === null) continue;
    if (!node.inputs.some((id) => factors.has(id))) continue;
    const parts = node.inputs.map((id) => factors.get(id) ?? new Float32Array(channelsOf(graph, id)).fill(1));
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
    (w, i) => (w * (after?.[item(layer.outputOf, i)] ?? 1)) / (before?.[item(layer.inputOf, i)] ?? 1),
  );
}

function scaledBias(layer: FloatLayer, after?: Float32Array): Float32Array {
  return layer.bias.map((b, k) => b * (after?.[k] ?? 1));
}
