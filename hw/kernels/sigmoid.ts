import { int, lookup, type Int } from "firebrick/hls";

/** In 1 / 128, of every operand in 1 / 16. */
const values = Array.from({ length: 256 }, (_, i) =>
  BigInt(Math.min(127, Math.round(128 / (1 + Math.exp((128 - i) / 16))))),
);

/**
 * 1 / (1 + e^-x), by table.
 *
 * @places x 4
 * @places result 7
 */
export function sigmoid(x: Int<8>): Int<8> {
  return int(8, lookup(values, x + 128n));
}
