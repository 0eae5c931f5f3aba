import type { TailArg } from "../ir/tail.ts";
import { item } from "../ir/known.ts";
import type { Filled } from "./maps.ts";
import { linesOf } from "./softmax.ts";

/**
 * The place of the greatest, or least, value along an axis of [H, W, C].
 * Source: TFLite's reference_ops::ArgMinMax, which keeps the first of equal ones; ONNX's select_last_index keeps the last.
 */
export function argExtreme({ axis, kind, last }: TailArg, { map, values }: Filled): number[] {
  const isBetter = (a: number, b: number): boolean =>
    (kind === "arg-max" ? a > b : a < b) || (last === true && a === b);
  return linesOf(map, [axis]).map((line) =>
    line.reduce(
      (best, place, k) => (isBetter(item(values, place), item(values, item(line, best))) ? k : best),
      0,
    ),
  );
}
