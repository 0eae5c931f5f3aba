import { createHash } from "node:crypto";

/** Seeded random choices of a bench. */
export interface BenchRandom {
  /** True in `percent` of the calls. */
  chance(percent: number): boolean;
  /** 0 <= result < limit. */
  below(limit: number): number;
  bits(width: number): bigint;
}

/** Xorshift of 32 bits; `salt` keeps the streams of one bench apart. */
export function benchRandom(seed: number, salt = ""): BenchRandom {
  let state = createHash("sha256").update(`${seed} ${salt}`).digest().readUInt32LE(0) | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return {
    chance: (percent) => next() % 100 < percent,
    below: (limit) => next() % limit,
    bits(width) {
      let value = 0n;
      for (let have = 0; have < width; have += 32) value = (value << 32n) | BigInt(next());
      return BigInt.asUintN(width, value);
    },
  };
}
