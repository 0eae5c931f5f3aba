/** What sparse steps take: the choice in front of every multiplier, the patches, the walk through groups, and selectors beside the weights. */
import type { Hardware } from "../4-schedule/plan.ts";
import { WINDOW_WORDS } from "../4-schedule/sparse/places.ts";
import { isXilinx, noResources, type Family, type Resources } from "./family.ts";
import { blockRamsOf } from "./memory.ts";

/** Counts of Yosys 0.23. */
interface Counts {
  /** Look-up tables of an activation's choice among eight places. */
  readonly choice: number;
  /** Of a bit of the window: its way out of four banks, and of each row of a bank. */
  readonly bit: number;
  readonly row: number;
  /** Words of a row. */
  readonly rowWords: number;
  /** Of the walk through groups and the selectors' way into their memories. */
  readonly walk: number;
}

const xilinx: Counts = { choice: 24, bit: 1, row: 0.7, rowWords: 32, walk: 740 };
const others: Counts = { choice: 56, bit: 2, row: 1.5, rowWords: 16, walk: 900 };
/** Of the walk. */
const FLIP_FLOPS = 390;

/** Lanes that share multipliers share the choice and the selectors. */
export function sparseResources(hw: Hardware, family: Family): Resources {
  const { kept, packed, patchWords, pc, pk, weightDepth } = hw;
  const counts = isXilinx(family) ? xilinx : others;
  const lanes = packed ? pk / 2 : pk;
  const bits = 8 * pc * WINDOW_WORDS;
  const rows = Math.ceil((2 * patchWords) / WINDOW_WORDS / counts.rowWords);
  const words = weightDepth + kept.words;
  const lutRam = Math.round(rows * counts.row * bits);
  return {
    ...noResources,
    lut: Math.round(counts.choice * lanes * pc + counts.bit * bits + counts.walk) + lutRam,
    lutRam,
    ff: FLIP_FLOPS + bits - 8 * pc,
    blockRam: lanes * blockRamsOf(words, 3 * pc, family) + blockRamsOf(words, 8, family),
  };
}
