import { assert } from "../ir/errors.ts";
import type { IntMap, IntSoftmax } from "../ir/integer.ts";
import { clamp, doublingHighMul, roundingShiftRight, saturatingShiftLeft } from "./fixed-point.ts";
import { item } from "../ir/known.ts";
import { linesAlong } from "../ir/shapes.ts";
import { sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";

/** Integer bits of the exponent's argument (Q5.26) and of the sum of exponentials (Q12.19). */
export const DIFF_INTEGER_BITS = 5;
export const SUM_INTEGER_BITS = 12;

/** exp(-2^i) in Q0.31, i = -2 .. 4: gemmlowp's barrel shifter. */
const EXP_OF_NEGATIVE_POWERS = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242] as const;

/** Softmax over C of every position, or over the axes that the node has, output scale 1/256. */
export function softmax(node: IntSoftmax, input: Filled, output: IntMap): Int8Array {
  assert(input.values.length === sizeOf(output), `${node.name}: a softmax keeps its shape`);
  return Int8Array.from(shares(node, input, 8));
}

/**
 * The shares of all values in units of 2^-bits, from the least number of so many bits on.
 * Source: TFLite's reference_ops::Softmax, the fixed-point (gemmlowp) version for int8 and uint8, to 8 or 16 bits.
 */
export function shares(
  { axes, beta }: Pick<IntSoftmax, "axes" | "beta">,
  { map, values }: Filled,
  bits: 8 | 16,
): number[] {
  const { multiplier, leftShift, smallest } = softmaxScaling(beta, map.scale);
  const [least, most] = [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
  const result = Array.from(values, () => least);
  for (const line of linesOf(map, axes)) {
    const max = line.reduce((top, place) => Math.max(top, item(values, place)), -128);
    const near = line.filter((place) => item(values, place) - max >= smallest);
    const expOf = (place: number): number =>
      expOnNegative(doublingHighMul((item(values, place) - max) << leftShift, multiplier));
    const sum = near.reduce(
      (total, place) => (total + roundingShiftRight(expOf(place), SUM_INTEGER_BITS)) | 0,
      0,
    );
    const { scale, bitsOverUnit } = reciprocal(sum);
    for (const place of near) {
      const share = doublingHighMul(scale, expOf(place));
      result[place] = clamp(roundingShiftRight(share, bitsOverUnit + 31 - bits) + least, least, most);
    }
  }
  return result;
}

/** Places of the values that an operator takes together, of [H, W, C]. */
export function linesOf({ channels, height, width }: IntMap, axes: readonly number[] = [2]): number[][] {
  return linesAlong([height, width, channels], axes);
}

/** TFLite's PreprocessSoftmaxScaling and CalculateInputRadius: differences below `smallest` count as exp = 0. */
export function softmaxScaling(
  beta: number,
  scale: number,
): { multiplier: number; leftShift: number; smallest: number } {
  const real = Math.min(beta * scale * 2 ** (31 - DIFF_INTEGER_BITS), 2 ** 31 - 1);
  let leftShift = 0;
  let fraction = real;
  while (fraction >= 1) {
    fraction /= 2;
    leftShift++;
  }
  let multiplier = Math.round(fraction * 2 ** 31);
  if (multiplier === 2 ** 31) {
    multiplier /= 2;
    leftShift++;
  }
  const radius = ((2 ** DIFF_INTEGER_BITS - 1) * 2 ** (31 - DIFF_INTEGER_BITS)) / 2 ** leftShift;
  return { multiplier, leftShift, smallest: -Math.floor(radius) };
}

/** gemmlowp's exp_on_negative_values: `a` in Q5.26, at most 0; result in Q0.31. */
export function expOnNegative(a: number): number {
  if (a === 0) return 0x7fffffff;
  const quarter = 1 << 24;
  const reduced = (a & (quarter - 1)) - quarter;
  let result = expNearMinusEighth(saturatingShiftLeft(reduced, DIFF_INTEGER_BITS));
  const remainder = reduced - a;
  EXP_OF_NEGATIVE_POWERS.forEach((factor, i) => {
    if (remainder & (1 << (24 + i))) result = doublingHighMul(result, factor);
  });
  return result;
}

/** gemmlowp's Taylor series of exp around -1/8 for `a` in [-1/4, 0), Q0.31. */
function expNearMinusEighth(a: number): number {
  const expOfMinusEighth = 1895147668;
  const third = 715827883;
  const x = (a + (1 << 28)) | 0;
  const x2 = doublingHighMul(x, x);
  const x3 = doublingHighMul(x2, x);
  const x4 = doublingHighMul(x2, x2);
  const cubes = doublingHighMul((roundingShiftRight(x4, 2) + x3) | 0, third);
  const powers = roundingShiftRight((cubes + x2) | 0, 1);
  return (expOfMinusEighth + doublingHighMul(expOfMinusEighth, (x + powers) | 0)) | 0;
}

/** TFLite's GetReciprocal: 1 / sum as `scale` in Q0.31, shifted by `bitsOverUnit`. */
function reciprocal(sum: number): { scale: number; bitsOverUnit: number } {
  const headroom = Math.clz32(sum);
  const overOne = ((sum << headroom) - 2 ** 31) | 0;
  return { scale: oneOverOnePlus(overOne), bitsOverUnit: SUM_INTEGER_BITS - headroom };
}

/** gemmlowp's one_over_one_plus_x_for_x_in_0_1: three Newton-Raphson steps in Q2.29. */
export function oneOverOnePlus(a: number): number {
  const constant48Over17 = 1515870810;
  const constantMinus32Over17 = -1010580540;
  const one = 1 << 29;
  // RoundingHalfSum of `a` and Q0.31's one; both are positive, so it rounds upwards.
  const halfDenominator = Math.floor((a + 0x7fffffff + 1) / 2);
  let x = (constant48Over17 + doublingHighMul(halfDenominator, constantMinus32Over17)) | 0;
  for (let i = 0; i < 3; i++) {
    const error = (one - doublingHighMul(halfDenominator, x)) | 0;
    x = (x + saturatingShiftLeft(doublingHighMul(x, error), 2)) | 0;
  }
  return saturatingShiftLeft(x, 1);
}
