import { bit, clamp, wrapInt, wrapUint, type Int, type UInt } from "firebrick/hls";

/** Of 31 binary places. */
const half = 1n << 30n;

/** |acc| or acc, shifted left (wrapping), times the multiplier: 31 binary places. */
function scaledUp(
  acc: Int<32>,
  multiplier: UInt<31>,
  left: UInt<5>,
  absolute: boolean,
  addend: UInt<14>,
): bigint {
  const magnitude = absolute && acc < 0n ? -acc : acc;
  return wrapInt(32, (magnitude << left) + (absolute ? addend : 0n)) * multiplier;
}

/**
 * What makes the doubling multiply round, and the shift right behind it round ties away from zero when it adds half of its
 * unit alone: a negative number goes in one less. Nothing is shifted out by `right` 0.
 */
function nudge(isNegative: boolean, right: UInt<5>, floor: boolean): bigint {
  return floor ? 0n : isNegative && right !== 0n ? -half : half;
}

/** Shifted right, with one binary place; floor leaves that empty. */
function shifted(doubled: bigint, right: UInt<5>, floor: boolean): bigint {
  const halves = (doubled << 1n) >> right;
  return floor ? halves & -2n : halves;
}

/**
 * `halves`, of one binary place, rounded up from one half on, negated, plus the zero point: one sum, as -floor((x + 1) / 2) is
 * floor((~x + 1) / 2).
 */
function placed(halves: bigint, negate: boolean, zeroPoint: Int<8>): bigint {
  return ((negate ? ~halves : halves) + ((zeroPoint << 1n) | 1n)) >> 1n;
}

/**
 * int32 accumulator to int8, as TFLite's reference kernels do it: shift left, rounding doubling high multiply, rounding
 * right shift (two roundings), zero point, clamp. `floor` leaves both roundings out, `absolute` works on the magnitude
 * and adds `addend` to it: that divides by a reciprocal, for average pools.
 *
 * @latency 7
 * @stage 7 zeroPoint low high
 */
export function requantise(
  acc: Int<32>,
  multiplier: UInt<31>,
  right: UInt<5>,
  left: UInt<5>,
  floor: boolean,
  absolute: boolean,
  addend: UInt<14>,
  zeroPoint: Int<8>,
  low: Int<8>,
  high: Int<8>,
): Int<8> {
  const product = scaledUp(acc, multiplier, left, absolute, addend);
  const doubled = (product + nudge(product < 0n, right, floor)) >> 31n;
  return clamp(placed(shifted(doubled, right, floor), absolute && acc < 0n, zeroPoint), low, high);
}

/** The same of narrow sums: 25 bits times 31, in two products as one DSP block takes them each. */
function scaledUpNarrow(
  acc: Int<25>,
  multiplier: UInt<31>,
  left: UInt<5>,
  absolute: boolean,
  addend: UInt<14>,
) {
  const magnitude = absolute && acc < 0n ? -acc : acc;
  const value = wrapInt(25, (magnitude << left) + (absolute ? addend : 0n));
  return [value * (multiplier >> 17n), value * wrapUint(17, multiplier), value < 0n] as const;
}

/**
 * `requantise` of sums that stay within 25 bits, shifted left and with the addend too.
 *
 * @latency 7
 * @stage 7 zeroPoint low high
 */
export function requantiseNarrow(
  acc: Int<25>,
  multiplier: UInt<31>,
  right: UInt<5>,
  left: UInt<5>,
  floor: boolean,
  absolute: boolean,
  addend: UInt<14>,
  zeroPoint: Int<8>,
  low: Int<8>,
  high: Int<8>,
): Int<8> {
  const [upper, lower, isNegative] = scaledUpNarrow(acc, multiplier, left, absolute, addend);
  const doubled = (upper + ((lower + nudge(isNegative, right, floor)) >> 17n)) >> 14n;
  return clamp(placed(shifted(doubled, right, floor), absolute && acc < 0n, zeroPoint), low, high);
}

/**
 * Whether the integer next above `whole` is nearer to the float32 number that `whole` and its fraction round to, ties to
 * even. Such a number of integer part n has bits down to 2^(log2(n) - 23): it is a tie when the product lies within half of
 * that around n + 1/2. Below one half its bits are twice as fine. Results of more than 8 bits are clamped anyway.
 * `fraction`: the first 26 bits behind the point; `rest`: whether any other is set.
 */
function nearerAbove(whole: bigint, fraction: UInt<26>, rest: boolean): boolean {
  const negative = whole < 0n;
  const size = wrapUint(8, negative ? -1n - whole : whole);
  let reach = 0n;
  for (let i = 0; i < 8; i++) if (bit(size, i)) reach = 4n << BigInt(i);
  const below = size !== 0n ? reach : negative ? 2n : 1n;
  const above = size !== 0n ? reach : negative ? 1n : 2n;
  const middle = 1n << 25n;
  const last = middle + above;
  const tie = fraction >= middle - below && (fraction < last || (fraction === last && !rest));
  return tie ? bit(whole, 0) : bit(fraction, 25);
}

/** A product of 31 binary places, shifted right; one binary place says whether the modes round it up. */
function shiftedFloat32(product: bigint, right: UInt<5>, float32: boolean, floor: boolean): bigint {
  const places = right + 5n;
  const fraction = wrapUint(26, product >> places);
  const rest = (product & ((1n << places) - 1n)) !== 0n;
  const doubled = (product + (floor || float32 ? 0n : half)) >> 31n;
  const whole = doubled >> right;
  const mask = (1n << right) - 1n;
  const threshold = (mask >> 1n) + (doubled < 0n ? 1n : 0n);
  const isUp = float32 ? nearerAbove(whole, fraction, rest) : !floor && (doubled & mask) > threshold;
  return (whole << 1n) | (isUp ? 1n : 0n);
}

/**
 * `requantise` with a mode more: `float32` rounds the product to the 24 bits of a float32 number and that to the nearest
 * integer, ties to even, as ONNX Runtime does.
 *
 * @latency 7
 * @stage 7 zeroPoint low high
 */
export function requantiseFloat32(
  acc: Int<32>,
  multiplier: UInt<31>,
  right: UInt<5>,
  left: UInt<5>,
  float32: boolean,
  floor: boolean,
  absolute: boolean,
  addend: UInt<14>,
  zeroPoint: Int<8>,
  low: Int<8>,
  high: Int<8>,
): Int<8> {
  const product = scaledUp(acc, multiplier, left, absolute, addend);
  const halves = shiftedFloat32(product, right, float32, floor);
  return clamp(placed(halves, absolute && acc < 0n, zeroPoint), low, high);
}

/**
 * `requantiseFloat32` of sums that stay within 25 bits, shifted left and with the addend too.
 *
 * @latency 7
 * @stage 7 zeroPoint low high
 */
export function requantiseFloat32Narrow(
  acc: Int<25>,
  multiplier: UInt<31>,
  right: UInt<5>,
  left: UInt<5>,
  float32: boolean,
  floor: boolean,
  absolute: boolean,
  addend: UInt<14>,
  zeroPoint: Int<8>,
  low: Int<8>,
  high: Int<8>,
): Int<8> {
  const [upper, lower] = scaledUpNarrow(acc, multiplier, left, absolute, addend);
  const halves = shiftedFloat32((upper << 17n) + lower, right, float32, floor);
  return clamp(placed(halves, absolute && acc < 0n, zeroPoint), low, high);
}
