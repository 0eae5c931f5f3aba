import { array, int, max, min, uint, type Int, type UInt, type Vec } from "firebrick/hls";

/** A sorting network of four values. */
export function sort4(values: Vec<Int<8>, 4>): [Int<8>, Int<8>, Int<8>, Int<8>] {
  const v: bigint[] = [values[0], values[1], values[2], values[3]];
  for (const [i, j] of [
    [0, 1],
    [2, 3],
    [0, 2],
    [1, 3],
    [1, 2],
  ] as const) {
    const low = min(v[i]!, v[j]!);
    v[j] = max(v[i]!, v[j]!);
    v[i] = low;
  }
  return [int(8, v[0]!), int(8, v[1]!), int(8, v[2]!), int(8, v[3]!)];
}

/** The place of the largest of eight values, and whether any is negative. */
export function argMax(values: Vec<Int<6>, 8>): [UInt<3>, boolean] {
  let best: bigint = values[0];
  let place = 0n;
  let negative = false;
  for (let i = 0; i < 8; i++) {
    const value = values[i]!;
    if (value > best) {
      best = value;
      place = BigInt(i);
    }
    negative = negative || value < 0n;
  }
  return [uint(3, place), negative];
}

/** How often each of four symbols stands in a word of eight. */
export function histogram(word: UInt<16>): Vec<UInt<4>, 4> {
  const counts = array(4, 0n);
  for (let i = 0; i < 8; i++) {
    const symbol = (word >> BigInt(2 * i)) & 3n;
    for (let s = 0; s < 4; s++) if (symbol === BigInt(s)) counts[s]!++;
  }
  return [uint(4, counts[0]), uint(4, counts[1]), uint(4, counts[2]), uint(4, counts[3])];
}
