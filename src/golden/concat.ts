import { assert } from "../ir/errors.ts";
import type { IntConcat, IntGraph, IntMap } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";
import { rescaleValues } from "./rescale.ts";

/** Maps that differ in size along one axis only, one behind the other there; an input of another scale is rescaled first. */
export function concat(
  node: IntConcat,
  inputs: readonly Filled[],
  output: IntMap,
  rounding?: IntGraph["rounding"],
): Int8Array {
  const result = new Int8Array(sizeOf(output));
  const sizes = [output.height, output.width, output.channels];
  const product = (list: readonly number[]) => list.reduce((a, b) => a * b, 1);
  const outer = product(sizes.slice(0, node.axis));
  const stride = product(sizes.slice(node.axis));
  let first = 0;
  inputs.forEach((input, i) => {
    const scale = node.rescale[i];
    const values = scale ? rescaleValues(input, scale, output.zeroPoint, rounding) : input.values;
    const run = values.length / outer;
    for (let o = 0; o < outer; o++) result.set(values.subarray(o * run, (o + 1) * run), o * stride + first);
    first += run;
  });
  assert(first === stride, `${node.name}: the inputs' sizes do not add up`);
  const { order } = node;
  if (order === undefined) return result;
  return result.map((_, i) => {
    const channel = i % output.channels;
    return item(result, i - channel + item(order, channel));
  });
}
