import { clamp, int, min, round, type Int } from "firebrick/hls";

/**
 * relu6(x + 3) / 6 of a Q4.4 value, as Q0.7: 127 stands for 1.
 *
 * @places x 4
 * @places result 7
 */
export function hardSigmoid(x: Int<8>): Int<8> {
  const gate = clamp(x + 48n, 0n, 96n);
  return int(8, min(round(gate * 683n, 9), 127n));
}
