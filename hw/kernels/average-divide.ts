import { int, uint, type Int, type UInt } from "firebrick/hls";
import { requantise } from "./requantise.ts";

/** What makes the requantiser divide: ceil(2^(31 + right - left) / count), and half of the count. */
export interface Divisor {
  readonly multiplier: bigint;
  readonly right: bigint;
  readonly left: bigint;
  readonly half: bigint;
}

/**
 * The divisor of a window of `count` values. The reciprocal is rounded up and has 31 bits, so that every quotient of a sum
 * below 2^30 comes out exactly. The accelerator's field holds half of 32,767 values at the most.
 */
export function divisorOf(count: number): Divisor {
  const right = Math.max(0, Math.ceil(Math.log2(count)) - 1);
  // 1 has no reciprocal of 31 bits.
  const left = count === 1 ? 1 : 0;
  const n = BigInt(count);
  return {
    multiplier: ((1n << BigInt(31 + right - left)) + n - 1n) / n,
    right: BigInt(right),
    left: BigInt(left),
    half: n >> 1n,
  };
}

/** The mean of int8 values from their sum, ties away from zero, as TFLite's average pool rounds. */
export function averageDivide(
  sum: Int<32>,
  multiplier: UInt<31>,
  right: UInt<5>,
  left: UInt<5>,
  half: UInt<14>,
  low: Int<8>,
  high: Int<8>,
): Int<8> {
  return requantise(sum, multiplier, right, left, true, true, half, int(8, 0n), low, high);
}

/** The mean of uint8 values, re-centred, from the sum of the values themselves: ties upwards. */
export function averageDivideUnsigned(
  sum: UInt<30>,
  multiplier: UInt<31>,
  right: UInt<5>,
  left: UInt<5>,
  half: UInt<14>,
  low: Int<8>,
  high: Int<8>,
): Int<8> {
  const none = uint(14, 0n);
  return requantise(
    int(32, sum + half),
    multiplier,
    right,
    left,
    true,
    false,
    none,
    int(8, -128n),
    low,
    high,
  );
}
