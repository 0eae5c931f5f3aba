import { item } from "../ir/known.ts";

/**
 * Zeros for all but the round(density * n) weights of the largest magnitude; of equal ones, the first stay. `magnitudes`
 * are those of the real weights, where `values` are integers of several scales.
 * Source: Han et al., Learning both Weights and Connections, arXiv 1506.02626, without the retraining.
 */
export function prune(values: Float32Array, magnitudes: Float32Array, density: number): Float32Array {
  const keep = Math.round(density * values.length);
  if (keep >= values.length) return values;
  const limit = magnitudes.toSorted()[values.length - keep] ?? Infinity;
  let equal = keep - magnitudes.reduce((above, m) => above + (m > limit ? 1 : 0), 0);
  return values.map((v, i) =>
    item(magnitudes, i) > limit || (magnitudes[i] === limit && equal-- > 0) ? v : 0,
  );
}
