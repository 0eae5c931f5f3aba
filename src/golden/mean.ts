import { assert } from "../ir/errors.ts";
import type { IntMap, IntMean } from "../ir/integer.ts";
import { clamp, multiplyByQuantized } from "./fixed-point.ts";
import type { Scaler } from "./fixed-point.ts";
import { sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";

/**
 * Mean over H and W, [H, W, C] -> [1, 1, C]: the sum of `x - zx` meets a multiplier that already holds 1 / (H * W).
 * Source: TFLite's reference_ops::QuantizedMeanOrSum.
 */
export function mean(
  node: IntMean,
  { map, values }: Filled,
  output: IntMap,
  scaler: Scaler = multiplyByQuantized,
): Int8Array {
  const channels = map.channels;
  assert(sizeOf(output) === channels, `${node.name}: a mean has one value a channel`);
  const positions = map.height * map.width;
  const result = new Int8Array(channels);
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let p = 0; p < positions; p++) sum += values[p * channels + c]! - map.zeroPoint;
    const scaled = scaler(sum, node.multiplier, node.exponent);
    result[c] = clamp(scaled + output.zeroPoint, -128, 127);
  }
  return result;
}
