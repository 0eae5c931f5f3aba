import { optimalClusters } from "./optimal-clusters.ts";
import { item } from "../ir/known.ts";

/** Rounds of Lloyd's algorithm at most; it stops where no weight changes its cluster. */
const ROUNDS = 1000;

/**
 * At most `count` values that stand for all of `values` with a small squared error, ascending, none of them twice.
 * Where `values` has that few different ones, they are the result.
 * Source: Deep Compression, Han, Mao, Dally, arXiv 1510.00149, section 3. The paper begins with centroids evenly between
 * the smallest and the largest weight and retrains afterwards; without retraining that start leaves many centroids in
 * the empty tails (SqueezeNet at 6 bits: 19 to 29 dB over the error, where the best clusters have 30 to 33), so this one
 * begins at the best clusters of groups of neighbouring weights.
 * Clusters are intervals of the sorted values, so each round costs one search for each boundary.
 */
export function kMeans(values: Float64Array, count: number): Float64Array {
  const sorted = values.toSorted();
  const different = sorted.filter((v, i) => i === 0 || v !== sorted[i - 1]);
  if (different.length <= count) return different;
  const sums = new Float64Array(sorted.length + 1);
  sorted.forEach((v, i) => (sums[i + 1] = item(sums, i) + v));
  let centroids = optimalClusters(sorted, count);
  let before: Uint32Array = new Uint32Array(0);
  for (let round = 0; round < ROUNDS; round++) {
    const starts = clusterStarts(sorted, centroids);
    if (starts.length === before.length && starts.every((start, i) => start === before[i])) break;
    before = starts;
    centroids = centroids.map((old, i) => {
      const [from, to] = [item(starts, i), item(starts, i + 1)];
      return to > from ? (item(sums, to) - item(sums, from)) / (to - from) : old;
    });
  }
  return centroids.filter((_, i) => item(before, i + 1) > item(before, i));
}

/** Where each centroid's cluster begins in the sorted values; one entry more for the end. */
function clusterStarts(sorted: Float64Array, centroids: Float64Array): Uint32Array {
  const starts = new Uint32Array(centroids.length + 1);
  starts[centroids.length] = sorted.length;
  for (let i = 1; i < centroids.length; i++) {
    starts[i] = firstAbove(sorted, (item(centroids, i - 1) + item(centroids, i)) / 2);
  }
  return starts;
}

/** Index of the first value above `limit`. */
function firstAbove(sorted: Float64Array | Float32Array, limit: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] ?? NaN) > limit) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** Index of the nearest value; of two that are as near, the smaller. `ascending` is not empty. */
export function nearestIndex(ascending: Float32Array, value: number): number {
  const above = firstAbove(ascending, value);
  if (above === 0) return 0;
  if (above === ascending.length) return above - 1;
  return value - item(ascending, above - 1) <= item(ascending, above) - value ? above - 1 : above;
}
