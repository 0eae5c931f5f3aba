/** Integer nodes as the array computes them: zero points folded into biases, shifts packed, odd shapes rewritten. */
import { placeOf } from "../format/fields.ts";
import { shiftWord, shiftWords } from "../format/group-record.ts";
import type { Problem } from "../ir/errors.ts";
import { InputError, assert } from "../ir/errors.ts";
import type {
  IntActivation,
  IntBinary,
  IntConv,
  IntDepthwise,
  IntGraph,
  IntLookup,
  IntMap,
  IntMean,
  IntNode,
  IntPad,
  IntPool,
  IntRescale,
  MapId,
  Requantize,
} from "../ir/integer.ts";
import { NOWHERE, type Layout } from "./layout.ts";
import type { Lookup, Operator } from "./plan.ts";
import { item, known } from "../ir/known.ts";

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
    case "float-mul":
      throw new InputError({
        ...unsupported(node, "a MUL whose products fall on ties, which ONNX Runtime rounds in float32"),
        supported: "products that integers reproduce for all but a few of the 65,536 pairs of operands",
        fix: "give the maps scales whose ratios have more digits, or use `firebrick golden`",
      });
    case "max-pool":
      return maxPool(graph, node);
    case "pad":
      return pad(graph, node);
    case "rescale":
      return rescale(graph, node);
    case "lookup":
      return throughTable(graph, lookupOf(node));
    case "add":
    case "sub":
    case "mul":
    case "maximum":
    case "minimum":
    case "concat":
    case "slice":
    case "repeat":
    case "interleave":
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
    supported:
      "conv, depthwise, fully connected, pools, mean, padding, functions of single values; softmax at the end",
    fix: "use `firebrick golden` for this network, or replace the operator",
  };
}

function mapOf(graph: IntGraph, id: number): IntMap {
  const map = graph.maps.get(id);
  assert(map, `map ${id} is missing`);
  return map;
}

interface Ends {
  readonly input: IntMap;
  readonly output: IntMap;
}

function ends(graph: IntGraph, node: IntNode): Ends {
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
    maximum: false,
    activation: null,
    lookup: null,
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

/** Windows over the values themselves; by default of one value. */
function pool(node: IntNode, { input, output }: Ends, kernel: readonly [number, number] = [1, 1]) {
  return {
    node,
    kind: "serial" as const,
    kernel,
    stride: [1, 1] as const,
    padding: NO_PADDING,
    input: input.id,
    output: output.id,
    weights: null,
    weightZeroPoint: 0,
    inputZeroPoint: input.zeroPoint,
    min: -128,
    max: 127,
    maximum: false,
    activation: null,
    lookup: null,
  };
}

/** The largest value of each window. Padding has the least one, with which each window begins too. */
export function maxPool(graph: IntGraph, node: IntPool): Operator {
  return {
    ...pool(node, ends(graph, node), node.kernel),
    ...unchanged(),
    stride: node.stride,
    padding: node.padding,
    bias: Int32Array.of(-128),
    inputZeroPoint: -128,
    min: node.min,
    max: node.max,
    maximum: true,
  };
}

/**
 * Average with TFLite's rounding: half away from zero on the model's own integers, so signed for int8 and unsigned
 * for uint8 (AveragePool in reference/integer_ops/pooling.h and reference/pooling.h). Padding adds nothing and does not
 * count: a window with n taps outside of the map has its divisor in the n-th record from the last.
 */
function averagePool(graph: IntGraph, node: IntPool): Operator {
  const { input, output } = ends(graph, node);
  const taps = node.kernel[0] * node.kernel[1];
  const outside = mostOutside(node, input, output);
  const unsigned = output.dtype === "uint8";
  if (taps > MOST_AVERAGED) throw new InputError(unsupported(node, `average pool over ${taps} positions`));
  const plain = {
    ...pool(node, { input, output }, node.kernel),
    stride: node.stride,
    padding: node.padding,
    min: node.min,
    max: node.max,
  };
  if (taps === 1) return { ...plain, ...unchanged() };
  // sums of unsigned values are positive: where there is one divisor, its half is part of the bias
  const inBias = unsigned && outside === 0;
  const divisors = Array.from({ length: outside + 1 }, (_, i) => divisor(taps - outside + i, inBias));
  return {
    ...plain,
    // padding is 0 of the model's own integers
    inputZeroPoint: outside === 0 ? input.zeroPoint : unsigned ? -128 : 0,
    bias: new Int32Array(divisors.length).fill(unsigned ? 128 * taps + (inBias ? taps >> 1 : 0) : 0),
    multiplier: Int32Array.from(divisors, ({ multiplier }) => multiplier),
    shift: Uint32Array.from(divisors, ({ shift }) => shift),
    outputZeroPoint: unsigned ? -128 : 0,
  };
}

/** The requantiser adds half of the divisor in 14 bits; a larger window's sum times its reciprocal has too many. */
const MOST_AVERAGED = 16384;

/**
 * The constants that divide by n: a multiplication by ceil(2^s / n), exact below 2^30 / n, of the magnitude and half of n,
 * or of a sum that is not negative and holds the half.
 */
function divisor(n: number, holdsHalf: boolean): { readonly multiplier: number; readonly shift: number } {
  if (n === 1) return { multiplier: 2 ** 30, shift: shiftWord({ left: 1, floor: 1 }) };
  const right = Math.max(0, Math.ceil(Math.log2(n)) - 1);
  const multiplier = Math.ceil(2 ** (31 + right) / n);
  assert(multiplier < 2 ** 31, "reciprocal fits 31 bits");
  const magnitude = holdsHalf ? {} : { absolute: 1, addend: n >> 1 };
  return { multiplier, shift: shiftWord({ right, floor: 1, ...magnitude }) };
}

/** Taps of the window with the most of them outside of the map. */
function mostOutside({ kernel, padding, stride }: IntPool, input: IntMap, output: IntMap): number {
  const least = (count: number, step: number, size: number, before: number, length: number) =>
    Math.min(
      ...Array.from({ length: count }, (_, i) => {
        const start = i * step - before;
        return Math.min(start + size, length) - Math.max(start, 0);
      }),
    );
  const rows = least(output.height, stride[0], kernel[0], padding.top, input.height);
  const columns = least(output.width, stride[1], kernel[1], padding.left, input.width);
  return kernel[0] * kernel[1] - rows * columns;
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
  return { ...pool(node, ends(graph, node)), ...unchanged(), activation: node };
}

/** The same for a table. */
function throughTable(graph: IntGraph, lookup: Lookup): Operator {
  return { ...pool(lookup.node, ends(graph, lookup.node)), ...unchanged(), lookup };
}

/** The table of a node that looks values up. Throws InputError where channels have tables of their own. */
export function lookupOf(node: IntLookup): Lookup {
  const table = node.tables.subarray(0, TABLE_VALUES);
  if (node.tables.some((value, i) => value !== table[i % TABLE_VALUES]))
    throw new InputError({
      ...unsupported(node, "a function that differs from channel to channel"),
      supported: "functions of single values that are the same for all channels",
    });
  return { node, table };
}

/** Values of a table: one for each of int8. */
export const TABLE_VALUES = 256;

/** Windows of one value, some of which lie outside of the map. */
function pad(graph: IntGraph, node: IntPad): Operator {
  return { ...pool(node, ends(graph, node)), ...unchanged(), padding: node.padding };
}

/** Windows of one value with another scale and zero point, or through the table that says what becomes of each value. */
function rescale(graph: IntGraph, node: IntRescale): Operator {
  const { input, output } = ends(graph, node);
  const { rescaling } = node;
  if (rescaling.table) return throughTable(graph, { node, table: rescaling.table });
  return {
    ...pool(node, { input, output }),
    bias: Int32Array.of(-input.zeroPoint),
    multiplier: Int32Array.of(rescaling.multiplier),
    shift: Uint32Array.of(powerOfTwo(rescaling.exponent, graph.rounding)),
    outputZeroPoint: output.zeroPoint,
  };
}

/**
 * A layout that its readers cannot take: copied value by value where its channels lie densely in the buffer, else by a
 * convolution that takes one channel each, or none.
 */
export function gather({ node, positions }: Layout, buffer: IntMap, output: IntMap): Operator {
  const padding = node.kind === "pad" ? node.padding : NO_PADDING;
  const copy = { ...pool(node, { input: buffer, output }), ...unchanged(), padding };
  const isDense = positions.every((place, channel) => place === channel);
  if (isDense && positions.length === buffer.channels) return copy;
  const weights = new Int16Array(positions.length * buffer.channels);
  for (const [channel, place] of positions.entries())
    if (place !== NOWHERE) weights[channel * buffer.channels + place] = 1;
  const { multiplier, shift } = unchanged();
  return {
    ...copy,
    kind: "conv",
    weights,
    bias: Int32Array.from(positions, (place) => (place === NOWHERE ? output.zeroPoint : 0)),
    multiplier: new Int32Array(positions.length).fill(item(multiplier, 0)),
    shift: new Uint32Array(positions.length).fill(item(shift, 0)),
  };
}

/** A map that passes the array unchanged, for what is computed of it and another behind it. */
export function operandOf(graph: IntGraph, node: IntBinary, id: MapId): Operator {
  const map = mapOf(graph, id);
  return { ...pool(node, { input: map, output: map }), ...unchanged() };
}

/** Mean over the whole map; the multiplier holds 1 / count (Mean in reference/reduce.h). */
function mean(graph: IntGraph, node: IntMean): Operator {
  const { input, output } = ends(graph, node);
  const count = input.height * input.width;
  return {
    ...pool(node, { input, output }, [input.height, input.width]),
    bias: Int32Array.of(-count * input.zeroPoint),
    multiplier: Int32Array.of(node.multiplier),
    shift: Uint32Array.of(powerOfTwo(node.exponent, graph.rounding)),
    outputZeroPoint: output.zeroPoint,
  };
}
