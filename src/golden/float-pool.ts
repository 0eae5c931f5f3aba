import { assert } from "../ir/errors.ts";
import type { IntFloatPool, IntMap } from "../ir/integer.ts";
import { clamp, nearestEven } from "./fixed-point.ts";
import { dequantised, sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";
import { windowExtent } from "./pool.ts";
import { item } from "../ir/known.ts";

/**
 * Average of quantised values as ONNX Runtime computes it in float32, [H, W, C] -> [H', W', C]: dequantised values summed row
 * by row, or on floats column by column. Source: QLinearAveragePool (onnxruntime/contrib_ops/cpu/quantization/qlinear_pool.cc),
 * MlasPool2DVectorKernel (onnxruntime/core/mlas/lib/pooling.cpp).
 */
export function floatPool(node: IntFloatPool, { map, values }: Filled, output: IntMap): Int8Array {
  const channels = output.channels;
  assert(channels === map.channels, `${node.name}: a pool keeps its channels`);
  const { centre } = node;
  const quantise = (steps: number): number =>
    centre === null
      ? nearestEven(steps) + output.zeroPoint
      : nearestEven(Math.fround(steps + (output.zeroPoint + centre))) - centre;
  const byColumns = centre === null && node.stride[1] <= 2;
  const reals = dequantised(map);
  const result = new Int8Array(sizeOf(output));
  let at = 0;
  for (let oy = 0; oy < output.height; oy++) {
    for (let ox = 0; ox < output.width; ox++) {
      const { bottom, left, right, top } = windowExtent(node, map, oy, ox);
      const inside = (bottom - top) * (right - left);
      const count = node.countPadding ? node.kernel[0] * node.kernel[1] : inside;
      for (let c = 0; c < channels; c++, at++) {
        const real = (y: number, x: number) =>
          item(reals, item(values, (y * map.width + x) * channels + c) + 128);
        let sum = 0;
        if (byColumns) {
          for (let x = left; x < right; x++) {
            let column = 0;
            for (let y = top; y < bottom; y++) column = Math.fround(column + real(y, x));
            sum = Math.fround(sum + column);
          }
        } else {
          for (let y = top; y < bottom; y++)
            for (let x = left; x < right; x++) sum = Math.fround(sum + real(y, x));
        }
        const steps = Math.fround(Math.fround(sum / count) / output.scale);
        result[at] = clamp(quantise(steps), node.min, node.max);
      }
    }
  }
  return result;
}
