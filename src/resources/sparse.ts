/** What sparse steps take: the choice in front of every multiplier, the patches, the walk through groups, selectors beside the weights, and the decoder of those. */
import type { Hardware } from "../4-schedule/plan.ts";
import { WINDOW_WORDS } from "../format/places.ts";
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
  /** Of the decoder, by bytes of the bus, and of the memories in it. */
  readonly decoder: Readonly<Record<8 | 16, number>>;
  readonly decoderRam: Readonly<Record<8 | 16, number>>;
}

const xilinx: Counts = {
  choice: 24,
  bit: 1,
  row: 0.7,
  rowWords: 32,
  walk: 740,
  decoder: { 8: 1045, 16: 2480 },
  decoderRam: { 8: 136, 16: 264 },
};
const others: Counts = {
  choice: 56,
  bit: 2,
  row: 1.5,
  rowWords: 16,
  walk: 900,
  decoder: { 8: 1690, 16: 4240 },
  decoderRam: { 8: 72, 16: 136 },
};
/** Of the walk, and of the decoder. */
const FLIP_FLOPS = 390;
const DECODER_FLIP_FLOPS = { 8: 540, 16: 920 } as const;

/** Memories of the tables of codes, one a place of a part. */
function codeTable(codeBits: number, places: number, { rowWords }: Counts): number {
  // a look-up table of 32 words of two bits has as many of one
  return codeBits === 0 ? 0 : places * 8 * Math.ceil(2 ** codeBits / (2 * rowWords));
}

/** Lanes that share multipliers share the choice and the selectors. */
export function sparseResources(hw: Hardware, family: Family): Resources {
  const { busBytes, codeBits, kept, packed, patchWords, pc, pk, weightDepth } = hw;
  const counts = isXilinx(family) ? xilinx : others;
  const lanes = packed ? pk / 2 : pk;
  const bits = 8 * pc * WINDOW_WORDS;
  const rows = Math.ceil((2 * patchWords) / WINDOW_WORDS / counts.rowWords);
  const words = weightDepth + kept.words;
  const lutRam =
    Math.round(rows * counts.row * bits) +
    counts.decoderRam[busBytes] +
    codeTable(codeBits, busBytes, counts);
  return {
    ...noResources,
    lut:
      Math.round(counts.choice * lanes * pc + counts.bit * bits + counts.walk + counts.decoder[busBytes]) +
      lutRam,
    lutRam,
    ff: FLIP_FLOPS + DECODER_FLIP_FLOPS[busBytes] + bits - 8 * pc,
    blockRam: lanes * blockRamsOf(words, 3 * pc, family) + blockRamsOf(words, 8, family),
  };
}
