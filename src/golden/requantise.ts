import { requantiseFloat32 } from "../../hw/kernels/requantise.ts";
import type { Int, UInt } from "../hls/index.ts";
import type { IntGraph, Requantize } from "../ir/integer.ts";
import { item } from "../ir/known.ts";

/** int32 accumulator of an output channel to re-centred int8. */
export type Requantiser = (acc: number, channel: number) => number;

/** The same of one channel. */
type ChannelRequantiser = (acc: number) => number;

/** A layer's constants: with TFLite's two roundings, or with the one that the graph states, which is the hardware's kernel. */
export function requantiser(
  layer: Requantize,
  zeroPoint: number,
  rounding?: IntGraph["rounding"],
): Requantiser {
  const channels = channelRequantisers(layer, zeroPoint, rounding);
  return (acc, k) => channels[k]!(acc);
}

/** One for each channel: for layers that finish a channel at a time, whose constants then stay in registers. */
export function channelRequantisers(
  layer: Requantize,
  zeroPoint: number,
  rounding?: IntGraph["rounding"],
): readonly ChannelRequantiser[] {
  const { multiplier, exponent, min, max } = layer;
  const ofChannel = rounding === "float32" ? oneRounding : twoRoundings;
  return Array.from(multiplier, (m, k) => ofChannel(m, item(exponent, k), { zeroPoint, min, max }));
}

/** Where a layer's results lie. */
interface Range {
  readonly zeroPoint: number;
  readonly min: number;
  readonly max: number;
}

function oneRounding(multiplier: number, exponent: number, range: Range): ChannelRequantiser {
  const factor = BigInt(multiplier) as UInt<31>;
  const right = BigInt(Math.max(-exponent, 0)) as UInt<5>;
  const left = BigInt(Math.max(exponent, 0)) as UInt<5>;
  const none = 0n as UInt<14>;
  const zero = BigInt(range.zeroPoint) as Int<8>;
  const low = BigInt(range.min) as Int<8>;
  const high = BigInt(range.max) as Int<8>;
  return (acc) => {
    const sum = BigInt(acc) as Int<32>;
    return Number(requantiseFloat32(sum, factor, right, left, true, false, false, none, zero, low, high));
  };
}

/** Accumulators below this have products with multipliers of 31 bits below 2^52, which a number holds with what rounds them. */
const EXACT = 2 ** 21;

/** TFLite's MultiplyByQuantizedMultiplier with double rounding, zero point and clamp, in numbers, which are exact here. */
function twoRoundings(
  multiplier: number,
  exponent: number,
  { max, min, zeroPoint }: Range,
): ChannelRequantiser {
  const left = Math.max(exponent, 0);
  const right = 2 ** Math.min(exponent, 0);
  // Ties go away from zero: a value below it that ends in a half stays below the next integer.
  const below = 0.5 - right / 2;
  return (acc) => {
    const x = acc << left;
    const doubled =
      x > -EXACT && x < EXACT
        ? Math.floor((x * multiplier + 2 ** 30) * 2 ** -31)
        : doublingHigh(x, multiplier);
    const value = Math.floor(doubled * right + (doubled < 0 ? below : 0.5)) + zeroPoint;
    return value < min ? min : value > max ? max : value;
  };
}

/** floor((x * multiplier + 2^30) / 2^31) of any int32 `x`; the multiplier is taken apart at bit 16. */
function doublingHigh(x: number, multiplier: number): number {
  // x times the multiplier is upper * 2^16 + lower; of upper, what is beyond 15 bits is the product's beyond 31.
  const upper = x * (multiplier >> 16);
  const whole = Math.floor(upper * 2 ** -15);
  const rest = (upper - whole * 2 ** 15) * 2 ** 16 + x * (multiplier & 0xffff);
  return whole + Math.floor((rest + 2 ** 30) * 2 ** -31);
}

/** A whole map's requantisation has one multiplier. */
export function single(
  { multiplier, exponent }: { readonly multiplier: number; readonly exponent: number },
  min = -128,
  max = 127,
): Requantize {
  return { multiplier: Int32Array.of(multiplier), exponent: Int32Array.of(exponent), min, max };
}
