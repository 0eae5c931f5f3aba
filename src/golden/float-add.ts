import type { IntFloatAdd, IntMap } from "../ir/integer.ts";
import { clamp, nearestEven } from "./fixed-point.ts";
import { dequantised, sizeOf, stretched } from "./maps.ts";
import type { Filled } from "./maps.ts";
import { item } from "../ir/known.ts";

/**
 * Sum or difference of two quantised maps as ONNX Runtime computes it in float32. In its kernel, a product of 8 and 24 bits and its sum
 * are exact in double precision, so each line rounds once, as a fused multiply-add does.
 * Source: MlasQLinearAdd (onnxruntime/core/mlas/lib/intrinsics/avx2/qladd_avx2.cpp).
 */
export function floatAdd(node: IntFloatAdd, first: Filled, second: Filled, output: IntMap): Int8Array {
  const size = sizeOf(output);
  const [firsts, seconds] = [stretched(first, output), stretched(second, output)];
  const { kernel, max, min } = node;
  if (kernel === null) {
    const [reals1, reals2] = [dequantised(first.map), dequantised(second.map)];
    const sign = node.subtracts ? -1 : 1;
    return Int8Array.from({ length: size }, (_, i) => {
      const second = sign * item(reals2, item(seconds, i) + 128);
      const sum = Math.fround(item(reals1, item(firsts, i) + 128) + second);
      return clamp(nearestEven(Math.fround(sum / output.scale)) + output.zeroPoint, min, max);
    });
  }
  const { centre, offset, ratio1, ratio2 } = kernel;
  return Int8Array.from({ length: size }, (_, i) => {
    const partial = Math.fround(offset + (item(seconds, i) + centre) * ratio2);
    const real = Math.fround(partial + (item(firsts, i) + centre) * ratio1);
    return clamp(nearestEven(real) - centre, min, max);
  });
}
