/** Bias correction: quantisation must not shift the mean of any output channel. */
import { assert } from "../../ir/errors.ts";
import type { Graph, Padding, Tensor, TensorId } from "../../ir/graph.ts";
import type { IntGraph, IntMap, IntNode, MapId } from "../../ir/integer.ts";
import { lower } from "../lower.ts";
import { floatLayer, isLayer, tensorOf } from "./layers.ts";
import type { FloatLayer, Layer } from "./layers.ts";
import { compensatedRounding, patchCovariance } from "./rounding.ts";
import type { Step } from "./statistics.ts";
import { item } from "../../ir/known.ts";

/** Executes one integer node: the golden model's `runNode`, handed in because the golden model is a later stage. */
export type RunNode = (graph: IntGraph, node: IntNode, maps: ReadonlyMap<MapId, Int8Array>) => Int8Array;

/** A quantised graph with what it makes of each picture: all its integer maps, by tensor. */
export interface Corrected {
  readonly graph: Graph;
  readonly integer: IntGraph;
  readonly maps: readonly ReadonlyMap<MapId, Int8Array>[];
}

/**
 * Runs the pictures through the quantised network, one layer after the other; before each layer runs, its bias gets
 * sum of w * mean(x) - w' * mean(x'), where w' and x' are the quantised weights and inputs (Nagel et al. 2019, section 4.2,
 * with measured means). `float`: the network before quantisation; `mean`: its channel means, by map.
 */
export async function correctBiases(
  float: Graph,
  quantised: Graph,
  mean: ReadonlyMap<TensorId, Float32Array>,
  inputs: readonly Int8Array[],
  runNode: RunNode,
  step: Step,
): Promise<Corrected> {
  const integer = lower(quantised);
  const tensors = new Map<TensorId, Tensor>(quantised.tensors);
  const nodes: IntNode[] = [];
  const maps = inputs.map((input) => new Map<MapId, Int8Array>([[integer.input, input]]));
  for (const node of integer.nodes) {
    await step();
    const layer = float.nodes.find((other) => other.output === node.output);
    const isWeighted = node.kind === "conv" || node.kind === "depthwise";
    const corrected = isWeighted && layer && isLayer(layer) ? correct(node, layer) : node;
    nodes.push(corrected);
    for (const filled of maps) filled.set(node.output, runNode(integer, corrected, filled));
  }
  return { graph: { ...quantised, tensors }, integer: { ...integer, nodes }, maps };

  function correct(node: IntNode & { kind: "conv" | "depthwise" }, layer: Layer): IntNode {
    const id = layer.inputs[2];
    const before = floatLayer(float, layer);
    const expected = mean.get(layer.inputs[0] ?? -1);
    const input = integer.maps.get(node.inputs[0] ?? -1);
    const biasTensor = id === undefined ? undefined : tensors.get(id);
    if (!biasTensor || !expected || !input) return node;
    const found = channelMeans(
      maps.map((filled) => filled.get(input.id)),
      expected.length,
      input,
    );
    const weights = tensorOf(quantised, layer.inputs[1]);
    const scales = weights.quantization?.scales ?? [];
    const rounded = roundedWeights(before, node, scales, input, maps);
    const better = rounded ? { ...weights, data: rounded } : weights;
    const shift = meanShift(before, better, expected, found);
    const bias = node.bias.map((b, k) => b + Math.round(item(shift, k) / (input.scale * (scales[k] ?? 1))));
    tensors.set(better.id, better);
    tensors.set(biasTensor.id, { ...biasTensor, data: bias });
    return { ...node, bias, ...(rounded && { weights: Int16Array.from(rounded) }) };
  }
}

/** Patches that the covariance of a layer's inputs is measured on. */
const PATCHES = 4096;
/** Largest patch whose covariance is worth its time, which grows with the third power. */
const LARGEST_PATCH = 1200;

/** Weights rounded with compensation; undefined for layers with too few or too many inputs to an output. */
function roundedWeights(
  layer: FloatLayer,
  node: IntNode & { kind: "conv" | "depthwise" },
  scales: readonly number[],
  input: IntMap,
  maps: readonly ReadonlyMap<MapId, Int8Array>[],
): Int8Array | undefined {
  const size = node.kernel[0] * node.kernel[1] * input.channels;
  const plain = node.kind === "conv" && layer.weights.length === size * layer.outputs;
  if (!plain || size > LARGEST_PATCH) return undefined;
  const { top, left, bottom, right } = node.padding;
  const [height, width] = [input.height + top + bottom, input.width + left + right];
  const padded = maps.map((filled) => {
    const values = filled.get(input.id);
    assert(values, `${node.name} runs after the map that it reads`);
    return paddedDifferences(values, input, node.padding);
  });
  const source = { ...node, maps: padded, height, width, channels: input.channels };
  return compensatedRounding(layer.weights, scales, patchCovariance(source, PATCHES));
}

/** Values minus zero point, [H + top + bottom, W + left + right, C]; zeros outside. */
function paddedDifferences(values: Int8Array, input: IntMap, padding: Padding): Int16Array {
  const { zeroPoint } = input;
  const rowSize = (input.width + padding.left + padding.right) * input.channels;
  const result = new Int16Array((input.height + padding.top + padding.bottom) * rowSize);
  const row = input.width * input.channels;
  for (let y = 0; y < input.height; y++) {
    const to = (y + padding.top) * rowSize + padding.left * input.channels;
    for (let i = 0; i < row; i++) result[to + i] = values[y * row + i]! - zeroPoint;
  }
  return result;
}

/** Mean real value of every channel over all pictures. */
function channelMeans(
  maps: readonly (Int8Array | undefined)[],
  channels: number,
  { scale, zeroPoint }: { readonly scale: number; readonly zeroPoint: number },
): Float64Array {
  const sums = new Float64Array(channels);
  let count = 0;
  for (const values of maps) {
    assert(values, "a layer runs after the map that it reads");
    count += values.length / channels;
    for (let i = 0; i < values.length; i += channels) {
      for (let c = 0; c < channels; c++) sums[c]! += values[i + c]!;
    }
  }
  return sums.map((sum) => scale * (sum / count - zeroPoint));
}

/** What the bias of every output channel lacks, in real units. */
function meanShift(
  layer: FloatLayer,
  quantised: Tensor,
  expected: Float32Array,
  found: Float64Array,
): Float64Array {
  const shift = new Float64Array(layer.outputs);
  const scales = quantised.quantization?.scales ?? [];
  const data = quantised.data;
  assert(data instanceof Int8Array, `${layer.node.name} has int8 weights`);
  for (let i = 0; i < data.length; i++) {
    const [k, c] = [layer.outputOf[i]!, layer.inputOf[i]!];
    shift[k] = shift[k]! + layer.weights[i]! * expected[c]! - item(scales, k) * data[i]! * found[c]!;
  }
  return shift;
}
