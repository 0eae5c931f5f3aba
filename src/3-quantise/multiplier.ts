/** Real factors as the integer kernels use them: 31-bit multiplier and power of two. */
import { roundAway } from "../ir/rounding.ts";

export interface Multiplier {
  /** 0, or 2^30 .. 2^31 - 1. */
  readonly multiplier: number;
  /** real = multiplier * 2^(exponent - 31); negative = right shift. */
  readonly exponent: number;
}

/**
 * TFLite's QuantizeMultiplier (kernels/internal/quantization_util.cc, double rounding build).
 * Factors below 2^-32 become 0, as there.
 */
export function quantizeMultiplier(real: number): Multiplier {
  if (real === 0) return { multiplier: 0, exponent: 0 };
  const split = splitFloat(real);
  let exponent = split.exponent;
  let multiplier = Math.round(split.fraction * 2 ** 31);
  if (multiplier === 2 ** 31) {
    multiplier = 2 ** 30;
    exponent++;
  }
  if (exponent < -31) return { multiplier: 0, exponent: 0 };
  if (exponent > 30) return { multiplier: 2 ** 31 - 1, exponent: 30 };
  return { multiplier, exponent };
}

/** C's frexp for a finite positive number: value = fraction * 2^exponent with fraction in [0.5, 1). */
function splitFloat(value: number): { fraction: number; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  // Subnormal doubles are scaled up first: their exponent field is empty.
  const scaled = value < 2 ** -1022 ? value * 2 ** 64 : value;
  view.setFloat64(0, scaled);
  const high = view.getUint32(0);
  const exponent = ((high >>> 20) & 0x7ff) - 1022;
  view.setUint32(0, (high & 0x800fffff) | (1022 << 20));
  return { fraction: view.getFloat64(0), exponent: scaled === value ? exponent : exponent - 64 };
}

/** The factor of a convolution whose kernel multiplies the scales in float32 (uint8, and int8 fully connected per tensor). */
export function float32Product(input: number, weights: number, output: number): number {
  return Math.fround(input * weights) / output;
}

/** The factor of an int8 convolution: all in double. */
export function doubleProduct(input: number, weights: number, output: number): number {
  return (input * weights) / output;
}

/** ONNX Runtime's factor (QLinearConv, ComputeOutputScale): all in float32. */
export function float32Factor(input: number, weights: number, output: number): number {
  return Math.fround(Math.fround(input * weights) / output);
}

/** TFLite's MultiplyByQuantizedMultiplier: saturating rounding doubling high multiply, then rounding right shift. */
export function multiplyByQuantized(value: number, multiplier: number, exponent: number): number {
  const product = BigInt(value * 2 ** Math.max(exponent, 0)) * BigInt(multiplier);
  const nudge = product >= 0n ? 1n << 30n : 1n - (1n << 30n);
  const high = Number((product + nudge) / (1n << 31n));
  return roundAway(high / 2 ** Math.max(-exponent, 0));
}
