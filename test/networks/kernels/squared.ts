import { abs, round, saturateInt, type Int } from "firebrick/hls";

/**
 * x * |x|, in more stages than it needs.
 *
 * @places x 5
 * @places result 4
 * @latency 6
 */
export function squared(x: Int<8>): Int<8> {
  return saturateInt(8, round(x * abs(x), 6));
}
