import { bit, uint, type UInt } from "firebrick/hls";

/** How many bits of a word are set. */
export function populationCount(word: UInt<32>): UInt<6> {
  let count = 0n;
  for (let i = 0; i < 32; i++) count += BigInt(bit(word, i));
  return uint(6, count);
}

/** Zeros above the highest set bit of a word; 32 for 0. */
export function leadingZeros(word: UInt<32>): UInt<6> {
  let count = 32n;
  for (let i = 0; i < 32; i++) {
    if (bit(word, i)) count = BigInt(31 - i);
  }
  return uint(6, count);
}
