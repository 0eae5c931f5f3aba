import type { IntMap, IntRescale, Rescaling } from "../ir/integer.ts";
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
  return rescaleValues(input, node.rescaling, output.zeroPoint, scaler);
}

/** clamp(zo + (x - zi) * multiplier * 2^(exponent - 31)) of every value, or what the table says of it. */
export function rescaleValues(
  { map, values }: Filled,
  scale: Rescaling,
  zeroPoint: number,
  scaler: Scaler,
): Int8Array {
  const { table } = scale;
  if (table) return values.map((x) => table[x + 128]!);
  return values.map((x) =>
    clamp(scaler(x - map.zeroPoint, scale.multiplier, scale.exponent) + zeroPoint, -128, 127),
  );
}
