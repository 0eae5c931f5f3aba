import { bit, lookup, uint, wrapUint, type UInt } from "firebrick/hls";

/** CRC-8 with the polynomial 0x07, a byte a call. */
export function crc8(crc: UInt<8>, byte: UInt<8>): UInt<8> {
  let state = crc ^ byte;
  for (let i = 0; i < 8; i++) {
    state = bit(state, 7) ? wrapUint(8, state << 1n) ^ 0x07n : wrapUint(8, state << 1n);
  }
  return wrapUint(8, state);
}

export function bitReverse(x: UInt<16>): UInt<16> {
  let result = 0n;
  for (let i = 0; i < 16; i++) result |= BigInt(bit(x, i)) << BigInt(15 - i);
  return uint(16, result);
}

export function grayToBinary(gray: UInt<12>): UInt<12> {
  let x: bigint = gray;
  for (let places = 8; places > 0; places = places >> 1) x ^= x >> BigInt(places);
  return uint(12, x);
}

/** One round of xorshift. */
export function xorshift(state: UInt<32>): UInt<32> {
  let x = state ^ wrapUint(32, state << 13n);
  x ^= x >> 17n;
  return wrapUint(32, x ^ (x << 5n));
}

const squares = Array.from({ length: 32 }, (_, i) => BigInt(Math.round(100 * Math.sin(i / 5))));

/** A table that floating point made before the hardware existed. */
export function sineTable(phase: UInt<5>, negate: boolean): UInt<8> {
  const value = lookup(squares, phase);
  return uint(8, (negate ? -value : value) + 100n);
}
