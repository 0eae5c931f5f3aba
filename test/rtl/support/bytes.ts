import type { BenchRandom } from "../../../sim/bench/index.ts";

/** Bytes, signed or not, as the value of a port; the first in the low bits. */
export function packBytes(bytes: ArrayLike<number>): bigint {
  const hex = Buffer.from(Array.from(bytes, (byte) => byte & 255).reverse()).toString("hex");
  return hex === "" ? 0n : BigInt(`0x${hex}`);
}

/** The low `count` bytes of a port's value, 0 to 255. */
export function unpackBytes(value: bigint, count: number): number[] {
  const hex = BigInt.asUintN(8 * count, value)
    .toString(16)
    .padStart(2 * count, "0");
  return [...Buffer.from(hex, "hex")].reverse();
}

/** The low `count` bytes of a port's value, -128 to 127. */
export function unpackInt8(value: bigint, count: number): number[] {
  return unpackBytes(value, count).map((byte) => (byte << 24) >> 24);
}

/** -2^(bits-1) <= result < 2^(bits-1), up to 32 bits. */
export function randomSigned(random: BenchRandom, bits: number): number {
  return Number(BigInt.asIntN(bits, random.bits(bits)));
}

/** int8 values, one in four an extreme. */
export function randomInt8(random: BenchRandom, count: number): number[] {
  return Array.from({ length: count }, () => {
    if (!random.chance(25)) return randomSigned(random, 8);
    return random.chance(50) ? -128 : 127;
  });
}
