/** Arrays at computed places, as results, and changed in unusual ways. */
import { array, bit, int, lookup, min, uint, type Int, type UInt, type Vec } from "firebrick/hls";

/** How often each of four symbols occurs among six. */
export function symbolCounts(symbols: Vec<UInt<2>, 6>): Vec<UInt<3>, 4> {
  const counts = array(4, uint(3, 0n));
  for (const symbol of symbols) {
    const next = counts[Number(symbol)]! + 1n;
    counts[Number(symbol)] = uint(3, min(next, 7n));
  }
  return counts;
}

/** Eight values, rotated by a computed number of places. */
export function rotated(values: Vec<Int<5>, 8>, places: UInt<3>): Vec<Int<5>, 8> {
  const result = array(8, int(5, 0n));
  for (let i = 0; i < 8; i++) result[i] = values[Number((BigInt(i) + places) & 7n)]!;
  return result;
}

const isPrime = Array.from(
  { length: 64 },
  (_, n) => n > 1 && [2, 3, 5, 7].every((p) => n === p || n % p > 0),
);

export function primality(x: UInt<6>): boolean {
  return lookup(isPrime, x);
}

const rotations: readonly Vec<bigint, 4>[] = [
  [1n, 0n, 0n, 1n],
  [0n, -1n, 1n, 0n],
  [-1n, 0n, 0n, -1n],
  [0n, 1n, -1n, 0n],
];

/** A point turned by quarters. */
export function turned([x, y]: [Int<8>, Int<8>], quarters: UInt<2>): [Int<10>, Int<10>] {
  const [a, b, c, d] = lookup(rotations, quarters);
  return [int(10, a * x + b * y), int(10, c * x + d * y)];
}

/** Three values in order, by swaps. */
export function ordered([first, second, third]: Vec<UInt<6>, 3>): Vec<UInt<6>, 3> {
  let [a, b, c] = [first, second, third];
  if (a > b) [a, b] = [b, a];
  if (b > c) [b, c] = [c, b];
  if (a > b) [a, b] = [b, a];
  return [a, b, c];
}

/** What brackets do comes before the right side, and once. */
export function counters(x: UInt<4>): Vec<UInt<8>, 3> {
  const sums = array(3, 0n);
  let i = 0;
  sums[i++]! += x;
  sums[i++] = x + BigInt(i);
  sums[i]!++;
  sums[i++]! += BigInt(i) * x;
  return [uint(8, sums[0]), uint(8, sums[1]), uint(8, sums[2])];
}

/** The right side of && and || may change something, where it is reached. */
export function reached(x: UInt<6>): UInt<5> {
  let count = 0n;
  const isFirst = bit(x, 0) && ++count > 0n;
  const isSecond = bit(x, 1) || ++count > 5n;
  if (isFirst && (isSecond || (count += 3n) > 4n)) count += 8n;
  return uint(5, count);
}
