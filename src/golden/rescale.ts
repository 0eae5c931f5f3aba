import type { IntMap, IntRescale } from "../ir/integer.ts";
import { clamp, multiplyByQuantized } from "./fixed-point.ts";
import type { Scaler } from "./fixed-point.ts";
import type { Filled } from "./maps.ts";

/** Another scale and zero point for the same values. Source: TFLite's reference_ops::Requantize. */
export function rescale(
  node: IntRescale,
  input: Filled,
  output: IntMap,
  scaler: Scaler = multiplyByQuantized,
): Int8Array {
  return rescaleValues(input, node, output.zeroPoint, scaler);
}

/** clamp(zo + (x - zi) * multiplier * 2^(exponent - 31)) of every value. */
export function rescaleValues(
  { map, values }: Filled,
  scale: { readonly multiplier: number; readonly exponent: number },
  zeroPoint: number,
  scaler: Scaler,
): Int8Array {
  return values.map((x) =>
    clamp(scaler(x - map.zeroPoint, scale.multiplier, scale.exponent) + zeroPoint, -128, 127),
  );
}
