/** Nodes that take pixels and channels from elsewhere. */
import type { IntInterleave, IntMap, IntRepeat, IntSlice } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";

/** [H, W, C]. Source: TFLite's reference_ops::StridedSlice with positive strides. */
export function slice({ begin, stride }: IntSlice, input: Filled, output: IntMap): Int8Array {
  const [top, left, front] = begin;
  const [down, across, apart] = stride;
  return made(output, (y, x, c) => at(input, top + y * down, left + x * across, front + c * apart));
}

/** Source: TFLite's reference_ops::ResizeNearestNeighbor for whole factors. */
export function repeat({ factor }: IntRepeat, input: Filled, output: IntMap): Int8Array {
  return made(output, (y, x, c) => at(input, Math.floor(y / factor[0]), Math.floor(x / factor[1]), c));
}

export function interleave({ factor }: IntInterleave, inputs: readonly Filled[], output: IntMap): Int8Array {
  const [rows, columns] = factor;
  return made(output, (y, x, c) => {
    const input = item(inputs, (y % rows) * columns + (x % columns));
    return at(input, Math.floor(y / rows), Math.floor(x / columns), c);
  });
}

function at({ map, values }: Filled, y: number, x: number, c: number): number {
  return item(values, (y * map.width + x) * map.channels + c);
}

function made(output: IntMap, value: (y: number, x: number, c: number) => number): Int8Array {
  const result = new Int8Array(sizeOf(output));
  let index = 0;
  for (let y = 0; y < output.height; y++)
    for (let x = 0; x < output.width; x++)
      for (let c = 0; c < output.channels; c++) result[index++] = value(y, x, c);
  return result;
}
