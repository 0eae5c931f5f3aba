/** Integer nodes as the array computes them: zero points folded into biases, shifts packed, odd shapes rewritten. */
import { placeOf } from "../format/fields.ts";
import { shiftWord, shiftWords } from "../format/group-record.ts";
import type { Problem } from "../ir/errors.ts";
import { InputError, assert } from "../ir/errors.ts";
import type {
  IntActivation,
  IntConv,
  IntDepthwise,
  IntGraph,
  IntMap,
  IntMean,
  IntNode,
  IntPool,
  Requantize,
} from "../ir/integer.ts";
import type { Operator } from "./plan.ts";
import { item, known } from "../ir/known.ts";

/** Nodes that the host runs after the accelerator, or that move no data. */
export function isHostNode(node: IntNode): boolean {
  return node.kind === "softmax" || node.kind === "reshape";
}

/**
 * The operator of a node. Throws InputError `no-hardware` for the nodes that the accelerator cannot run.
 */
export function operatorOf(graph: IntGraph, node: IntNode): Operator {
  switch (node.kind) {
    case "conv":
      return conv(graph, node);
    case "depthwise":
      return depthwise(graph, node);
    case "average-pool":
      return averagePool(graph, node);
    case "mean":
      return mean(graph, node);
    case "activation":
      return passThrough(graph, node);
    case "float-average-pool":
      throw new InputError({
        ...unsupported(
          node,
          "an average pool whose sums fall on ties, which ONNX Runtime's float32 noise decides",
        ),
        fix: "pool over the whole map, give the output a scale of more digits, or use a strided convolution",
      });
    case "float-add":
      throw new InputError({
        ...unsupported(node, "an ADD whose sums fall on ties, which ONNX Runtime's float32 noise decides"),
        supported: "adds that integers reproduce for all but a few of the 65,536 pairs of operands",
        fix: "give the maps scales whose ratios have more digits, or use `firebrick golden`",
      });
    case "max-pool":
    case "add":
    case "concat":
    case "pad":
    case "rescale":
    case "lookup":
    case "reshape":
    case "softmax":
      throw new InputError(unsupported(node, `operator ${node.kind}`));
  }
}

export function unsupported(node: IntNode, found: string): Problem {
  return {
    code: "no-hardware",
    node: node.name,
    found,
    supported: "conv, depthwise, fully connected, average pool without padding, mean; softmax at the end",
    fix: "use `firebrick golden` for this network, or replace the operator",
  };
}

function mapOf(graph: IntGraph, id: number): IntMap {
  const map = graph.maps.get(id);
  assert(map, `map ${id} is missing`);
  return map;
}

function ends(graph: IntGraph, node: IntNode): { input: IntMap; output: IntMap } {
  const id = node.inputs[0];
  assert(id !== undefined && node.inputs.length === 1, `${node.name} has one input`);
  return { input: mapOf(graph, id), output: mapOf(graph, node.output) };
}

/** A shift word's flag: round as float32 does, ties to even. */
export const FLOAT_MODE = 2 ** placeOf(shiftWords, "float32").lsb;

/** The shift word of a power of two. */
function powerOfTwo(exponent: number, rounding?: IntGraph["rounding"]): number {
  return shiftWord({
    left: Math.max(0, exponent),
    right: Math.max(0, -exponent),
    float32: rounding === "float32" ? 1 : 0,
  });
}

/** The shift words of the channels. Few exponents differ, and a word is made for each of those. */
function shiftsOf({ exponent }: Requantize, rounding: IntGraph["rounding"]): Uint32Array {
  const words = new Map(Array.from(new Set(exponent), (one) => [one, powerOfTwo(one, rounding)]));
  return Uint32Array.from(exponent, (one) => known(words.get(one), "a shift word of each exponent"));
}

function common(
  graph: IntGraph,
  node: IntConv | IntDepthwise,
): Omit<Operator, "kind" | "weights" | "kernel" | "bias"> {
  const { input, output } = ends(graph, node);
  return {
    node,
    stride: node.stride,
    padding: node.padding,
    input: input.id,
    output: output.id,
    weightZeroPoint: node.weightZeroPoint,
    multiplier: node.requantize.multiplier,
    shift: shiftsOf(node.requantize, graph.rounding),
    inputZeroPoint: input.zeroPoint,
    outputZeroPoint: output.zeroPoint,
    min: node.requantize.min,
    max: node.requantize.max,
    activation: null,
  };
}

function conv(graph: IntGraph, node: IntConv): Operator {
  const { input, output } = ends(graph, node);
  const { weights, kernel } = undilated(
    node.weights,
    output.channels,
    node.kernel,
    input.channels,
    node.dilation,
  );
  return convOperator(graph, node, weights, kernel);
}

function convOperator(
  graph: IntGraph,
  node: IntConv | IntDepthwise,
  weights: Int16Array,
  kernel: readonly [number, number],
): Operator {
  const { input, output } = ends(graph, node);
  const patch = kernel[0] * kernel[1] * input.channels;
  const bias = Int32Array.from(node.bias);
  for (let k = 0; k < output.channels; k++) {
    let sum = 0;
    for (const weight of weights.subarray(k * patch, (k + 1) * patch)) sum += weight;
    bias[k] = item(bias, k) - input.zeroPoint * sum;
  }
  return { ...common(graph, node), kind: "conv", kernel, weights, bias };
}

/** One input channel per output channel; other multipliers become a convolution whose foreign weights are zero. */
function depthwise(graph: IntGraph, node: IntDepthwise): Operator {
  const { input, output } = ends(graph, node);
  const K = output.channels;
  const taps = undilated(node.weights, 1, node.kernel, K, node.dilation);
  const [kh, kw] = taps.kernel;
  if (node.multiplier !== 1) {
    const C = input.channels;
    const dense = new Int16Array(K * kh * kw * C);
    for (let t = 0; t < kh * kw; t++)
      for (let k = 0; k < K; k++)
        dense[(k * kh * kw + t) * C + Math.floor(k / node.multiplier)] = item(taps.weights, t * K + k);
    return convOperator(graph, node, dense, taps.kernel);
  }
  const bias = Int32Array.from(node.bias);
  for (let c = 0; c < K; c++) {
    let sum = 0;
    for (let t = 0; t < kh * kw; t++) sum += item(taps.weights, t * K + c);
    bias[c] = item(bias, c) - input.zeroPoint * sum;
  }
  return { ...common(graph, node), kind: "depthwise", kernel: taps.kernel, weights: taps.weights, bias };
}

/** A dilated kernel as the larger kernel with zeros between its taps. Weights [K][kh][kw][C]. */
function undilated(
  weights: Int16Array,
  K: number,
  kernel: readonly [number, number],
  C: number,
  dilation: readonly [number, number],
): { weights: Int16Array; kernel: readonly [number, number] } {
  const [kh, kw] = kernel;
  const [dy, dx] = dilation;
  if (dy === 1 && dx === 1) return { weights, kernel };
  const eh = (kh - 1) * dy + 1;
  const ew = (kw - 1) * dx + 1;
  const out = new Int16Array(K * eh * ew * C);
  for (let k = 0; k < K; k++)
    for (let y = 0; y < kh; y++)
      for (let x = 0; x < kw; x++)
        out.set(
          weights.subarray(((k * kh + y) * kw + x) * C, ((k * kh + y) * kw + x + 1) * C),
          ((k * eh + y * dy) * ew + x * dx) * C,
        );
  return { weights: out, kernel: [eh, ew] };
}

const NO_PADDING = { top: 0, left: 0, bottom: 0, right: 0 };

function pool(graph: IntGraph, node: IntActivation | IntPool | IntMean, count: readonly [number, number]) {
  const { input, output } = ends(graph, node);
  return {
    node,
    kind: "serial" as const,
    kernel: count,
    input: input.id,
    output: output.id,
    weights: null,
    weightZeroPoint: 0,
    inputZeroPoint: input.zeroPoint,
    activation: null,
  };
}

/**
 * Average with TFLite's rounding: half away from zero on the model's own integers, so signed for int8 and unsigned
 * for uint8 (AveragePool in reference/integer_ops/pooling.h and reference/pooling.h). The division is a multiplication by
 * ceil(2^s / n), exact below 2^30 / n.
 */
function averagePool(graph: IntGraph, node: IntPool): Operator {
  const { padding } = node;
  if (padding.top + padding.left + padding.bottom + padding.right > 0)
    throw new InputError(unsupported(node, "average pool with padding"));
  const output = mapOf(graph, node.output);
  const n = node.kernel[0] * node.kernel[1];
  const plain = {
    ...pool(graph, node, node.kernel),
    stride: node.stride,
    padding: NO_PADDING,
    min: node.min,
    max: node.max,
  };
  if (n === 1) return { ...plain, ...unchanged() };
  const half = n >> 1;
  const right = Math.max(0, Math.ceil(Math.log2(n)) - 1);
  const multiplier = Math.ceil(2 ** (31 + right) / n);
  assert(multiplier < 2 ** 31, "reciprocal fits 31 bits");
  const unsigned = output.dtype === "uint8";
  const absolute = unsigned ? {} : { absolute: 1, addend: half };
  if (n > 16384) throw new InputError(unsupported(node, `average pool over ${n} positions`));
  return {
    ...plain,
    bias: Int32Array.of(unsigned ? 128 * n + half : 0),
    multiplier: Int32Array.of(multiplier),
    shift: Uint32Array.of(shiftWord({ right, floor: 1, ...absolute })),
    outputZeroPoint: unsigned ? -128 : 0,
  };
}

/** The requantiser's constants that leave a value as it is: half of it, doubled. */
function unchanged() {
  return {
    bias: Int32Array.of(0),
    multiplier: Int32Array.of(2 ** 30),
    shift: Uint32Array.of(powerOfTwo(1)),
    outputZeroPoint: 0,
  };
}

/** A kernel that no layer makes the values for: a window of one value, unchanged, in front of it. */
function passThrough(graph: IntGraph, node: IntActivation): Operator {
  return {
    ...pool(graph, node, [1, 1]),
    stride: [1, 1],
    padding: NO_PADDING,
    ...unchanged(),
    min: -128,
    max: 127,
    activation: node,
  };
}

/** Mean over the whole map; the multiplier holds 1 / count (Mean in reference/reduce.h). */
function mean(graph: IntGraph, node: IntMean): Operator {
  const { input, output } = ends(graph, node);
  const count = input.height * input.width;
  return {
    ...pool(graph, node, [input.height, input.width]),
    stride: [1, 1],
    padding: NO_PADDING,
    bias: Int32Array.of(-count * input.zeroPoint),
    multiplier: Int32Array.of(node.multiplier),
    shift: Uint32Array.of(powerOfTwo(node.exponent, graph.rounding)),
    outputZeroPoint: output.zeroPoint,
    min: -128,
    max: 127,
  };
}
