/** How Yosys maps a memory of one write port and one read port: block RAM by its size, else look-up tables. */
import { isXilinx, type Family } from "./family.ts";

/** Blocks are so deep at their greatest width; narrower ones are two and four times as deep. */
interface Block {
  readonly words: number;
  readonly bits: number;
  /** Memories of more words than this become block RAM. */
  readonly above: number;
  /** Deepest shape that a memory is combined of, in words of the widest. */
  readonly deepest: number;
}

/**
 * Of Yosys 0.23, for every width that an array has: 32 to 256 bits. On iCE40 hw/rtl/ice40/ram_1r1w.v is built of as many, of
 * every width; Yosys infers deep and narrow ones of fewer, but more look-up tables.
 */
const blocks: Readonly<Record<Family, Block>> = {
  xc7: { words: 512, bits: 36, above: 64, deepest: 4 },
  xcup: { words: 512, bits: 36, above: 64, deepest: 4 },
  ecp5: { words: 512, bits: 36, above: 32, deepest: 4 },
  gowin: { words: 512, bits: 36, above: 32, deepest: 4 },
  ice40: { words: 256, bits: 16, above: 4, deepest: 8 },
};

/** Deepest shape for which Yosys saves multiplexers at the price of a block. */
const DEEPEST = 4;
/** Bits of an eightfold multiplexer that weigh as much as one more block on Xilinx, whose cascaded blocks need none. */
const MULTIPLEXER_BITS = 40;

/** Blocks of `family` that a memory takes, in the units of Resources.blockRam; 0 when look-up tables or registers hold it. */
export function blockRamsOf(words: number, bits: number, family: Family): number {
  const { above } = blocks[family];
  if (words <= above) return 0;
  const rows = Math.ceil(words / blocks[family].words);
  const stacked = stackedBlocks(rows, bits, family);
  if ((family !== "xc7" && family !== "xcup") || rows !== 7) return stacked;
  const cascaded = stackedBlocks(rows + 1, bits, family);
  return bits / MULTIPLEXER_BITS > cascaded - stacked ? cascaded : stacked;
}

/**
 * Rows of the widest blocks; the bits that are left over share narrower, deeper ones: as deep as there are for full rows, then either
 * one for all rows that remain, or a half, a quarter and so on as deep.
 */
function stackedBlocks(rows: number, bits: number, family: Family): number {
  const { bits: width, deepest } = blocks[family];
  const left = bits % width;
  const of = (deep: number): number => Math.ceil((deep * left) / width);
  const full = Math.floor(rows / deepest);
  const remaining = rows % deepest;
  let one = 0;
  let several = 0;
  for (let deep = 1; deep < 2 * remaining; deep *= 2) {
    one = of(deep);
    if (Math.floor(remaining / deep) % 2 === 1) several += of(deep);
  }
  return rows * Math.floor(bits / width) + full * of(deepest) + Math.min(one, several);
}

/** Look-up tables of a memory in distributed RAM, its multiplexers apart; 0 where block RAM or registers hold it. */
export function memoryLutsOf(words: number, bits: number, family: Family): number {
  if (words > blocks[family].above) return 0;
  switch (family) {
    case "xc7":
      return 4 * Math.ceil(bits / (words > 32 ? 3 : 6));
    case "xcup":
      return 8 * Math.ceil(bits / (words > 32 ? 7 : 14));
    case "ecp5":
    case "gowin":
      return 4 * Math.ceil(words / 16) * Math.ceil(bits / 4);
    case "ice40":
      return 0;
  }
}

/** Look-up tables that hold one bit of all words of a memory: 64 words each on Xilinx, 16 elsewhere. */
export function memoryRowsOf(words: number, family: Family): number {
  return Math.ceil(words / (isXilinx(family) ? 64 : 16));
}

/** Look-up tables that each further block RAM of a stack takes, a bit: a 4:1 choice is a LUT6, a wide one many LUT4. */
const CHOICE = { lut4: 1.2, lut6: 1 / 3 } as const;

/** Look-up tables with which a reader chooses among block RAMs stacked on one another, in the deepest shape that costs no more. */
export function multiplexedBits(words: number, bits: number, family: Family): number {
  if (words <= blocks[family].above) return 0;
  const rows = Math.ceil(words / blocks[family].words);
  const least = blockRamsOf(words, bits, family);
  const xilinx = isXilinx(family);
  if (xilinx && rows === 7 && least > stackedBlocks(rows, bits, family)) return 0;
  const fold = [DEEPEST, 2, 1].find((shape) => {
    const { bits: width } = blocks[family];
    return Math.ceil(rows / shape) * Math.ceil((bits * shape) / width) <= least + 1;
  });
  const levels = Math.ceil(rows / (fold ?? 1));
  return bits * (levels - 1) * CHOICE[xilinx ? "lut6" : "lut4"];
}
