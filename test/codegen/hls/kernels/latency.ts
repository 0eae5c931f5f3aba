import { saturateInt, type Int } from "firebrick/hls";

/**
 * A saturating filter of three taps.
 * @latency 3
 */
export function filter(taps: [Int<8>, Int<8>, Int<8>]): Int<8> {
  const [a, b, c] = taps;
  return saturateInt(8, (a + 2n * b + c) >> 1n);
}
