/** Where a multiplier may take its activation from in a sparse step: hw/rtl/operand_select.v has the same table. */

/** A place of the window of patch words that a step sees. */
export interface Place {
  /** Words behind the window's first. */
  readonly word: number;
  /** Columns to the right of the multiplier's own, modulo the multipliers of a lane. */
  readonly column: number;
}

/**
 * By number. The multiplier's own column first: what stands there in the window's first word needs no other place.
 * Of the tables of eight that were tried on SqueezeNet's pruned weights this one takes the fewest steps.
 */
export const places: readonly Place[] = [
  { word: 0, column: 0 },
  { word: 1, column: 0 },
  { word: 2, column: 0 },
  { word: 2, column: -2 },
  { word: 1, column: 1 },
  { word: 1, column: -1 },
  { word: 1, column: 4 },
  { word: 3, column: -3 },
];

/** Words that a step sees. */
export const WINDOW_WORDS = 4;

/** The most words of a patch: a step's first word has eight bits. */
export const MOST_PATCH_WORDS = 256;

/** Column of a place as a multiplier sees it. */
export function columnOf(multiplier: number, { column }: Place, pc: number): number {
  return (multiplier + column + pc) % pc;
}
