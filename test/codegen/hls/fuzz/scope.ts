/** What a random program may name at some place. */
import type { BenchRandom } from "../../../../sim/bench/index.ts";

/** An integer that is known to fit in `bits` as two's complement. */
export interface IntegerName {
  readonly name: string;
  readonly bits: number;
  readonly isMutable: boolean;
}

export interface ArrayName extends IntegerName {
  readonly length: number;
}

export interface Scope {
  readonly integers: readonly IntegerName[];
  readonly truths: readonly { readonly name: string; readonly isMutable: boolean }[];
  readonly arrays: readonly ArrayName[];
  /** Loop counters, from 0 to below `limit`. */
  readonly counters: readonly { readonly name: string; readonly limit: number }[];
}

export const emptyScope: Scope = { integers: [], truths: [], arrays: [], counters: [] };

/** The making of one program. */
export interface Writer {
  readonly random: BenchRandom;
  /** Remembers that the program has this construct. */
  use(construct: string): void;
  /** A name that no other variable of the program has. */
  fresh(letter: string): string;
  /** Constant tables of the file: names, 2^n entries each, and bits of the entries. */
  readonly tables: readonly { readonly name: string; readonly places: number; readonly bits: number }[];
}

export function pick<T>(random: BenchRandom, list: readonly T[]): T {
  return list[random.below(list.length)]!;
}
