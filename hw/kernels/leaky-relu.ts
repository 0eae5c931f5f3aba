import { int, round, type Int } from "firebrick/hls";

/**
 * x, or 0.1 x (13 / 128) below zero.
 *
 * @places x 4
 * @places result 4
 */
export function leakyRelu(x: Int<8>): Int<8> {
  return int(8, x < 0n ? round(x * 13n, 7) : x);
}
