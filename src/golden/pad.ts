import { assert } from "../ir/errors.ts";
import type { IntMap, IntPad } from "../ir/integer.ts";
import { sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";

/** A border that carries the map's zero point. Source: TFLite's reference_ops::Pad with its default value. */
export function pad(node: IntPad, { map, values }: Filled, output: IntMap): Int8Array {
  const { top, left, bottom, right } = node.padding;
  assert(
    output.height === map.height + top + bottom && output.width === map.width + left + right,
    `${node.name}: the padding does not match the maps`,
  );
  const result = new Int8Array(sizeOf(output)).fill(output.zeroPoint);
  const row = map.width * map.channels;
  for (let y = 0; y < map.height; y++) {
    const to = ((y + top) * output.width + left) * map.channels;
    result.set(values.subarray(y * row, (y + 1) * row), to);
  }
  return result;
}
