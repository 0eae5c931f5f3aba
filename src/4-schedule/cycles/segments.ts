/** The weights of a phase as the loader reads them. */
import type { Phase, Segment } from "../plan.ts";

export interface Weights {
  readonly segment: Segment;
  readonly wordsPerGroup: number;
}

/** Segments of a phase in the order in which they are read. */
export function segmentsOf({ centreTap, segment, wordsPerGroup }: Phase): readonly Weights[] {
  if (!segment) return [];
  const own = { segment, wordsPerGroup };
  return centreTap ? [centreTap, own] : [own];
}
