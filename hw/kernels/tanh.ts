import { int, lookup, type Int } from "firebrick/hls";

/** In 1 / 128, of every operand in 1 / 32. */
const values = Array.from({ length: 256 }, (_, i) =>
  BigInt(Math.min(127, Math.round(128 * Math.tanh((i - 128) / 32)))),
);

/**
 * The hyperbolic tangent, by table.
 *
 * @places x 5
 * @places result 7
 */
export function tanh(x: Int<8>): Int<8> {
  return int(8, lookup(values, x + 128n));
}
