/** One layer's weights as Deep Compression keeps them: a codebook, and for each stored weight a code and a gap. */
import { kMeans, nearestIndex } from "./k-means.ts";
import { item } from "../ir/known.ts";

/** Zeros between two stored weights, at most; more take an entry of code 0 for every 16 positions. */
const LONGEST_GAP = 15;

export interface CompressedLayer {
  /** Weights in all, most of them zeros. */
  readonly weights: number;
  /** Value of each code: 0 for code 0, which pads gaps, then ascending values other than 0. */
  readonly codebook: Float32Array;
  /** Code of each entry. */
  readonly codes: Uint8Array;
  /** Positions that each entry skips: it stands at sum over j <= i of (gap j + 1), minus 1. */
  readonly gaps: Uint8Array;
}

/**
 * `values`: the weights in the order of the entries, [outputs, C / groups, kh, kw]; zeros are not stored.
 * `bits`: of a code, 2 to 8. `integers`: the codebook holds whole numbers.
 */
export function compressLayer(values: Float32Array, bits: number, integers: boolean): CompressedLayer {
  const nonzero = Float64Array.from(values.filter((v) => v !== 0));
  const centroids = Float32Array.from(kMeans(nonzero, 2 ** bits - 1), (v) => (integers ? Math.round(v) : v));
  // Rounding can bring two centroids together, and weights that all but vanish need no entry.
  const different = centroids.filter((v, i) => v !== centroids[i - 1]);
  const codebook = Float32Array.of(0, ...different.filter((v) => v !== 0));
  const codes: number[] = [];
  const gaps: number[] = [];
  let last = -1;
  values.forEach((value, position) => {
    if (value === 0) return;
    const nearest = item(different, nearestIndex(different, value));
    if (nearest === 0) return;
    for (; position - last > LONGEST_GAP + 1; last += LONGEST_GAP + 1) {
      codes.push(0);
      gaps.push(LONGEST_GAP);
    }
    codes.push(codebook.indexOf(nearest));
    gaps.push(position - last - 1);
    last = position;
  });
  return { weights: values.length, codebook, codes: Uint8Array.from(codes), gaps: Uint8Array.from(gaps) };
}

/** The weights; undefined where an entry stands behind the last one or has a code that the codebook lacks. */
export function decompressLayer({
  weights,
  codebook,
  codes,
  gaps,
}: CompressedLayer): Float32Array | undefined {
  const values = new Float32Array(weights);
  let position = -1;
  for (const [i, code] of codes.entries()) {
    position += item(gaps, i) + 1;
    if (position >= weights || code >= codebook.length) return undefined;
    values[position] = item(codebook, code);
  }
  return values;
}
