/** How many weights a file can rightly stand for: bounds that are known before any is allocated. */

/** A gap of 15 and the weight itself: an entry moves on by 16 positions at most. */
const REACH = 16;

/** Zeros behind the last entry, in all layers together, that no entry accounts for. */
const TRAILING_ZEROS = 1 << 24;

/**
 * The most weights that `entries` stored ones account for: the positions that they reach, as many zeros again behind
 * them, and 2^24 that pruning left out altogether.
 */
export function mostWeights(entries: number): number {
  return 2 * REACH * entries + TRAILING_ZEROS;
}
