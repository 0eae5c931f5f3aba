import type { TailArg } from "../ir/tail.ts";
import { item } from "../ir/known.ts";
import type { Filled } from "./maps.ts";

/**
 * The place of the greatest, or least, value along an axis of [H, W, C].
 * Source: TFLite's reference_ops::ArgMinMax, which keeps the first of equal ones; ONNX's select_last_index keeps the last.
 */
export function argExtreme({ axis, kind, last }: TailArg, { map, values }: Filled): number[] {
  const sizes = [map.height, map.width, map.channels];
  const size = item(sizes, axis);
  const stride = sizes.slice(axis + 1).reduce((product, n) => product * n, 1);
  const isBetter = (a: number, b: number): boolean =>
    (kind === "arg-max" ? a > b : a < b) || (last === true && a === b);
  return Array.from({ length: values.length / size }, (_, i) => {
    const from = Math.floor(i / stride) * stride * size + (i % stride);
    let best = 0;
    for (let k = 1; k < size; k++)
      if (isBetter(item(values, from + k * stride), item(values, from + best * stride))) best = k;
    return best;
  });
}
