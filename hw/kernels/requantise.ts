import { saturateInt, type Int, type UInt } from "firebrick/hls";

/** x / 2^places, ties away from zero: gemmlowp's RoundingDivideByPOT. */
function roundingShiftRight(x: bigint, places: UInt<5>): bigint {
  const mask = (1n << places) - 1n;
  const remainder = x & mask;
  const threshold = (mask >> 1n) + (x < 0n ? 1n : 0n);
  return (x >> places) + (remainder > threshold ? 1n : 0n);
}

/** TFLite's requantisation with two roundings: acc * multiplier / 2^31 / 2^shift, the zero point, the clamp to int8. */
export function requantise(acc: Int<32>, multiplier: Int<32>, shift: UInt<5>, zeroPoint: Int<8>): Int<8> {
  const product = acc * multiplier;
  const high = saturateInt(32, (product + (1n << 30n)) >> 31n);
  const scaled = roundingShiftRight(high, shift);
  return saturateInt(8, scaled + zeroPoint);
}
