import { requantise, requantiseFloat32 } from "../../hw/kernels/requantise.ts";
import type { Int, UInt } from "../hls/index.ts";
import type { IntGraph, Requantize } from "../ir/integer.ts";
import { item } from "../ir/known.ts";

/** int32 accumulator of an output channel to re-centred int8. */
export type Requantiser = (acc: number, channel: number) => number;

/** The hardware's kernel with a layer's constants: TFLite's two roundings, or the one that the graph states. */
export function requantiser(
  { multiplier, exponent, min, max }: Requantize,
  zeroPoint: number,
  rounding?: IntGraph["rounding"],
): Requantiser {
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
  if (rounding === "float32")
    return (acc, k) => {
      const { factor, right, left } = channels[k]!;
      const sum = BigInt(acc) as Int<32>;
      return Number(requantiseFloat32(sum, factor, right, left, true, false, false, none, zero, low, high));
    };
  return (acc, k) => {
    const { factor, right, left } = channels[k]!;
    const sum = BigInt(acc) as Int<32>;
    return Number(requantise(sum, factor, right, left, false, false, none, zero, low, high));
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
