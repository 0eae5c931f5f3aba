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

/** Above this the product of 24 bits and an accumulator is not exact in double precision. */
const EXACT = 2 ** 29;

/**
 * ONNX Runtime's requantisation (MlasRequantizeOutput): x * factor in float32, then the nearest integer, ties to even.
 * factor = multiplier * 2^(exponent - 31) is a float32 number: at most 24 bits of the multiplier are in use.
 * A positive exponent shifts left first and wraps, as the hardware does.
 */
export function multiplyFloat32(x: number, multiplier: number, exponent: number): number {
  const shifted = exponent > 0 ? x << exponent : x;
  const factor = multiplier * 2 ** (Math.min(exponent, 0) - 31);
  const real = Math.abs(shifted) < EXACT ? Math.fround(shifted * factor) : nearestFloat32(shifted, factor);
  return nearestEven(real);
}

/** Integer x (at most 32 bits) times a float32 number, rounded once to float32. */
function nearestFloat32(x: number, factor: number): number {
  // The high part is exact; the low part decides which way it rounds, so it must not vanish in the sum.
  const high = Math.trunc(x / 0x10000) * 0x10000 * factor;
  const low = (x % 0x10000) * factor;
  const sum = high + low;
  // What the sum lost, as Dekker's fast two-sum finds it; it breaks a tie of the rounding to float32.
  const lost = low - (sum - high);
  const rounded = Math.fround(sum);
  const remainder = sum - rounded;
  if (lost === 0 || remainder === 0) return rounded;
  const other = Math.fround(sum + remainder);
  const tie = Math.abs(other - sum) === Math.abs(remainder);
  return tie && Math.sign(lost) === Math.sign(remainder) ? other : rounded;
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
