import { clamp, int, type Int } from "firebrick/hls";

/** relu6(x + 3) / 6 of a Q4.4 value, as Q0.7: 127 stands for 1. */
export function hardSigmoid(x: Int<8>): Int<8> {
  const gate = clamp(x + 48n, 0n, 96n);
  return int(8, (gate * 339n) >> 8n);
}
