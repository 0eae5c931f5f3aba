import type { IntMap, IntResize } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { realPlaces } from "../ir/linear.ts";
import { clamp, nearestEven } from "./fixed-point.ts";
import { dequantised, sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";

/**
 * ONNX Runtime's bilinear resize of dequantised values in float32, [H, W, C] -> [H', W', C]: four products, added in order.
 * Source: UpsampleBilinear (onnxruntime/core/providers/cpu/tensor/upsample.h).
 */
export function floatResize({ alignment }: IntResize, { map, values }: Filled, output: IntMap): Int8Array {
  const { fround } = Math;
  const reals = dequantised(map);
  const columns = realPlaces(map.width, output.width, alignment);
  const result = new Int8Array(sizeOf(output));
  let index = 0;
  for (const row of realPlaces(map.height, output.height, alignment))
    for (const column of columns)
      for (let c = 0; c < map.channels; c++) {
        const product = (y: number, x: number, weight: number): number =>
          fround(weight * item(reals, item(values, (y * map.width + x) * map.channels + c) + 128));
        const [above = [], below = []] = row.weights.map((down) =>
          column.weights.map((across) => fround(across * down)),
        );
        let sum = product(row.low, column.low, item(above, 0));
        sum = fround(sum + product(row.low, column.high, item(above, 1)));
        sum = fround(sum + product(row.high, column.low, item(below, 0)));
        sum = fround(sum + product(row.high, column.high, item(below, 1)));
        result[index++] = clamp(nearestEven(fround(sum / output.scale)) + output.zeroPoint, -128, 127);
      }
  return result;
}
