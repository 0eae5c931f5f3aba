import { clamp, int, max, min, type Int } from "firebrick/hls";

/** ReLU6 of a quantised value: between the zero point and the quantised 6. */
export function relu6(x: Int<8>, zeroPoint: Int<8>, six: Int<8>): Int<8> {
  return int(8, min(max(x, zeroPoint), max(six, zeroPoint)));
}

/** A clamp to constants of the layer. */
export function relu8(x: Int<16>): Int<8> {
  return int(8, clamp(x, 0n, 127n));
}
