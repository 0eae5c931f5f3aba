import { item, lastItem } from "../ir/known.ts";

/** Groups of neighbouring values that the search treats as one: at most as many of equal size, and as many of equal width. */
const GROUPS = 1024;

/** Groups of a sorted list: how many values lie before each, and the sums of those and of their squares. */
interface Groups {
  readonly starts: readonly number[];
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

/**
 * Means of the `count` intervals of `sorted` with the smallest squared error, ascending: dynamic programming over the
 * last interval's beginning, which never moves back as the end moves on, so that each step can be divided in halves.
 * Exact for lists of few different values; for others no interval ends inside a group. Rows: O(count * n * log n).
 */
export function optimalClusters(sorted: Float64Array, count: number): Float64Array {
  const groups = groupValues(sorted);
  const n = groups.starts.length;
  const intervals = Math.min(count, n);
  let errors = Float64Array.from({ length: n + 1 }, (_, end) => (end > 0 ? errorOf(groups, 0, end) : 0));
  const beginnings: Uint32Array[] = [];
  for (let used = 1; used < intervals; used++) {
    const step = addInterval(groups, errors, used);
    errors = step.errors;
    beginnings.push(step.beginnings);
  }
  const means: number[] = [];
  let end = n;
  for (let used = intervals - 1; used >= 0; used--) {
    const begin = used > 0 ? item(item(beginnings, used - 1), end) : 0;
    means.unshift(
      (item(groups.sums, end) - item(groups.sums, begin)) /
        (item(groups.counts, end) - item(groups.counts, begin)),
    );
    end = begin;
  }
  return Float64Array.from(means);
}

/** Equal values stay together; a group ends where it is large or wide enough. */
function groupValues(sorted: Float64Array): Groups {
  const size = sorted.length / GROUPS;
  const width = (lastItem(sorted) - item(sorted, 0)) / GROUPS;
  const different = sorted.reduce((sum, v, i) => sum + (v === sorted[i - 1] ? 0 : 1), 0);
  const starts: number[] = [];
  sorted.forEach((v, i) => {
    const start = starts.at(-1);
    if (start === undefined) starts.push(i);
    else if (v === sorted[i - 1]) return;
    else if (different <= GROUPS || i - start >= size || v - item(sorted, start) > width) starts.push(i);
  });
  const ends = [...starts.slice(1), sorted.length];
  const counts = new Float64Array(starts.length + 1);
  const sums = new Float64Array(starts.length + 1);
  const squares = new Float64Array(starts.length + 1);
  starts.forEach((start, g) => {
    const values = sorted.subarray(start, ends[g]);
    counts[g + 1] = item(counts, g) + values.length;
    sums[g + 1] = item(sums, g) + values.reduce((sum, v) => sum + v, 0);
    squares[g + 1] = item(squares, g) + values.reduce((sum, v) => sum + v * v, 0);
  });
  return { starts, counts, sums, squares };
}

/** Squared error of the groups `begin` to `end` - 1 from their mean. */
function errorOf({ counts, sums, squares }: Groups, begin: number, end: number): number {
  const sum = item(sums, end) - item(sums, begin);
  return item(squares, end) - item(squares, begin) - (sum * sum) / (item(counts, end) - item(counts, begin));
}

/** From the smallest errors with `used` intervals up to each end, those with one more, and where the last one begins. */
function addInterval(groups: Groups, before: Float64Array, used: number) {
  const n = groups.starts.length;
  const errors = new Float64Array(n + 1).fill(Infinity);
  const beginnings = new Uint32Array(n + 1);
  const solve = (firstEnd: number, lastEnd: number, least: number, most: number): void => {
    if (firstEnd > lastEnd) return;
    const end = (firstEnd + lastEnd) >> 1;
    for (let begin = least; begin <= Math.min(most, end - 1); begin++) {
      const error = item(before, begin) + errorOf(groups, begin, end);
      if (error < item(errors, end)) {
        errors[end] = error;
        beginnings[end] = begin;
      }
    }
    solve(firstEnd, end - 1, least, item(beginnings, end));
    solve(end + 1, lastEnd, item(beginnings, end), most);
  };
  solve(used + 1, n, used, n - 1);
  return { errors, beginnings };
}
