import { int, lookup, saturateInt, type Int, type UInt } from "firebrick/hls";

/** ceil(2^24 / n): exact for every sum of up to 64 int8 values. */
const reciprocals = Array.from({ length: 65 }, (_, n) =>
  n === 0 ? 0n : ((1n << 24n) + BigInt(n) - 1n) / BigInt(n),
);

/** The mean of `count` int8 values from their sum, ties away from zero, as TFLite's average pool rounds. */
export function averageDivide(sum: Int<14>, count: UInt<6>): Int<8> {
  const negative = sum < 0n;
  const magnitude = (negative ? -sum : sum) + (BigInt(count) >> 1n);
  const quotient = (magnitude * lookup(reciprocals, count)) >> 24n;
  return saturateInt(8, int(16, negative ? -quotient : quotient));
}
