import type {
  BatchNormNode,
  BinaryNode,
  ConvNode,
  DenseNode,
  DepthwiseNode,
  Graph,
  Node,
  Tensor,
} from "../ir/graph.ts";
import { item } from "../ir/known.ts";
import { elements } from "../ir/shapes.ts";
import { channelAffine } from "./channel-affine.ts";
import type { Affine } from "./channel-affine.ts";
import { mergeSources, readersOf, rebuild, soleReader } from "./edit.ts";
import type { Pass } from "./pass.ts";

type Layer = ConvNode | DepthwiseNode | DenseNode;

/**
 * before: conv, mul(conv, constant), add(mul, constant). after: conv with scaled weights and shifted bias.
 * Float networks only, constants one for all channels or one a channel.
 */
export const foldBatchNorm: Pass = {
  name: "fold-batch-norm",
  description:
    "Fold batch normalisation, and MUL, ADD, SUB of constants, into the weights and bias of the layer before",
  run(graph) {
    let current = graph;
    for (const node of graph.nodes) {
      if (node.kind === "batch-norm" || node.kind === "mul" || node.kind === "add" || node.kind === "sub") {
        // An earlier fold may have replaced the node's operands, never the node.
        current = fold(current, node);
      }
    }
    return current;
  },
};

function fold(graph: Graph, node: BatchNormNode | BinaryNode): Graph {
  const layer = node.inputs
    .map((id) => graph.nodes.find((n) => n.output === id))
    .find((n) => n !== undefined);
  if (!layer || (layer.kind !== "conv" && layer.kind !== "depthwise" && layer.kind !== "dense")) return graph;
  if (layer.activation !== "none" || soleReader(graph, readersOf(graph), layer.output) !== node) return graph;
  const affine = affineBehind(graph, node, layer);
  const weights = graph.tensors.get(layer.inputs[1] ?? -1);
  const bias = graph.tensors.get(layer.inputs[2] ?? -1);
  if (!affine || !weights || !(weights.data instanceof Float32Array)) return graph;
  // a layer without a bias adds zeros
  const added = bias ? bias.data : new Float32Array(affine.scale.length);
  if (!(added instanceof Float32Array)) return graph;

  const free = Math.max(...graph.tensors.keys()) + 1;
  const newWeights = scaledWeights(weights, weights.data, layer.kind === "depthwise", affine, free);
  const newBias: Tensor = {
    id: free + 1,
    name: bias?.name ?? `${layer.name}/bias`,
    shape: [affine.scale.length],
    dtype: "float32",
    data: Float32Array.from(affine.scale, (s, k) => item(added, k) * s + item(affine.offset, k)),
  };
  const activation = node.kind === "batch-norm" ? "none" : node.activation;
  const fused: Node = {
    ...layer,
    activation,
    name: node.name,
    output: node.output,
    inputs: [...layer.inputs.slice(0, 1), newWeights.id, newBias.id],
    sources: mergeSources(layer, node),
  };
  const nodes = graph.nodes.flatMap((other) => (other === layer ? [fused] : other === node ? [] : [other]));
  return rebuild(graph, { nodes }, [newWeights, newBias]);
}

/** weights [K, ...], or [1, kh, kw, K] for a depthwise layer. */
function scaledWeights(
  weights: Tensor,
  data: Float32Array,
  channelsLast: boolean,
  affine: Affine,
  id: number,
): Tensor {
  const channels = affine.scale.length;
  const perChannel = data.length / channels;
  const channel = (i: number) => (channelsLast ? i % channels : Math.floor(i / perChannel));
  return { ...weights, id, data: data.map((w, i) => w * item(affine.scale, channel(i))) };
}

/** The node as y = x * scale + offset over the layer's output; undefined where it is something else. */
function affineBehind(graph: Graph, node: BatchNormNode | BinaryNode, layer: Layer): Affine | undefined {
  const output = graph.tensors.get(layer.output);
  const result = graph.tensors.get(node.output);
  const channels = output?.shape.at(-1);
  if (!output || !result || channels === undefined) return undefined;
  if (elements(result.shape) !== elements(output.shape)) return undefined;
  return channelAffine(graph, node, layer.output, channels);
}
