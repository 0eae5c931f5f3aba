/** Chooses the real range that an activation tensor's 256 steps cover. */
import type { Samples } from "./histogram.ts";
import { item } from "../../ir/known.ts";

export interface Range {
  /** A float32 value, widened exactly. */
  readonly scale: number;
  /** -128..127; -128 when no value is negative. */
  readonly zeroPoint: number;
  /** How the range was found: `maximum`, `percentile 99.99` or `error 0.82` (a share of the maximum). */
  readonly method: string;
}

/** Shares of the values that a percentile range covers. */
const PERCENTILES = [99.9, 99.99, 99.999] as const;
/** Shares of the extreme values that the search for the least error tries. */
const SHARES = Array.from({ length: 40 }, (_, i) => (i + 11) / 50);

interface Candidate {
  readonly low: number;
  readonly high: number;
  readonly method: string;
}

/**
 * The range with the least mean squared error of quantisation, clipping included, among the whole range, percentiles and a
 * grid of smaller ranges. Zero is always a step. `whole`: cover the extreme values whatever the error.
 */
export function searchRange(samples: Samples, whole = false): Range {
  const { least, most } = samples;
  if (least === 0 && most === 0) return { scale: 1 / 128, zeroPoint: -128, method: "maximum" };
  const candidates: Candidate[] = [{ low: least, high: most, method: "maximum" }];
  if (!whole) {
    for (const p of PERCENTILES) {
      candidates.push({ ...percentile(samples, p), method: `percentile ${p}` });
    }
    for (const high of SHARES) {
      for (const low of least === 0 ? [1] : SHARES) {
        const method = `error ${(least === 0 ? high : Math.min(high, low)).toFixed(2)}`;
        candidates.push({ low: least * low, high: most * high, method });
      }
    }
  }
  let best = rangeOf(item(candidates, 0));
  let bestError = Infinity;
  for (const candidate of candidates) {
    if (candidate.low === 0 && candidate.high === 0) continue;
    const range = rangeOf(candidate);
    const error = squaredError(samples, range, bestError);
    if (error < bestError) [best, bestError] = [range, error];
  }
  return best;
}

function rangeOf({ low, high, method }: Candidate): Range {
  const scale = Math.fround(Math.max(high - low, 1e-9) / 255);
  const zeroPoint = Math.min(127, Math.max(-128, Math.round(-128 - low / scale)));
  return { scale, zeroPoint, method };
}

/** Sum of squared differences between the values and their nearest steps; stops early beyond `limit`. */
function squaredError({ values, counts }: Samples, { scale, zeroPoint }: Range, limit: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const x = item(values, i);
    const q = Math.min(127, Math.max(-128, Math.round(x / scale) + zeroPoint));
    const difference = x - scale * (q - zeroPoint);
    sum += item(counts, i) * difference * difference;
    if (sum > limit) break;
  }
  return sum;
}

/** The values between which p % of the non-zero ones lie, half of the rest on each side where there are negative ones. */
function percentile({ values, counts, least, most }: Samples, p: number): { low: number; high: number } {
  const total = counts.reduce((sum, n) => sum + n, 0);
  const outside = (total * (1 - p / 100)) / (least < 0 && most > 0 ? 2 : 1);
  const reach = (indices: Iterable<number>): number => {
    let beyond = 0;
    for (const i of indices) {
      beyond += item(counts, i);
      if (beyond > outside) return item(values, i);
    }
    return 0;
  };
  const rising = values.keys();
  const falling = Array.from(values.keys()).reverse();
  return {
    low: least < 0 ? Math.min(0, reach(rising)) : 0,
    high: most > 0 ? Math.max(0, reach(falling)) : 0,
  };
}
