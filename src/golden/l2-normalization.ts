import { item } from "../ir/known.ts";
import {
  clamp,
  doublingHighMul,
  multiplyByQuantized,
  roundingShiftRight,
  saturatingShiftLeft,
} from "./fixed-point.ts";
import type { Filled } from "./maps.ts";
import { linesOf } from "./softmax.ts";

/** Steps of the output in one: 2^7. */
const OUTPUT_BITS = 7;

/** Every value over the root of the sum of squares over C. Source: TFLite's reference_integer_ops::L2Normalization. */
export function l2Normalization({ map, values }: Filled): Int8Array {
  const result = new Int8Array(values.length);
  for (const line of linesOf(map)) {
    const differences = line.map((place) => item(values, place) - map.zeroPoint);
    const { multiplier, exponent } = inverseRoot(differences.reduce((sum, x) => sum + x * x, 0));
    for (const [i, place] of line.entries()) {
      const scaled = multiplyByQuantized(item(differences, i), multiplier, exponent + OUTPUT_BITS);
      result[place] = clamp(scaled, -128, 127);
    }
  }
  return result;
}

/** TFLite's GetInvSqrtQuantizedMultiplierExp: 1 / sqrt(square) by five Newton-Raphson steps in Q3.28. */
function inverseRoot(square: number): { multiplier: number; exponent: number } {
  if (square <= 1) return { multiplier: 2 ** 31 - 1, exponent: 0 };
  let input = square;
  let right = 11;
  for (; input >= 1 << 29; right++) input = Math.floor(input / 4);
  const pairs = Math.floor((Math.clz32(input) - 1) / 2) - 1;
  right -= pairs;
  const half = roundingShiftRight((input << (2 * pairs)) >> 1, 1);
  const halfThree = (1 << 28) + (1 << 27);
  let x = 1 << 28;
  for (let i = 0; i < 5; i++) {
    const cube = saturatingShiftLeft(doublingHighMul(doublingHighMul(x, x), x), 6);
    x = saturatingShiftLeft(doublingHighMul(halfThree, x) - doublingHighMul(half, cube), 3);
  }
  const root = doublingHighMul(x, 1518500250); // sqrt(1/2), Q0.31
  return { multiplier: root << Math.max(-right, 0), exponent: -Math.max(right, 0) };
}
