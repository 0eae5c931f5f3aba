import { assert } from "../ir/errors.ts";
import type { IntConcat, IntGraph, IntMap } from "../ir/integer.ts";
import { sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";
import { rescaleValues } from "./rescale.ts";

/** Maps of equal height and width side by side along C; an input of another scale is rescaled first. */
export function concat(
  node: IntConcat,
  inputs: readonly Filled[],
  output: IntMap,
  rounding?: IntGraph["rounding"],
): Int8Array {
  const result = new Int8Array(sizeOf(output));
  const positions = output.height * output.width;
  let first = 0;
  inputs.forEach((input, i) => {
    const channels = input.map.channels;
    assert(input.values.length === positions * channels, `${node.name}: the maps of a concat have one size`);
    const scale = node.rescale[i];
    const values = scale ? rescaleValues(input, scale, output.zeroPoint, rounding) : input.values;
    for (let p = 0; p < positions; p++) {
      result.set(values.subarray(p * channels, (p + 1) * channels), p * output.channels + first);
    }
    first += channels;
  });
  assert(first === output.channels, `${node.name}: the inputs' channels do not add up`);
  return result;
}
