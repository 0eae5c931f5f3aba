/** Borders that repeat what lies at the edge of a map. */

/**
 * Which elements of the map a border has: the outermost one, those from the outermost one inwards, or those from its
 * neighbour inwards.
 */
export type Border = "edge" | "symmetric" | "reflect";

/** A run of neighbouring elements along an axis. */
export interface Run {
  readonly begin: number;
  readonly count: number;
}

/** An axis of `size` elements with `before` and `behind` more, as runs of the map's; undefined where those are too few. */
export function borderedRuns(
  size: number,
  before: number,
  behind: number,
  border: Border,
): readonly Run[] | undefined {
  const most = border === "edge" ? Infinity : border === "symmetric" ? size : size - 1;
  if (before > most || behind > most) return undefined;
  const first = border === "reflect" ? 1 : 0;
  const inwards = (i: number) => (border === "edge" ? 0 : first + i);
  const one = (begin: number): Run => ({ begin, count: 1 });
  const front = Array.from({ length: before }, (_, i) => one(inwards(before - 1 - i)));
  const back = Array.from({ length: behind }, (_, i) => one(size - 1 - inwards(i)));
  return [...front, { begin: 0, count: size }, ...back];
}
