import { saturateInt, wrapInt, type Int, type UInt } from "firebrick/hls";

/** round(a * b / 2^31), ties upwards. */
function doublingHighMul(a: bigint, b: bigint): Int<32> {
  return saturateInt(32, (a * b + (1n << 30n)) >> 31n);
}

function roundingShiftRight(x: bigint, places: UInt<5>): bigint {
  const mask = (1n << places) - 1n;
  const threshold = (mask >> 1n) + (x < 0n ? 1n : 0n);
  return (x >> places) + ((x & mask) > threshold ? 1n : 0n);
}

/** TFLite's ADD of two int8 values, zero points taken off: both to 2^20, scaled, summed, scaled. */
export function residualAdd(
  a: Int<9>,
  aMultiplier: UInt<31>,
  aShift: UInt<5>,
  b: Int<9>,
  bMultiplier: UInt<31>,
  bShift: UInt<5>,
  multiplier: UInt<31>,
  shift: UInt<5>,
  zeroPoint: Int<8>,
): Int<8> {
  const first = roundingShiftRight(doublingHighMul(a << 20n, aMultiplier), aShift);
  const second = roundingShiftRight(doublingHighMul(b << 20n, bMultiplier), bShift);
  const sum = wrapInt(32, first + second);
  const scaled = roundingShiftRight(doublingHighMul(sum, multiplier), shift);
  return saturateInt(8, scaled + zeroPoint);
}
