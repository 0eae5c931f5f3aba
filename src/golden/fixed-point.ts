/** Fixed-point primitives of TFLite's softmax (gemmlowp/fixedpoint), on plain int32 numbers; roundings of float32. */
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

/** TFLite's MultiplyByQuantizedMultiplier: x * multiplier * 2^(exponent - 31), rounded twice. */
export function multiplyByQuantized(x: number, multiplier: number, exponent: number): number {
  const high = doublingHighMul(x * 2 ** Math.max(exponent, 0), multiplier);
  return roundingShiftRight(high, Math.max(-exponent, 0));
}

/** The nearest integer, ties to even. */
export function nearestEven(real: number): number {
  const floor = Math.floor(real);
  const cut = real - floor;
  return cut > 0.5 || (cut === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

export function clamp(x: number, min: number, max: number): number {
  return x < min ? min : x > max ? max : x;
}
