/** Batch normalisation behind layers of quantised weights, which quantisers for training leave in the network. */
import { NO_PADDING } from "../../ir/graph.ts";
import type { ConvNode, DenseNode, DepthwiseNode, Graph, Node, Tensor, TensorId } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";
import { freeId, type Integers } from "./integers.ts";

type Layer = ConvNode | DepthwiseNode | DenseNode;

/**
 * before: conv of dequantised weights, batch-norm(conv) or add(conv, constant). after: conv whose weights have the same integers and the scales of
 * the channels times the normalisation's, and whose bias holds its offset: the same real numbers. A negative factor turns
 * the integers round. `integers`: what stands behind constants that were dequantised.
 */
export function normaliseScales(graph: Graph, integers: Integers): { graph: Graph; integers: Integers } {
  let current = graph;
  const known = new Map(integers);
  for (const node of graph.nodes) {
    const layer = current.nodes.find(({ output }) => output === node.inputs[0]);
    const addsOrNormalises = node.kind === "batch-norm" || node.kind === "add";
    if (!addsOrNormalises || !layer || !isLayer(layer)) continue;
    const readers = current.nodes.filter(({ inputs }) => inputs.includes(layer.output));
    if (readers.length !== 1 || current.outputs.includes(layer.output) || layer.activation !== "none")
      continue;
    const folded = fold(current, known, layer, node);
    if (folded) current = folded;
  }
  return { graph: current, integers: known };
}

/** Most that the integer of a factor is: symmetric. */
const STEPS = 127;

/**
 * before: dequantize, batch-norm, quantize, perhaps with a clamp between. after: a depthwise 1 x 1 convolution in place of the batch-norm,
 * with int8 factors in `integers`. fuseQuantized makes of it and the conversions around it an integer layer, as of any convolution.
 */
export function normalisationLayers(graph: Graph, integers: Integers): { graph: Graph; integers: Integers } {
  const known = new Map(integers);
  const tensors = new Map(graph.tensors);
  let free = freeId(graph, integers);
  const nodes = graph.nodes.map((node): Node => {
    const maker = graph.nodes.find(({ output }) => output === node.inputs[0]);
    if (node.kind !== "batch-norm" || maker?.kind !== "dequantize") return node;
    const [map = -1, scaleId = -1, offsetId = -1] = node.inputs;
    const factors = floatsOf(graph, scaleId);
    if (!factors || graph.tensors.get(map)?.shape.length !== 4) return node;
    const shape = [1, 1, 1, factors.length];
    const weights: Tensor = {
      id: free++,
      name: `${node.name}/scale`,
      shape,
      dtype: "float32",
      data: factors,
    };
    const scales = Array.from(factors, (f) => Math.fround(Math.abs(f) / STEPS) || 1);
    const quantization = { scales, zeroPoints: scales.map(() => 0), axis: 3 };
    const data = Int8Array.from(factors, (f) => STEPS * Math.sign(f));
    tensors.set(weights.id, weights);
    known.set(weights.id, { ...weights, id: free++, dtype: "int8", data, quantization });
    const { name, output, sources } = node;
    return { kind: "depthwise", name, output, sources, inputs: [map, weights.id, offsetId], ...PLAIN };
  });
  return { graph: { ...graph, nodes, tensors }, integers: known };
}

const PLAIN = {
  kernel: [1, 1],
  stride: [1, 1],
  dilation: [1, 1],
  padding: NO_PADDING,
  multiplier: 1,
  activation: "none",
  normalises: true,
} as const;

function isLayer(node: Node): node is Layer {
  return node.kind === "conv" || node.kind === "depthwise" || node.kind === "dense";
}

function fold(graph: Graph, integers: Map<TensorId, Tensor>, layer: Layer, norm: Node): Graph | undefined {
  const [map = -1, weightsId = -1, biasId] = layer.inputs;
  const weights = graph.tensors.get(weightsId);
  const stored = integers.get(weightsId);
  const [scale, offset] = affineOf(graph, layer, norm) ?? [];
  const bias = biasId === undefined ? null : floatsOf(graph, biasId);
  const reads = graph.nodes.find(({ output }) => output === map);
  if (!weights || !stored || !scale || !offset || bias === undefined || reads?.kind !== "dequantize")
    return undefined;
  const last = layer.kind === "depthwise";
  const scaled = scaledIntegers(stored, scale, last);
  const data = weights.data instanceof Float32Array ? weights.data : undefined;
  if (!scaled || !data) return undefined;
  const free = freeId(graph, integers);
  const channel = channelOf(data.length, scale.length, last);
  const newWeights = { ...weights, id: free, data: data.map((w, i) => w * item(scale, channel(i))) };
  const newBias: Tensor = {
    id: free + 1,
    name: `${layer.name}/bias`,
    shape: [scale.length],
    dtype: "float32",
    data: scale.map((s, k) => (bias ? item(bias, k) * s : 0) + item(offset, k)),
  };
  integers.set(free, { ...scaled, id: free + 2 });
  const steps = norm.kind === "add" && !bias ? storedSummand(integers, norm) : undefined;
  if (steps) integers.set(free + 1, { ...steps, id: free + 3, shape: [scale.length] });
  const { name, output } = norm;
  const sources = [...layer.sources, ...norm.sources];
  // ONNX Runtime joins MatMul and Add to Gemm before it looks for integer kernels.
  const gemm = layer.kind === "dense" && layer.product === "matmul" ? ({ product: "gemm" } as const) : {};
  const made: Node = { ...layer, ...gemm, name, output, sources, inputs: [map, newWeights.id, newBias.id] };
  const tensors = new Map([...graph.tensors, [newWeights.id, newWeights], [newBias.id, newBias]]);
  const nodes = graph.nodes.flatMap((node) => (node === norm ? [made] : node === layer ? [] : [node]));
  return { ...graph, tensors, nodes };
}

/** The integers of the constant that is added. */
function storedSummand(integers: Integers, { inputs }: Node): Tensor | undefined {
  return inputs.flatMap((id) => integers.get(id) ?? []).find(({ data }) => data instanceof Int32Array);
}

/** A factor and a summand for each channel of the layer. */
function affineOf(graph: Graph, layer: Layer, norm: Node): readonly (Float32Array | undefined)[] | undefined {
  if (norm.kind === "batch-norm") return norm.inputs.slice(1).map((id) => floatsOf(graph, id));
  const channels = graph.tensors.get(layer.output)?.shape.at(-1);
  const constant = graph.tensors.get(norm.inputs.find((id) => id !== layer.output) ?? -1);
  const isPerChannel = constant?.data?.length === channels && constant?.shape.at(-1) === channels;
  if (channels === undefined || !(constant?.data instanceof Float32Array) || !isPerChannel) return undefined;
  return [new Float32Array(channels).fill(1), constant.data];
}

function floatsOf(graph: Graph, id: TensorId): Float32Array | undefined {
  const data = graph.tensors.get(id)?.data;
  return data instanceof Float32Array ? data : undefined;
}

/** Output channel of each weight: the last dimension of depthwise weights, else the first. */
function channelOf(weights: number, channels: number, last: boolean): (i: number) => number {
  return (i) => (last ? i % channels : Math.floor(i / (weights / channels)));
}

/** Undefined where a turned integer does not fit its type. */
function scaledIntegers(stored: Tensor, factors: Float32Array, last: boolean): Tensor | undefined {
  const { data, quantization } = stored;
  if (!quantization || !(data instanceof Int8Array || data instanceof Uint8Array)) return undefined;
  const of = (list: readonly number[], k: number) => item(list, list.length === 1 ? 0 : k);
  const [lowest, highest] = data instanceof Int8Array ? [-128, 127] : [0, 255];
  const zeroPoints = Array.from(factors, (_, k) => of(quantization.zeroPoints, k));
  // A channel that the normalisation makes 0 has integers of 0; its scale is then no matter.
  const scales = Array.from(factors, (f, k) =>
    f === 0 ? of(quantization.scales, k) : Math.fround(of(quantization.scales, k) * Math.abs(f)),
  );
  const channel = channelOf(data.length, factors.length, last);
  const turned = Array.from(data, (q, i) => {
    const [factor, zero] = [item(factors, channel(i)), item(zeroPoints, channel(i))];
    return zero + Math.sign(factor) * (q - zero);
  });
  if (turned.some((q) => q < lowest || q > highest)) return undefined;
  const values = data instanceof Int8Array ? Int8Array.from(turned) : Uint8Array.from(turned);
  return { ...stored, data: values, quantization: { scales, zeroPoints, axis: last ? 3 : 0 } };
}
