import { assert } from "../ir/errors.ts";
import type { IntGraph, IntMap, IntMean } from "../ir/integer.ts";
import { sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";
import { requantiser, single } from "./requantise.ts";
import { item } from "../ir/known.ts";

/**
 * Mean over H and W, [H, W, C] -> [1, 1, C]: the sum of `x - zx` meets a multiplier that already holds 1 / (H * W).
 * Source: TFLite's reference_ops::QuantizedMeanOrSum.
 */
export function mean(
  node: IntMean,
  { map, values }: Filled,
  output: IntMap,
  rounding?: IntGraph["rounding"],
): Int8Array {
  const channels = map.channels;
  assert(sizeOf(output) === channels, `${node.name}: a mean has one value a channel`);
  const positions = map.height * map.width;
  const finish = requantiser(single(node), output.zeroPoint, rounding);
  const result = new Int8Array(channels);
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let p = 0; p < positions; p++) sum += item(values, p * channels + c) - map.zeroPoint;
    result[c] = finish(sum, 0);
  }
  return result;
}
