/** The change of array or buffers that makes a network fit a board, found by trying. */
import type { BufferOptions } from "../4-schedule/size.ts";
import { fits, type Use } from "./fit.ts";

/** Lanes, and multipliers a lane. */
export interface ArraySize {
  readonly pk: number;
  readonly pc: number;
  /** Two products a DSP block; the board decides. */
  readonly packed?: boolean | undefined;
  /** Lanes that share DSP blocks share a requantiser too, whatever that takes of cycles; the board decides. */
  readonly sharedRequantisers?: boolean | undefined;
  /** Convolutions whose zeros take no multiplier: always, never, or where that saves much. */
  readonly sparse?: boolean | undefined;
}

/** What one array with these buffers uses. */
type Attempt = (array: ArraySize, buffers: BufferOptions | undefined) => readonly Use[];

/** Words of the weight ring and bytes of line buffer 1, largest first; a network that needs more gets more. */
const smallerBuffers: readonly (BufferOptions & { readonly weightWords: number })[] = [
  { weightWords: 512 },
  { weightWords: 256 },
  { weightWords: 256, lineBytes: 8192 },
  { weightWords: 128, lineBytes: 1024 },
];

/**
 * Options of the command line with which everything fits: the largest of the smaller arrays, else `array` with smaller buffers,
 * else the smallest array with them; null when none does.
 */
export function changeThatFits(
  attempt: Attempt,
  array: ArraySize,
  buffers: BufferOptions | undefined,
  arrays: readonly ArraySize[],
): string | null {
  const smaller = arrays.filter(({ pc, pk }) => pk * pc < array.pk * array.pc);
  const found = smaller.find((other) => fits(attempt(other, buffers)));
  if (found) return `--array ${found.pk}x${found.pc}`;
  for (const tried of new Set([array, smaller.at(-1) ?? array])) {
    const less = smallerBuffers.find((one) => fits(attempt(tried, one)));
    if (less === undefined) continue;
    const { lineBytes, weightWords } = less;
    const parts = [`weights=${weightWords}`, ...(lineBytes === undefined ? [] : [`lines=${lineBytes}`])];
    return `--array ${tried.pk}x${tried.pc} --buffers ${parts.join(",")}`;
  }
  return null;
}
