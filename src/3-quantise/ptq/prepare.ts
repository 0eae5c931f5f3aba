/** Rewrites of a float graph into operators that have an integer form. */
import { NO_PADDING } from "../../ir/graph.ts";
import type { BatchNormNode, Graph, LrnNode, Node, PoolNode, Tensor } from "../../ir/graph.ts";
import { tensorOf } from "./layers.ts";

/**
 * - An average over the whole map becomes a mean, whose output has a scale of its own: means of a map span a smaller
 *   range than the map, and the finer step matters for the logits.
 * - An average that counts its padding becomes padding with zeros and an average without padding.
 * - Local response normalisation becomes a square, a convolution that sums the channels around, a power and a product.
 * - Batch normalisation that no layer could absorb becomes a depthwise 1x1 convolution, of a vector under the shape of a pixel.
 */
export function prepare(graph: Graph): Graph {
  const added: Tensor[] = [];
  let free = Math.max(...graph.tensors.keys()) + 1;
  const tensor = (part: Omit<Tensor, "id">): number => {
    added.push({ ...part, id: free });
    return free++;
  };
  const nodes = graph.nodes.flatMap((node): readonly Node[] => {
    if (node.kind === "average-pool") return averagePool(graph, node, tensor);
    if (node.kind === "lrn") return responseNormalisation(graph, node, tensor);
    if (node.kind === "batch-norm") return normalisation(graph, node, tensor);
    return [node];
  });
  const tensors = new Map(graph.tensors);
  for (const one of added) tensors.set(one.id, one);
  for (const node of nodes) {
    if (node.kind !== "depthwise") continue;
    const weights = tensorOf(graph, node.inputs[1]);
    if (weights.shape.length === 1) {
      tensors.set(weights.id, { ...weights, shape: [1, 1, 1, ...weights.shape] });
    }
  }
  return { ...graph, nodes, tensors };
}

function averagePool(
  graph: Graph,
  node: PoolNode,
  tensor: (part: Omit<Tensor, "id">) => number,
): readonly Node[] {
  const input = tensorOf(graph, node.inputs[0]);
  const [, height = 0, width = 0, channels = 0] = input.shape;
  const { top, left, bottom, right } = node.padding;
  const isPadded = top + left + bottom + right > 0;
  const whole = node.kernel[0] === height && node.kernel[1] === width && !isPadded;
  const isPlain = node.activation === "none" && node.dilation.every((d) => d === 1);
  if (whole && isPlain) {
    const { name, sources, inputs, output } = node;
    return [{ kind: "mean", name, sources, inputs, output, keepDims: true }];
  }
  if (!isPadded || !node.countPadding) return [node];
  const shape = [1, height + top + bottom, width + left + right, channels];
  const name = `${node.name}/padding`;
  const output = tensor({ name, shape, dtype: "float32" });
  const pad: Node = {
    kind: "pad",
    name,
    sources: [],
    inputs: node.inputs,
    output,
    padding: node.padding,
  };
  return [pad, { ...node, inputs: [output], padding: NO_PADDING, countPadding: false }];
}

function responseNormalisation(
  graph: Graph,
  node: LrnNode,
  tensor: (part: Omit<Tensor, "id">) => number,
): readonly Node[] {
  const { alpha, beta, bias, inputs, name, output, size, sources } = node;
  const input = tensorOf(graph, inputs[0]);
  const channels = input.shape.at(-1) ?? 1;
  const map = (suffix: string) => tensor({ name: `${name}/${suffix}`, shape: input.shape, dtype: "float32" });
  const [squares, sums, gains] = [map("squares"), map("sums"), map("gains")];
  const before = Math.floor((size - 1) / 2);
  // row c has ones where channel c looks
  const ones = Float32Array.from({ length: channels * channels }, (_, i) => {
    const offset = (i % channels) - Math.floor(i / channels) + before;
    return offset >= 0 && offset < size ? 1 : 0;
  });
  const shape = [channels, 1, 1, channels];
  const weights = tensor({ name: `${name}/ones`, shape, dtype: "float32", data: ones });
  const part = (suffix: string, read: readonly number[], made: number) => ({
    name: `${name}/${suffix}`,
    sources: [],
    inputs: read,
    output: made,
  });
  const window = { kernel: [1, 1], stride: [1, 1], dilation: [1, 1], padding: NO_PADDING } as const;
  const none = { activation: "none" } as const;
  return [
    { kind: "mul", ...part("square", [input.id, input.id], squares), ...none },
    { kind: "conv", ...part("sum", [squares, weights], sums), ...window, groups: 1, ...none },
    { kind: "power", ...part("gain", [sums], gains), bias, factor: alpha / size, exponent: -beta },
    { kind: "mul", name, sources, inputs: [input.id, gains], output, ...none },
  ];
}

function normalisation(
  graph: Graph,
  node: BatchNormNode,
  tensor: (part: Omit<Tensor, "id">) => number,
): readonly Node[] {
  const { inputs, name, output, sources } = node;
  const { shape } = tensorOf(graph, inputs[0]);
  const window = { kernel: [1, 1], stride: [1, 1], dilation: [1, 1], padding: NO_PADDING } as const;
  const layer = { kind: "depthwise", name, sources, multiplier: 1, activation: "none", ...window } as const;
  if (shape.length === 4) return [{ ...layer, inputs, output }];
  const pixel = [1, 1, ...shape];
  const part = (suffix: string) => tensor({ name: `${name}/${suffix}`, shape: pixel, dtype: "float32" });
  const [before, behind] = [part("before"), part("behind")];
  const reshape = { kind: "reshape", sources: [] } as const;
  return [
    { ...reshape, name: `${name}/pixel`, inputs: inputs.slice(0, 1), output: before },
    { ...layer, inputs: [before, ...inputs.slice(1)], output: behind },
    { ...reshape, name: `${name}/vector`, inputs: [behind], output },
  ];
}
