import { requantiseFloat32 } from "../../hw/kernels/requantise.ts";
import type { Int, UInt } from "../hls/index.ts";
import type { IntGraph, Requantize } from "../ir/integer.ts";
import { item } from "../ir/known.ts";

/** int32 accumulator of an output channel to re-centred int8. */
export type Requantiser = (acc: number, channel: number) => number;

/** A layer's constants: with TFLite's two roundings, or with the one that the graph states, which is the hardware's kernel. */
export function requantiser(
  layer: Requantize,
  zeroPoint: number,
  rounding?: IntGraph["rounding"],
): Requantiser {
  return rounding === "float32" ? requantiserFloat32(layer, zeroPoint) : twoRoundings(layer, zeroPoint);
}

function requantiserFloat32({ multiplier, exponent, min, max }: Requantize, zeroPoint: number): Requantiser {
  const channels = Array.from(multiplier, (m, k) => {
    const e = item(exponent, k);
    const right = BigInt(Math.max(-e, 0)) as UInt<5>;
    const left = BigInt(Math.max(e, 0)) as UInt<5>;
    return { factor: BigInt(m) as UInt<31>, right, left };
  });
  const none = 0n as UInt<14>;
  const zero = BigInt(zeroPoint) as Int<8>;
  const low = BigInt(min) as Int<8>;
  const high = BigInt(max) as Int<8>;
  return (acc, k) => {
    const { factor, right, left } = channels[k]!;
    const sum = BigInt(acc) as Int<32>;
    return Number(requantiseFloat32(sum, factor, right, left, true, false, false, none, zero, low, high));
  };
}

/**
 * TFLite's MultiplyByQuantizedMultiplier with double rounding, zero point and clamp, in numbers, which are exact here:
 * integers below 2^53, and those divided by powers of two. Multipliers are taken apart at bit 16.
 */
function twoRoundings({ multiplier, exponent, min, max }: Requantize, zeroPoint: number): Requantiser {
  const upperFactor = multiplier.map((m) => m >> 16);
  const lowerFactor = multiplier.map((m) => m & 0xffff);
  const left = exponent.map((e) => Math.max(e, 0));
  const right = Float64Array.from(exponent, (e) => 2 ** Math.min(e, 0));
  return (acc, k) => {
    const x = acc << left[k]!;
    // x times the multiplier is upper * 2^16 + lower; of upper, what is beyond 15 bits is the product's beyond 31.
    const upper = x * upperFactor[k]!;
    const whole = Math.floor(upper * 2 ** -15);
    const rest = (upper - whole * 2 ** 15) * 2 ** 16 + x * lowerFactor[k]!;
    const doubled = whole + Math.floor((rest + 2 ** 30) * 2 ** -31);
    const shifted = doubled * right[k]!;
    // Ties go away from zero.
    const value = (shifted < 0 ? -Math.floor(0.5 - shifted) : Math.floor(shifted + 0.5)) + zeroPoint;
    return value < min ? min : value > max ? max : value;
  };
}

/** A whole map's requantisation has one multiplier. */
export function single(
  { multiplier, exponent }: { readonly multiplier: number; readonly exponent: number },
  min = -128,
  max = 127,
): Requantize {
  return { multiplier: Int32Array.of(multiplier), exponent: Int32Array.of(exponent), min, max };
}
