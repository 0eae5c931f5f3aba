/** The weights of a phase as the loader reads them. */
import type { Phase, Segment } from "../plan.ts";

/** Segments of a phase in the order in which they are read. */
export function segmentsOf(p: Phase): { segment: Segment; wordsPerGroup: number }[] {
  if (!p.segment) return [];
  const own = { segment: p.segment, wordsPerGroup: p.wordsPerGroup };
  return p.centreTap ? [p.centreTap, own] : [own];
}
