import { assert } from "../ir/errors.ts";
import type { IntMap, IntMean } from "../ir/integer.ts";
import { clamp, nearestEven } from "./fixed-point.ts";
import { laneSum, vectorSum } from "./float-sums.ts";
import { dequantised, sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";
import { item } from "../ir/known.ts";

/**
 * ONNX Runtime's mean over H and W of dequantised values in float32, [H, W, C] -> [1, 1, C]. Each channel is a row of its own.
 * Source: ReduceAggregatorMean::FastReduceKR (onnxruntime/core/providers/cpu/reduction/reduction_ops.h) and
 * MlasPoolGlobalKernel (onnxruntime/core/mlas/lib/pooling.cpp).
 */
export function floatMean(node: IntMean, { map, values }: Filled, output: IntMap): Int8Array {
  const channels = map.channels;
  assert(sizeOf(output) === channels, `${node.name}: a mean has one value a channel`);
  const reals = dequantised(map);
  const row = new Float32Array(map.height * map.width);
  return Int8Array.from({ length: channels }, (_, c) => {
    for (let p = 0; p < row.length; p++) row[p] = item(reals, item(values, p * channels + c) + 128);
    const sum = node.floats === "pool" ? laneSum(row) : vectorSum(row, c * row.length);
    const mean = Math.fround(sum / row.length);
    return clamp(nearestEven(Math.fround(mean / output.scale)) + output.zeroPoint, -128, 127);
  });
}
