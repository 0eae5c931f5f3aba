/** What sparse steps take: the choice in front of every multiplier, the patches, the walk through groups, and selectors beside the weights. */
import type { Hardware } from "../4-schedule/plan.ts";
import { noResources, type Family, type Resources } from "./family.ts";
import { blockRamsOf } from "./memory.ts";

/** Look-up tables: of an activation's choice among eight places, of a bit of a patch and its way into the window, of the walk. */
interface Counts {
  readonly choice: number;
  readonly bit: number;
  readonly walk: number;
}

const xilinx: Counts = { choice: 16, bit: 2, walk: 330 };
const others: Counts = { choice: 40, bit: 4, walk: 500 };
/** Of the walk. */
const FLIP_FLOPS = 330;
/** Words of the window, whose four banks hold two patches. */
const WINDOW_WORDS = 4;
/** Words of a bank that a memory of look-up tables holds in one row. */
const ROW_WORDS = 32;

/** Lanes that share multipliers share the choice and the selectors. */
export function sparseResources(hw: Hardware, family: Family): Resources {
  const { kept, packed, patchWords, pc, pk, weightDepth } = hw;
  const { bit, choice, walk } = family === "xc7" || family === "xcup" ? xilinx : others;
  const lanes = packed ? pk / 2 : pk;
  const bits = 8 * pc * WINDOW_WORDS;
  const rows = Math.ceil((2 * patchWords) / WINDOW_WORDS / ROW_WORDS);
  const words = weightDepth + kept.words;
  return {
    ...noResources,
    lut: choice * lanes * pc + (bit + rows - 1) * bits + walk,
    lutRam: rows * bits,
    ff: FLIP_FLOPS + bits - 8 * pc,
    blockRam: lanes * blockRamsOf(words, 3 * pc, family) + blockRamsOf(words, 8, family),
  };
}
