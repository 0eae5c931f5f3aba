/** Bits of words, moved about and counted. */
import { bit, slice, uint, wrapUint, type UInt } from "firebrick/hls";

export function binaryToGray(x: UInt<12>): UInt<12> {
  return uint(12, x ^ (x >> 1n));
}

/** A Fibonacci register of x^16 + x^14 + x^13 + x^11 + 1, one step. */
export function lfsrStep(state: UInt<16>): UInt<16> {
  const feedback = state ^ (state >> 2n) ^ (state >> 3n) ^ (state >> 5n);
  return uint(16, (state >> 1n) | (slice(feedback, 0, 0) << 15n));
}

export function rotateLeft(x: UInt<32>, places: UInt<5>): UInt<32> {
  return uint(32, wrapUint(32, x << places) | (x >> (32n - places)));
}

/** The lowest request that is set, and whether any is. */
export function priorityEncoder(requests: UInt<24>): [UInt<5>, boolean] {
  for (let i = 0; i < 24; i++) if (bit(requests, i)) return [uint(5, BigInt(i)), true];
  return [uint(5, 0n), false];
}

/** Bits of x at even places, those of y between them: Z order. */
export function mortonEncode(x: UInt<16>, y: UInt<16>): UInt<32> {
  let code = 0n;
  for (let i = 0; i < 16; i++) {
    code |= (BigInt(bit(x, i)) << BigInt(2 * i)) | (BigInt(bit(y, i)) << BigInt(2 * i + 1));
  }
  return uint(32, code);
}

export function mortonDecode(code: UInt<32>): [UInt<16>, UInt<16>] {
  let [x, y] = [0n, 0n];
  for (let i = 0; i < 16; i++) {
    x |= BigInt(bit(code, 2 * i)) << BigInt(i);
    y |= BigInt(bit(code, 2 * i + 1)) << BigInt(i);
  }
  return [uint(16, x), uint(16, y)];
}

/** Five decimal digits of a word, four bits each: double dabble. */
export function toDecimal(x: UInt<16>): UInt<20> {
  let digits = 0n;
  for (let i = 15; i >= 0; i--) {
    let adjusted = 0n;
    for (let d = 0; d < 5; d++) {
      const digit = slice(digits, 4 * d + 3, 4 * d);
      adjusted |= wrapUint(4, digit > 4n ? digit + 3n : digit) << BigInt(4 * d);
    }
    digits = wrapUint(20, adjusted << 1n) | BigInt(bit(x, i));
  }
  return uint(20, digits);
}

/** The same digits by divisions by 10. */
export function decimalDigits(x: UInt<16>): UInt<20> {
  let rest: bigint = x;
  let digits = 0n;
  for (let d = 0; d < 5; d++) {
    digits |= (rest % 10n) << BigInt(4 * d);
    rest = rest / 10n;
  }
  return uint(20, digits);
}
