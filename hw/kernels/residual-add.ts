import { clamp, int, wrapInt, type Int, type UInt } from "firebrick/hls";

/** x * multiplier / 2^31 / 2^places as TFLite does it: ties upwards in the product, away from zero in the shift. */
function scale(x: Int<32>, multiplier: UInt<31>, places: UInt<5>): bigint {
  const high = (x * multiplier + (1n << 30n)) >> 31n;
  const unit = 1n << places;
  return (high + ((high < 0n ? unit - 1n : unit) >> 1n)) >> places;
}

/**
 * TFLite's ADD of two int8 values: both shifted left by 20, scaled to a common scale, summed, scaled to the result's.
 *
 * @latency 9
 * @stage 5 multiplier right
 * @stage 9 zeroPoint low high
 */
export function residualAdd(
  a: Int<8>,
  aZero: Int<8>,
  aMultiplier: UInt<31>,
  aRight: UInt<5>,
  b: Int<8>,
  bZero: Int<8>,
  bMultiplier: UInt<31>,
  bRight: UInt<5>,
  multiplier: UInt<31>,
  right: UInt<5>,
  zeroPoint: Int<8>,
  low: Int<8>,
  high: Int<8>,
): Int<8> {
  const first = scale(int(32, (a - aZero) << 20n), aMultiplier, aRight);
  const second = scale(int(32, (b - bZero) << 20n), bMultiplier, bRight);
  const sum = scale(wrapInt(32, first + second), multiplier, right);
  return clamp(sum + zeroPoint, low, high);
}

/**
 * All operators of two int8 values a and b. 0: TFLite's ADD, as `residualAdd`; 1: a - b and 2: b - a, its SUB; 3: the larger and
 * 4: the smaller of the two after the first scaling; 5: TFLite's MUL, the product shifted left by `aRight` before it is scaled.
 *
 * @latency 9
 * @stage 5 multiplier right
 * @stage 9 zeroPoint low high
 */
export function residualOperation(
  operation: UInt<3>,
  a: Int<8>,
  aZero: Int<8>,
  aMultiplier: UInt<31>,
  aRight: UInt<5>,
  b: Int<8>,
  bZero: Int<8>,
  bMultiplier: UInt<31>,
  bRight: UInt<5>,
  multiplier: UInt<31>,
  right: UInt<5>,
  zeroPoint: Int<8>,
  low: Int<8>,
  high: Int<8>,
): Int<8> {
  const first = scale(int(32, (a - aZero) << 20n), aMultiplier, aRight);
  const second = scale(int(32, (b - bZero) << 20n), bMultiplier, bRight);
  const product = ((a - aZero) * (b - bZero)) << aRight;
  const isFirst = operation === 3n ? first > second : first < second;
  const chosen = isFirst ? first : second;
  const sum = (operation === 2n ? -first : first) + (operation === 1n ? -second : second);
  const combined = operation === 5n ? product : operation >= 3n ? chosen : sum;
  return clamp(scale(wrapInt(32, combined), multiplier, right) + zeroPoint, low, high);
}
