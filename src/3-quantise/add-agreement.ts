/** Whether fixed-point arithmetic adds or multiplies two maps as ONNX Runtime does in float32: tried on every pair of operands. */
import type { IntAdd, IntFloatAdd, IntFloatMul, IntMap, IntMul } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { roundEven } from "../ir/rounding.ts";
import { multiplyByQuantized } from "./multiplier.ts";

type OfPair = (x: number, y: number) => number;

const BYTES = Array.from({ length: 256 }, (_, i) => i - 128);

/** Pairs, of 65,536, that may differ by one step: below 1 in 8000. */
const MOST_PAIRS = 8;

/** Whether the two adds give the same result for all but a few pairs, and there neighbours. */
export function addsAgree(fixed: IntAdd, float: IntFloatAdd, a: IntMap, b: IntMap, output: IntMap): boolean {
  const firsts = BYTES.map((x) => scaled(x - a.zeroPoint, fixed.leftShift, fixed.input1));
  const seconds = BYTES.map((x) => scaled(x - b.zeroPoint, fixed.leftShift, fixed.input2));
  const add = floatSum(float, a, b, output);
  const sign = fixed.kind === "sub" ? -1 : 1;
  const sum: OfPair = (x, y) =>
    scaled(item(firsts, x + 128) + sign * item(seconds, y + 128), 0, fixed.result) + output.zeroPoint;
  return pairsAgree(sum, add, fixed);
}

/** The same for products. */
export function productsAgree(
  fixed: IntMul,
  float: IntFloatMul,
  a: IntMap,
  b: IntMap,
  output: IntMap,
): boolean {
  const product: OfPair = (x, y) =>
    scaled((x - a.zeroPoint) * (y - b.zeroPoint), fixed.leftShift, fixed.result) + output.zeroPoint;
  return pairsAgree(product, floatProduct(float, a, b, output), fixed);
}

/** Of re-centred integers, clamped only here. */
function pairsAgree(fixed: OfPair, float: OfPair, { max, min }: Pick<IntAdd, "min" | "max">): boolean {
  const clamp = (value: number): number => Math.max(min, Math.min(max, value));
  let different = 0;
  for (const x of BYTES) {
    for (const y of BYTES) {
      const difference = Math.abs(clamp(fixed(x, y)) - clamp(float(x, y)));
      if (difference > 1) return false;
      if (difference !== 0 && ++different > MOST_PAIRS) return false;
    }
  }
  return true;
}

function scaled(value: number, leftShift: number, { multiplier, exponent }: IntAdd["result"]): number {
  return multiplyByQuantized(value * 2 ** leftShift, multiplier, exponent);
}

/** Sums of re-centred integers, not clamped; the formulas that IntFloatAdd states. */
export function floatSum({ kernel, subtracts }: IntFloatAdd, a: IntMap, b: IntMap, output: IntMap): OfPair {
  if (kernel) {
    const { centre, offset, ratio1, ratio2 } = kernel;
    return (x, y) => {
      const partial = Math.fround(offset + (y + centre) * ratio2);
      return roundEven(Math.fround(partial + (x + centre) * ratio1)) - centre;
    };
  }
  const real = ({ scale, zeroPoint }: IntMap, x: number) => Math.fround(scale * (x - zeroPoint));
  const sign = subtracts ? -1 : 1;
  return (x, y) => {
    const sum = Math.fround(real(a, x) + sign * real(b, y));
    return roundEven(Math.fround(sum / output.scale)) + output.zeroPoint;
  };
}

/** Products of re-centred integers, not clamped; the formulas that IntFloatMul states. */
export function floatProduct({ kernel }: IntFloatMul, a: IntMap, b: IntMap, output: IntMap): OfPair {
  if (kernel) {
    const { centre, ratio } = kernel;
    return (x, y) => {
      const scaled = Math.fround((x - a.zeroPoint) * (y - b.zeroPoint) * ratio);
      return roundEven(Math.fround(scaled + output.zeroPoint + centre)) - centre;
    };
  }
  const real = ({ scale, zeroPoint }: IntMap, x: number) => Math.fround(scale * (x - zeroPoint));
  return (x, y) => {
    const product = Math.fround(real(a, x) * real(b, y));
    return roundEven(Math.fround(product / output.scale)) + output.zeroPoint;
  };
}
