/** Codes that find or correct errors. */
import { bit, concat, lookup, slice, uint, wrapUint, type UInt } from "firebrick/hls";

/** A byte into the CRC of Ethernet and ZIP, least significant bit first. */
export function crc32(crc: UInt<32>, byte: UInt<8>): UInt<32> {
  let state = crc ^ byte;
  for (let i = 0; i < 8; i++) state = bit(state, 0) ? (state >> 1n) ^ 0xedb88320n : state >> 1n;
  return uint(32, state);
}

export function parity(x: UInt<64>): boolean {
  let folded: bigint = x;
  for (let places = 32; places > 0; places = places >> 1) folded ^= folded >> BigInt(places);
  return bit(folded, 0);
}

/** Four bits of data as a Hamming code of seven. */
export function hammingEncode(data: UInt<4>): UInt<7> {
  const [a, b, c, d] = [slice(data, 0, 0), slice(data, 1, 1), slice(data, 2, 2), slice(data, 3, 3)];
  const low = concat(b ^ c ^ d, concat(a, concat(a ^ c ^ d, a ^ b ^ d, 1), 2), 3);
  return uint(7, concat(slice(data, 3, 1), slice(low, 3, 0), 4));
}

/** The data of a Hamming code with at most one wrong bit, and whether one was. */
export function hammingDecode(code: UInt<7>): [UInt<4>, boolean] {
  let syndrome = 0n;
  for (let i = 0; i < 7; i++) if (bit(code, i)) syndrome ^= BigInt(i + 1);
  const corrected = syndrome === 0n ? code : code ^ (1n << (syndrome - 1n));
  return [uint(4, concat(slice(corrected, 6, 4), slice(corrected, 2, 2), 1)), syndrome !== 0n];
}

/** A product in GF(2^8) modulo the polynomial of AES. */
export function galoisMultiply(a: UInt<8>, b: UInt<8>): UInt<8> {
  let product = 0n;
  let power: bigint = a;
  for (let i = 0; i < 8; i++) {
    if (bit(b, i)) product ^= power;
    power = wrapUint(8, power << 1n) ^ (bit(power, 7) ? 0x1bn : 0n);
  }
  return uint(8, product);
}

function aesTable(): bigint[] {
  const rotate = (x: number, n: number): number => ((x << n) | (x >> (8 - n))) & 255;
  const table: bigint[] = Array.from({ length: 256 }, () => 0x63n);
  for (let p = 1, q = 1, i = 0; i < 255; i++) {
    p = (p ^ (p << 1) ^ (p & 128 ? 0x11b : 0)) & 255;
    q ^= q << 1;
    q ^= q << 2;
    q ^= q << 4;
    q = (q & 128 ? q ^ 0x09 : q) & 255;
    table[p] = BigInt(q ^ rotate(q, 1) ^ rotate(q, 2) ^ rotate(q, 3) ^ rotate(q, 4) ^ 0x63);
  }
  return table;
}

const sbox = aesTable();

/** SubBytes of a column of AES. */
export function aesSubBytes(column: UInt<32>): UInt<32> {
  let result = 0n;
  for (let i = 0; i < 4; i++) {
    result |= lookup(sbox, slice(column, 8 * i + 7, 8 * i)) << BigInt(8 * i);
  }
  return uint(32, result);
}
