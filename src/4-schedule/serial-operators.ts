/** Operators over the values themselves, without weights: pools, means, tables, copies. The engine takes their windows tap by tap. */
import { shiftWord } from "../format/group-record.ts";
import { assert, InputError } from "../ir/errors.ts";
import { NO_PADDING } from "../ir/graph.ts";
import type {
  IntActivation,
  IntGraph,
  IntLookup,
  IntMap,
  IntMean,
  IntNode,
  IntPad,
  IntPool,
  IntRescale,
  MapId,
} from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { NOWHERE, type Layout } from "./layout.ts";
import { type Ends, ends, mapOf, powerOfTwo, unsupported } from "./operator-parts.ts";
import type { Lookup, Operator } from "./plan.ts";

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
export function averagePool(graph: IntGraph, node: IntPool): Operator {
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
  // sums of unsigned values are positive: where there is one large divisor, its half is part of the bias
  const inBias = unsigned && outside === 0 && taps > MOST_ROUNDED;
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
 * Up to so many values the requantiser's own rounding makes the average: the product with a little more than 2^31 / n takes halves
 * away from zero, and no sum gets over the next half by it.
 */
const MOST_ROUNDED = 2048;

/**
 * The constants that divide by n. Above MOST_ROUNDED: a multiplication by ceil(2^s / n), exact below 2^30 / n, of the magnitude and
 * half of n, or of a sum that is not negative and holds the half.
 */
export function divisor(
  n: number,
  holdsHalf: boolean,
): { readonly multiplier: number; readonly shift: number } {
  if (n === 1) return { multiplier: ALMOST_ONE, shift: shiftWord({}) };
  if (n <= MOST_ROUNDED) return { multiplier: Math.floor(2 ** 31 / n) + 1, shift: shiftWord({}) };
  const right = Math.ceil(Math.log2(n)) - 1;
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

/** A product with this multiplier rounds to the value itself. */
const ALMOST_ONE = 2 ** 31 - 1;

/** The requantiser's constants that leave a value as it is. */
function unchanged() {
  return {
    bias: Int32Array.of(0),
    multiplier: Int32Array.of(ALMOST_ONE),
    shift: Uint32Array.of(powerOfTwo(0)),
    outputZeroPoint: 0,
  };
}

/** A kernel that no layer makes the values for: a window of one value, unchanged, in front of it. */
export function passThrough(graph: IntGraph, node: IntActivation): Operator {
  return { ...pool(node, ends(graph, node)), ...unchanged(), activation: node };
}

/** The same for a table. */
export function throughTable(graph: IntGraph, lookup: Lookup): Operator {
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
export function pad(graph: IntGraph, node: IntPad): Operator {
  return { ...pool(node, ends(graph, node)), ...unchanged(), padding: node.padding };
}

/** Windows of one value with another scale and zero point, or through the table that says what becomes of each value. */
export function rescale(graph: IntGraph, node: IntRescale): Operator {
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

/** A map that passes the array unchanged: for what is computed of it and another behind it, or to put its values in order. */
export function passOn(graph: IntGraph, node: IntNode, id: MapId): Operator {
  const map = mapOf(graph, id);
  return { ...pool(node, { input: map, output: map }), ...unchanged() };
}

/** Mean over the whole map; the multiplier holds 1 / count (Mean in reference/reduce.h). */
export function mean(graph: IntGraph, node: IntMean): Operator {
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
