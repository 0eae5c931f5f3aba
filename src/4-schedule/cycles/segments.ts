/** The weights of a phase as the loader reads them. */
import type { Phase, Segment } from "../plan.ts";

interface Weights {
  readonly segment: Segment;
  readonly wordsPerGroup: number;
  readonly isSparse: boolean;
}

/** Segments of a phase in the order in which they are read. */
export function segmentsOf({ centreTap, segment, sparse, wordsPerGroup }: Phase): readonly Weights[] {
  if (!segment) return [];
  const isSparse = sparse !== null;
  const own = { segment, wordsPerGroup, isSparse };
  return centreTap ? [{ ...centreTap, isSparse }, own] : [own];
}
