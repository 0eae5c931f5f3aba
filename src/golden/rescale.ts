import type { IntGraph, IntMap, IntRescale, Rescaling } from "../ir/integer.ts";
import type { Filled } from "./maps.ts";
import { requantiser, single } from "./requantise.ts";
import { item } from "../ir/known.ts";

/** Another scale and zero point for the same values. Source: TFLite's reference_ops::Requantize. */
export function rescale(
  node: IntRescale,
  input: Filled,
  output: IntMap,
  rounding?: IntGraph["rounding"],
): Int8Array {
  return rescaleValues(input, node.rescaling, output.zeroPoint, rounding);
}

/** clamp(zo + (x - zi) * multiplier * 2^(exponent - 31)) of every value, or what the table says of it. */
export function rescaleValues(
  { map, values }: Filled,
  scale: Rescaling,
  zeroPoint: number,
  rounding?: IntGraph["rounding"],
): Int8Array {
  const { table } = scale;
  if (table) return values.map((x) => item(table, x + 128));
  const finish = requantiser(single(scale), zeroPoint, rounding);
  return values.map((x) => finish(x - map.zeroPoint, 0));
}
