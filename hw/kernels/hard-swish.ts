import { clamp, int, round, type Int } from "firebrick/hls";

/**
 * x * relu6(x + 3) / 6 of a Q4.4 value; 10923 / 2^20 is 1 / 96.
 *
 * @places x 4
 * @places result 4
 */
export function hardSwish(x: Int<8>): Int<8> {
  const gate = clamp(x + 48n, 0n, 96n);
  return int(8, round(x * gate * 10923n, 20));
}
