import { aboveInt8 } from "../ir/above-int8.ts";
import type { IntBlend, IntGraph, IntMap, IntResize } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { exactSteps, linearPlace, linearSteps } from "../ir/linear.ts";
import type { LinearPlace, LinearSteps } from "../ir/linear.ts";
import { clamp, nearestEven } from "./fixed-point.ts";
import { sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";

/**
 * [H, W, C] -> [H', W', C]. Source: TFLite's reference_ops::ResizeBilinearInteger; where the graph rounds as float32 does, exact
 * fractions, halves to the even integer.
 */
export function resize(
  { alignment }: IntResize,
  { map, values }: Filled,
  output: IntMap,
  rounding?: IntGraph["rounding"],
): Int8Array {
  const isExact = rounding === "float32";
  const stepsOf = isExact ? exactSteps : linearSteps;
  const [down, across] = [
    stepsOf(map.height, output.height, alignment),
    stepsOf(map.width, output.width, alignment),
  ];
  const columns = placesAlong(across, map.width, output.width);
  const centre = isExact ? -map.zeroPoint : aboveInt8(map);
  const total = down.one * across.one;
  const rounded = (sum: number) =>
    isExact ? clamp(nearestEven(sum / total) + output.zeroPoint, -128, 127) : divided(sum, total) - centre;
  const result = new Int8Array(sizeOf(output));
  let index = 0;
  for (const row of placesAlong(down, map.height, output.height))
    for (const column of columns)
      for (let c = 0; c < map.channels; c++) {
        const at = (y: number, x: number) => item(values, (y * map.width + x) * map.channels + c) + centre;
        const along = (y: number) =>
          at(y, column.low) * (across.one - column.weight) + at(y, column.high) * column.weight;
        result[index++] = rounded(along(row.low) * (down.one - row.weight) + along(row.high) * row.weight);
      }
  return result;
}

function placesAlong(steps: LinearSteps, size: number, made: number): LinearPlace[] {
  return Array.from({ length: made }, (_, i) => linearPlace(steps, i, size));
}

/** The same sums of one phase. */
export function blend(node: IntBlend, { map, values }: Filled, output: IntMap): Int8Array {
  const { kernel, stride, weights } = node;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const centre = aboveInt8(map);
  const result = new Int8Array(sizeOf(output));
  let index = 0;
  for (let y = 0; y < output.height; y++)
    for (let x = 0; x < output.width; x++)
      for (let c = 0; c < map.channels; c++) {
        let sum = 0;
        for (const [tap, weight] of weights.entries()) {
          const row = y * stride[0] + Math.floor(tap / kernel[1]);
          const column = x * stride[1] + (tap % kernel[1]);
          sum += weight * (item(values, (row * map.width + column) * map.channels + c) + centre);
        }
        result[index++] = divided(sum, total) - centre;
      }
  return result;
}

/** Half away from zero. */
function divided(sum: number, by: number): number {
  return Math.sign(sum) * Math.floor((Math.abs(sum) + by / 2) / by);
}
