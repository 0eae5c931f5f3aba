import type { IntFloatMul, IntMap } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { clamp, nearestEven } from "./fixed-point.ts";
import { dequantised, stretched } from "./maps.ts";
import type { Filled } from "./maps.ts";

/**
 * Product of two quantised maps as ONNX Runtime computes it in float32; a side of 1 is stretched to the result's.
 * Source: MlasQLinearMul (onnxruntime/core/mlas/lib/qlmul.cpp).
 */
export function floatMul(node: IntFloatMul, first: Filled, second: Filled, output: IntMap): Int8Array {
  const { kernel, max, min } = node;
  const seconds = stretched(second, output);
  if (kernel !== null) {
    const zeroPoint = output.zeroPoint + kernel.centre;
    return stretched(first, output).map((x, i) => {
      const product = (x - first.map.zeroPoint) * (item(seconds, i) - second.map.zeroPoint);
      const real = Math.fround(Math.fround(product * kernel.ratio) + zeroPoint);
      return clamp(nearestEven(real) - kernel.centre, min, max);
    });
  }
  const [reals1, reals2] = [dequantised(first.map), dequantised(second.map)];
  return stretched(first, output).map((x, i) => {
    const product = Math.fround(item(reals1, x + 128) * item(reals2, item(seconds, i) + 128));
    return clamp(nearestEven(Math.fround(product / output.scale)) + output.zeroPoint, min, max);
  });
}
