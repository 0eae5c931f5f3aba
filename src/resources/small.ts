/** What the small engine (hw/rtl/small_system.v) takes of an iCE40 as its modules say: the same for every network. */
import { SMALL } from "../4-schedule/small/plan.ts";
import { blockRamsOf } from "./memory.ts";

interface Memory {
  readonly count: number;
  readonly words: number;
  readonly bits: number;
}

/** Groups whose parameters are on the chip: those of the tiles in flight. */
const groups = SMALL.tileGroups * SMALL.tilesAhead;

/** Its block RAMs by what they hold. */
const memories: Readonly<Record<string, Memory>> = {
  /** 16 words of 32 bits for each of 16 layers. */
  descriptors: { count: 2, words: 256, bits: 16 },
  weights: { count: 8, words: SMALL.weightRows, bits: 16 },
  biases: { count: 8, words: groups, bits: 16 },
  multipliers: { count: 1, words: 8 * groups, bits: 16 },
  shifts: { count: 1, words: SMALL.lanes * groups, bits: 16 },
};

/** Two banks of feature maps, in single-port RAM. */
export const BANK_BYTES = 4 * SMALL.bankWords;

/** DSP blocks: one makes two products. */
export const smallDsps = (SMALL.lanes * SMALL.channels) / 2;

/** Four-input look-up tables of the whole project, as Yosys 0.23 counts them (`report --board icebreaker --synth`). */
export const SMALL_LUTS = 2254;

export function smallBlockRams(): number {
  return Object.values(memories).reduce(
    (sum, { bits, count, words }) => sum + count * blockRamsOf(words, bits, "ice40"),
    0,
  );
}

/** Bytes of every memory. */
export function smallOnChipBytes(): Readonly<Record<string, number>> {
  const bytes = Object.entries(memories).map(
    ([name, { bits, count, words }]) => [name, (count * words * bits) / 8] as const,
  );
  return { maps: 2 * BANK_BYTES, ...Object.fromEntries(bytes) };
}
