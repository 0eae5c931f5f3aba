import { assert } from "../ir/errors.ts";
import type { IntMap, IntPad } from "../ir/integer.ts";
import { sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";

/** A border, and channels, that carry the map's zero point. Source: TFLite's reference_ops::Pad with its default value. */
export function pad(node: IntPad, { map, values }: Filled, output: IntMap): Int8Array {
  const { top, left, bottom, right } = node.padding;
  const [front, behind] = node.channels ?? [0, 0];
  assert(
    output.height === map.height + top + bottom &&
      output.width === map.width + left + right &&
      output.channels === map.channels + front + behind,
    `${node.name}: the padding does not match the maps`,
  );
  const result = new Int8Array(sizeOf(output)).fill(output.zeroPoint);
  for (let y = 0; y < map.height; y++)
    for (let x = 0; x < map.width; x++) {
      const from = (y * map.width + x) * map.channels;
      const to = ((y + top) * output.width + left + x) * output.channels + front;
      result.set(values.subarray(from, from + map.channels), to);
    }
  return result;
}
