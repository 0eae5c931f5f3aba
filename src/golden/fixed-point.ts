/** The fixed-point primitives of TFLite's reference kernels (gemmlowp/fixedpoint), on plain int32 numbers. */
const INT32_MIN = -2147483648;
const INT32_MAX = 2147483647;

/**
 * gemmlowp's SaturatingRoundingDoublingHighMul: round(a * b / 2^31), ties upwards, saturating for INT_MIN * INT_MIN.
 *
 * gemmlowp adds a sign-dependent nudge and divides with truncation; both signs come to floor((ab + 2^30) / 2^31).
 * The product has up to 62 bits, so `a` is split into 16-bit halves: every double below stays under 2^49 and is exact.
 */
export function doublingHighMul(a: number, b: number): number {
  if (a === INT32_MIN && b === INT32_MIN) return INT32_MAX;
  const high = (a >> 16) * b;
  const low = Math.floor(((a & 0xffff) * b + 0x40000000) / 0x10000);
  return Math.floor((high + low) / 0x8000);
}

/** gemmlowp's RoundingDivideByPOT: x / 2^exponent, ties away from zero; exponent 0..31. */
export function roundingShiftRight(x: number, exponent: number): number {
  const mask = exponent === 31 ? INT32_MAX : (1 << exponent) - 1;
  const threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + ((x & mask) > threshold ? 1 : 0);
}

/** gemmlowp's SaturatingRoundingMultiplyByPOT for a positive exponent: x * 2^exponent, saturating. */
export function saturatingShiftLeft(x: number, exponent: number): number {
  const exact = x * 2 ** exponent;
  return exact > INT32_MAX ? INT32_MAX : exact < INT32_MIN ? INT32_MIN : exact;
}

/**
 * TFLite's MultiplyByQuantizedMultiplier with double rounding: x * multiplier * 2^(exponent - 31).
 * A positive exponent shifts left first and wraps, as the int32 arithmetic of the reference kernel does.
 */
export function multiplyByQuantized(x: number, multiplier: number, exponent: number): number {
  return exponent > 0
    ? doublingHighMul(x << exponent, multiplier)
    : roundingShiftRight(doublingHighMul(x, multiplier), -exponent);
}

/** Scales an accumulator by multiplier * 2^(exponent - 31). */
export type Scaler = (x: number, multiplier: number, exponent: number) => number;

/**
 * x * multiplier * 2^(exponent - 31), the exact product rounded once, ties to even.
 * The product has up to 62 bits: the high part keeps those above 2^31, the low part the other 31, both exact.
 */
export function multiplyNearestEven(x: number, multiplier: number, exponent: number): number {
  const shifted = exponent > 0 ? x << exponent : x;
  const upper = (shifted >> 16) * multiplier;
  const rest = (upper & 0x7fff) * 0x10000 + (shifted & 0xffff) * multiplier;
  const high = Math.floor(upper / 0x8000) + Math.floor(rest / 0x80000000);
  const low = rest % 0x80000000;
  const right = exponent > 0 ? 0 : -exponent;
  const floor = Math.floor(high / 2 ** right);
  // What was cut off, in units of 2^-31 of the high part's last bit: at most 62 bits, so compared in two steps.
  const cut = high - floor * 2 ** right;
  const half = right === 0 ? 0 : 2 ** (right - 1);
  const lowHalf = right === 0 ? 0x40000000 : 0;
  const above = cut > half || (cut === half && low > lowHalf);
  const tie = cut === half && low === lowHalf;
  return above || (tie && floor % 2 !== 0) ? floor + 1 : floor;
}

export function clamp(x: number, min: number, max: number): number {
  return x < min ? min : x > max ? max : x;
}
