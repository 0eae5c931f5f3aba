import { item } from "../ir/known.ts";
import type { IntLogSoftmax, IntMap } from "../ir/integer.ts";
import {
  clamp,
  doublingHighMul,
  multiplyByQuantized,
  roundingShiftRight,
  saturatingShiftLeft,
} from "./fixed-point.ts";
import type { Filled } from "./maps.ts";
import {
  DIFF_INTEGER_BITS,
  expOnNegative,
  linesOf,
  oneOverOnePlus,
  softmaxScaling,
  SUM_INTEGER_BITS,
} from "./softmax.ts";

/** Integer bits of the output: [-16, 0] in steps of 1/16 below 127. */
const OUTPUT_INTEGER_BITS = 4;

/** The logarithm of a softmax. Source: TFLite's reference_integer_ops::LogSoftmax and its Prepare. */
export function logSoftmax(node: IntLogSoftmax, { map, values }: Filled, output: IntMap): Int8Array {
  const { multiplier, leftShift, smallest } = softmaxScaling(1, map.scale);
  const reverse = factorOf(2 ** (31 - leftShift) / multiplier);
  const result = new Int8Array(values.length).fill(-128);
  for (const line of linesOf(map, node.axes)) {
    const max = line.reduce((most, place) => Math.max(most, item(values, place)), -128);
    const scaled = (place: number): number =>
      multiplyByQuantized(item(values, place) - max, multiplier, leftShift);
    const sum = line
      .filter((place) => item(values, place) - max >= smallest)
      .reduce(
        (total, place) => (total + roundingShiftRight(expOnNegative(scaled(place)), SUM_INTEGER_BITS)) | 0,
        0,
      );
    const log = logOf(sum);
    const lowest = Math.max(
      smallest - 1,
      multiplyByQuantized(log - 2 ** 31, reverse.multiplier, reverse.exponent),
    );
    for (const place of line) {
      if (item(values, place) - max <= lowest) continue;
      const shift = 31 - DIFF_INTEGER_BITS - OUTPUT_INTEGER_BITS;
      result[place] = clamp(roundingShiftRight(scaled(place) - log, shift) + output.zeroPoint, -128, 127);
    }
  }
  return result;
}

/** TFLite's QuantizeMultiplier: real = multiplier * 2^(exponent - 31). */
function factorOf(real: number): { multiplier: number; exponent: number } {
  let [fraction, exponent] = [real, 0];
  for (; fraction >= 1; exponent++) fraction /= 2;
  for (; fraction < 0.5; exponent--) fraction *= 2;
  const multiplier = Math.round(fraction * 2 ** 31);
  return multiplier === 2 ** 31 ? { multiplier: 2 ** 30, exponent: exponent + 1 } : { multiplier, exponent };
}

const HALF_ROOT = 1518500250; // sqrt(1/2), Q0.31 like those below
const HALF_FOURTH_ROOT = 1805811301; // (1/2)^(1/4)
const LOG_2 = 1488522236;
/** 1/4 in Q6.25. */
const QUARTER = 8388608;
/** Coefficients of the rational approximation, Q0.31. */
const [ALPHA_N, ALPHA_D, ALPHA_I, ALPHA_F] = [117049297, 127690142, 1057819769, 638450708];

/** TFLite's log_x_for_x_greater_than_or_equal_to_1: Q12.19 to Q5.26. */
function logOf(z: number): number {
  const headroom = Math.clz32(z);
  const above = saturatingShiftLeft(doublingHighMul(saturatingShiftLeft(z, headroom - 1), HALF_ROOT), 1);
  const powerAbove = saturatingShiftLeft(SUM_INTEGER_BITS - headroom, 25) + QUARTER;
  const headroomBelow = Math.clz32(doublingHighMul(z, HALF_ROOT)) - 1;
  const below = saturatingShiftLeft(z, headroomBelow);
  const powerBelow = saturatingShiftLeft(SUM_INTEGER_BITS - headroomBelow, 25) - QUARTER;
  const r = Math.min(above, below);
  const power = Math.max(powerAbove, powerBelow);
  // gemmlowp's RoundingHalfSum; both are positive
  const p = Math.floor((r + HALF_FOURTH_ROOT + 1) / 2);
  const q = 2 * (r - HALF_FOURTH_ROOT);
  const square = doublingHighMul(q, q);
  const numerator = doublingHighMul(q, r) + doublingHighMul(doublingHighMul(q, square), ALPHA_N);
  const denominator =
    doublingHighMul(p, ALPHA_I + q + doublingHighMul(ALPHA_D, square)) + doublingHighMul(ALPHA_F, q);
  const fraction = doublingHighMul(roundingShiftRight(numerator, 6), oneOverOnePlus(denominator));
  return saturatingShiftLeft(doublingHighMul(power, LOG_2) + fraction, 1);
}
