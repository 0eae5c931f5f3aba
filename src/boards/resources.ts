/** What a plan needs of a device, counted from the modules of hw/rtl without synthesis. */
import type { Plan } from "../4-schedule/plan.ts";
import type { Board } from "./schema.ts";

/** A memory of one read and one write port; `count` alike. */
export interface Ram {
  readonly name: string;
  readonly count: number;
  readonly words: number;
  /** Bits of a word. */
  readonly bits: number;
}

/** Up to so many words a memory is built of look-up tables, where the device can do that. */
const LUT_RAM_WORDS = 64;
/** DSP blocks of a 32 x 32 product: four 18 x 18 or 16 x 16 partial products. */
const WIDE_PRODUCT = 4;
/** Scales of a lane that adds a residual: of the result, of the residual, of the sum. */
const RESIDUAL_PRODUCTS = 3;

/** Words of a descriptor that row reader, row writer, weight loader and sequencer keep, each in a program_ram. */
const PROGRAM_WORDS = 8 + 8 + 8 + 40;
/** The same of another reader and the adder, and of the pool. */
const RESIDUAL_WORDS = 8 + 12;
const POOL_WORDS = 12;

/** The memories that need block RAM, as program_ram.v, lane.v, line_buffer.v, residual_add.v and max_pool.v build them. */
export function ramsOf({ hardware: hw }: Plan, board: Board): readonly Ram[] {
  const chunk = Math.min(hw.pc, hw.busBytes);
  const rams = hw.lineBuffers.map(({ banks, depth }, index): Ram => {
    const part = index === 0 ? hw.busBytes : hw.pk;
    return {
      name: `line buffer ${index}`,
      count: (banks * hw.lbBytes) / part,
      words: depth,
      bits: part * 8,
    };
  });
  rams.push(
    // one bit more than int8: the weight less its zero point
    { name: "weight ring", count: (hw.pk * hw.pc) / chunk, words: hw.weightDepth, bits: chunk * 9 },
    { name: "parameter ring", count: 3 * hw.pk, words: hw.paramDepth, bits: 32 },
  );
  if (hw.residualDepth > 0)
    rams.push({
      name: "residual buffer",
      count: hw.lbBytes / hw.busBytes,
      words: hw.residualDepth,
      bits: hw.busBytes * 8,
    });
  if (hw.pool)
    rams.push(
      { name: "pool row", count: 1, words: hw.pool.depth, bits: hw.pk * 8 },
      { name: "pool window", count: 1, words: hw.pool.groups, bits: hw.pk * 8 },
    );
  const words = PROGRAM_WORDS + (hw.residualDepth > 0 ? RESIDUAL_WORDS : 0) + (hw.pool ? POOL_WORDS : 0);
  rams.push({
    name: "program",
    count: (words * 4) / hw.busBytes,
    words: hw.maxBlocks,
    bits: hw.busBytes * 8,
  });
  // an iCE40 has no look-up tables that are memories
  const least = board.vendor === "lattice-ice40" ? 0 : LUT_RAM_WORDS;
  return rams.filter((ram) => ram.words > least);
}

/** Blocks of the board's block RAM that a memory takes: the best of the block's shapes. */
export function blocksOf({ count, words, bits }: Ram, board: Board): number {
  const each = board.resources.blockRam.shapes.map(
    ([depth, width]) => Math.ceil(words / depth) * Math.ceil(bits / width),
  );
  return count * Math.min(...each);
}

/**
 * DSP blocks: one for two multipliers of the array when it is packed, else one each; four a requantiser, one requantiser a
 * lane; twelve a lane more where residuals are added.
 */
export function dspsOf({ hardware: hw, multipliers }: Plan): number {
  const residual = hw.residualDepth > 0 ? RESIDUAL_PRODUCTS : 0;
  return multipliers / (hw.packed ? 2 : 1) + hw.pk * WIDE_PRODUCT * (1 + residual);
}

/** Bytes of external memory: program, weights and maps. */
export function memoryBytes({ regionBytes }: Plan): number {
  return Object.values(regionBytes).reduce((sum, bytes) => sum + bytes, 0);
}
