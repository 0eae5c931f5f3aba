import type { BatchNormNode, ConvNode, DenseNode, DepthwiseNode, Graph, Node, Tensor } from "../ir/graph.ts";
import { item } from "../ir/known.ts";
import { sameShape } from "../ir/shapes.ts";
import { channelAffine } from "./channel-affine.ts";
import { mergeSources, readersOf, rebuild, soleReader } from "./edit.ts";
import type { Pass } from "./pass.ts";

type Layer = ConvNode | DepthwiseNode | DenseNode;

/**
 * What is left of constant arithmetic once layers took what is behind them, such as the normalisation of the network's input.
 * before: a = x * 2, b = a - 1, conv(b). after: conv(x) where the convolution does not pad or nothing is added, so that its
 * border is the same; else batch-norm(x), conv.
 */
export const foldConstants: Pass = {
  name: "fold-constants",
  description: "Join MUL, ADD, SUB of constants into one normalisation, and fold it into the layer behind it",
  run(graph) {
    const maps = [...graph.inputs, ...graph.nodes.map(({ output }) => output)];
    if (maps.some((id) => graph.tensors.get(id)?.dtype !== "float32")) return graph;
    let current = graph;
    for (const { name } of graph.nodes) {
      const node = current.nodes.find((other) => other.name === name);
      if (node) current = join(current, node);
    }
    for (const { name } of graph.nodes) {
      const node = current.nodes.find((other) => other.name === name);
      if (node?.kind === "batch-norm") current = foldForward(current, node);
    }
    return current;
  },
};

/** The node as batch normalisation of what the one in front reads, where it is one too. */
function join(graph: Graph, node: Node): Graph {
  const own = affineOn(graph, node);
  if (!own) return graph;
  const before = graph.nodes.find((other) => other.output === own.map.id);
  const inner = before?.kind === "batch-norm" ? affineOn(graph, before) : undefined;
  const joins = before && inner && soleReader(graph, readersOf(graph), before.output) === node;
  if (!joins && node.kind === "batch-norm") return graph;
  const [map, scale, offset] = joins
    ? [
        inner.map,
        own.scale.map((s, c) => s * item(inner.scale, c)),
        own.scale.map((s, c) => s * item(inner.offset, c) + item(own.offset, c)),
      ]
    : [own.map, own.scale, own.offset];
  const free = Math.max(...graph.tensors.keys()) + 1;
  const constants = [scale, offset].map((values, i): Tensor => {
    const name = `${node.name}/${i === 0 ? "scale" : "offset"}`;
    return {
      id: free + i,
      name,
      shape: [values.length],
      dtype: "float32",
      data: Float32Array.from(values),
    };
  });
  const { name, output } = node;
  const made: BatchNormNode = {
    kind: "batch-norm",
    name,
    output,
    inputs: [map.id, ...constants.map(({ id }) => id)],
    sources: joins ? mergeSources(before, node) : node.sources,
  };
  const nodes = graph.nodes.flatMap((other) =>
    other === node ? [made] : joins && other === before ? [] : [other],
  );
  return rebuild(graph, { nodes }, constants);
}

/** A node on a map of four dimensions, or on a vector, as y = x * scale + offset. */
function affineOn(
  graph: Graph,
  node: Node,
):
  | { readonly map: Tensor; readonly scale: readonly number[]; readonly offset: readonly number[] }
  | undefined {
  if (node.kind !== "batch-norm" && node.kind !== "add" && node.kind !== "sub" && node.kind !== "mul")
    return undefined;
  if (node.kind !== "batch-norm" && node.activation !== "none") return undefined;
  const maps = node.inputs.map((id) => graph.tensors.get(id)).filter((tensor) => !tensor?.data);
  const output = graph.tensors.get(node.output);
  const [map] = maps;
  if (!map || !output || maps.length !== 1 || ![2, 4].includes(map.shape.length)) return undefined;
  if (!sameShape(map.shape, output.shape)) return undefined;
  const affine = channelAffine(graph, node, map.id, item(map.shape, map.shape.length - 1));
  return affine && { map, ...affine };
}

function foldForward(graph: Graph, norm: BatchNormNode): Graph {
  const layer = soleReader(graph, readersOf(graph), norm.output);
  const affine = affineOn(graph, norm);
  if (!layer || !isLayer(layer) || !affine) return graph;
  const pads = layer.kind !== "dense" && Object.values(layer.padding).some((n) => n !== 0);
  if (layer.inputs[0] !== norm.output || (pads && affine.offset.some((x) => x !== 0))) return graph;
  const weights = graph.tensors.get(layer.inputs[1] ?? -1);
  const bias = graph.tensors.get(layer.inputs[2] ?? -1);
  if (!weights || !(weights.data instanceof Float32Array)) return graph;
  const [outputs, placeOf] = placesOf(layer, weights, affine.scale.length);
  const added =
    bias?.data instanceof Float32Array ? Array.from(bias.data) : Array.from({ length: outputs }, () => 0);
  const scaled = weights.data.map((w, i) => {
    const { output, channel } = placeOf(i);
    added[output] = item(added, output) + w * item(affine.offset, channel);
    return w * item(affine.scale, channel);
  });
  const free = Math.max(...graph.tensors.keys()) + 1;
  const newWeights: Tensor = { ...weights, id: free, data: scaled };
  const newBias: Tensor = {
    id: free + 1,
    name: bias?.name ?? `${layer.name}/bias`,
    shape: [outputs],
    dtype: "float32",
    data: Float32Array.from(added),
  };
  const inputs = [affine.map.id, newWeights.id, newBias.id];
  const folded: Node = { ...layer, inputs, sources: mergeSources(norm, layer) };
  const nodes = graph.nodes.flatMap((other) => (other === layer ? [folded] : other === norm ? [] : [other]));
  return rebuild(graph, { nodes }, [newWeights, newBias]);
}

function isLayer(node: Node): node is Layer {
  return node.kind === "conv" || node.kind === "depthwise" || node.kind === "dense";
}

/** The number of output channels, and of each weight its output channel and the channel of the map that it multiplies. */
function placesOf(
  layer: Layer,
  { shape }: Tensor,
  channels: number,
): [outputs: number, placeOf: (weight: number) => { readonly output: number; readonly channel: number }] {
  if (layer.kind === "dense") {
    const inputs = item(shape, 1);
    return [item(shape, 0), (i) => ({ output: Math.floor(i / inputs), channel: (i % inputs) % channels })];
  }
  const last = item(shape, 3);
  if (layer.kind === "depthwise")
    return [last, (i) => ({ output: i % last, channel: Math.floor((i % last) / layer.multiplier) })];
  const [outputs, rows, columns] = [item(shape, 0), item(shape, 1), item(shape, 2)];
  return [
    outputs,
    (i) => {
      const output = Math.floor(i / (rows * columns * last));
      const group = Math.floor(output / (outputs / layer.groups));
      return { output, channel: group * last + (i % last) };
    },
  ];
}
