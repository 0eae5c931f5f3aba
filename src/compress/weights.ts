/** The weights of a graph in the order and the numbers that compression works on. */
import { assert } from "../ir/errors.ts";
import type { ConvNode, DenseNode, DepthwiseNode, Graph, Tensor, TensorData } from "../ir/graph.ts";
import { item, known } from "../ir/known.ts";
import { elements } from "../ir/shapes.ts";

export interface WeightTensor {
  readonly node: ConvNode | DepthwiseNode | DenseNode;
  readonly tensor: Tensor;
  /** Of the layer's bias; 0 without one. */
  readonly biases: number;
}

/** The layers whose weights are constants of a kind that can be compressed, each tensor once, in graph order. */
export function weightTensors(graph: Graph): WeightTensor[] {
  const seen = new Set<number>();
  return graph.nodes.flatMap((node) => {
    if (node.kind !== "conv" && node.kind !== "depthwise" && node.kind !== "dense") return [];
    const tensor = graph.tensors.get(node.inputs[1] ?? -1);
    const bias = graph.tensors.get(node.inputs[2] ?? -1);
    if (!tensor?.data || seen.has(tensor.id) || zeroPointOf(tensor) === undefined) return [];
    seen.add(tensor.id);
    return [{ node, tensor, biases: bias ? elements(bias.shape) : 0 }];
  });
}

/** What stands for 0; undefined where it differs between channels, or the type is none of weights. */
function zeroPointOf({ dtype, quantization }: Tensor): number | undefined {
  if (dtype === "float32") return 0;
  const points = quantization?.zeroPoints ?? [];
  const [first] = points;
  const known = (dtype === "int8" || dtype === "uint8") && points.every((point) => point === first);
  return known ? first : undefined;
}

/** For each position of [K, C / groups, kh, kw], Caffe's order, the index in the tensor's own. */
function caffeOrder({ node, tensor }: WeightTensor): Uint32Array {
  const order = new Uint32Array(elements(tensor.shape));
  if (node.kind === "dense") return order.map((_, i) => i);
  const [first = 0, rows = 0, columns = 0, last = 0] = tensor.shape;
  const taps = rows * columns;
  let at = 0;
  // Depthwise weights are [1, kh, kw, K]: every output channel reads one input channel.
  const [outputs, depth] = node.kind === "conv" ? [first, last] : [last, 1];
  for (let k = 0; k < outputs; k++) {
    for (let c = 0; c < depth; c++) {
      for (let tap = 0; tap < taps; tap++) {
        order[at++] = node.kind === "conv" ? (k * taps + tap) * last + c : tap * last + k;
      }
    }
  }
  return order;
}

/** Values above the zero point: the real weights of a float network, integers of a quantised one. */
export function readWeights(weights: WeightTensor): Float32Array {
  const { data } = weights.tensor;
  assert(data && !(data instanceof BigInt64Array), `${weights.tensor.name} holds weights`);
  const zero = known(zeroPointOf(weights.tensor), "weights have one zero point");
  const values = new Float32Array(data.length);
  caffeOrder(weights).forEach((index, i) => (values[i] = item(data, index) - zero));
  return values;
}

/** Magnitudes of the real weights, in the same order: integers times the scale of their channel. */
export function readMagnitudes(weights: WeightTensor): Float32Array {
  const { tensor } = weights;
  const { scales = [1], axis = 0 } = tensor.quantization ?? {};
  const values = readWeights(weights);
  const stride = elements(tensor.shape.slice(axis + 1));
  const channels = tensor.shape[axis] ?? 1;
  const order = caffeOrder(weights);
  return values.map((v, i) => {
    const channel = scales.length === 1 ? 0 : Math.floor(item(order, i) / stride) % channels;
    return Math.abs(v) * (scales[channel] ?? 1);
  });
}

/** The tensor with those values; the opposite of `readWeights`. */
export function withWeights(weights: WeightTensor, values: Float32Array): Tensor {
  const { tensor } = weights;
  const zero = known(zeroPointOf(tensor), "weights have one zero point");
  const data = emptyLike(tensor.data);
  caffeOrder(weights).forEach((index, i) => (data[index] = item(values, i) + zero));
  return { ...tensor, data };
}

function emptyLike(data: TensorData | undefined): Float32Array | Int8Array | Uint8Array {
  if (data instanceof Float32Array) return new Float32Array(data.length);
  if (data instanceof Int8Array) return new Int8Array(data.length);
  assert(data instanceof Uint8Array, "weights are float32, int8 or uint8");
  return new Uint8Array(data.length);
}
