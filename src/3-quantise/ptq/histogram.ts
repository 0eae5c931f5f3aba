/** Distribution of an activation tensor's values, gathered map by map without knowing the range beforehand. */

/** Bins over [-limit, limit): even where all values have one sign, some 30 fall on each of 256 steps. */
const BINS = 16384;

export interface Histogram {
  /** A power of two above every magnitude so far; 0 before the first value. */
  limit: number;
  readonly bins: Float64Array;
  /** Exact zeros, which quantisation keeps, are counted here only. */
  zeros: number;
  least: number;
  most: number;
}

export function emptyHistogram(): Histogram {
  return { limit: 0, bins: new Float64Array(BINS), zeros: 0, least: 0, most: 0 };
}

/** Adds values [..., C], each times its channel's factor. */
export function observe(histogram: Histogram, values: Float32Array, factors?: Float32Array): void {
  const channels = factors?.length ?? 1;
  let [least, most] = [histogram.least, histogram.most];
  for (let i = 0; i < values.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      const x = factors ? values[i + c]! * factors[c]! : values[i + c]!;
      if (x < least) least = x;
      if (x > most) most = x;
    }
  }
  [histogram.least, histogram.most] = [least, most];
  widen(histogram, Math.max(-least, most));
  const { bins, limit } = histogram;
  const scale = limit === 0 ? 0 : BINS / 2 / limit;
  let zeros = 0;
  for (let i = 0; i < values.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      const x = factors ? values[i + c]! * factors[c]! : values[i + c]!;
      if (x === 0) zeros++;
      else bins[Math.floor(x * scale) + BINS / 2]!++;
    }
  }
  histogram.zeros += zeros;
}

/** Doubles the limit until it lies above `magnitude`; two bins become one. */
function widen(histogram: Histogram, magnitude: number): void {
  if (magnitude === 0) return;
  if (histogram.limit === 0) histogram.limit = 2 ** Math.floor(Math.log2(magnitude) + 1);
  while (histogram.limit <= magnitude) {
    const old = histogram.bins.slice();
    histogram.bins.fill(0);
    for (let i = 0; i < BINS; i++) histogram.bins[BINS / 4 + (i >> 1)]! += old[i]!;
    histogram.limit *= 2;
  }
}

/** The histogram as value and count pairs, rising, without the zeros and the empty bins. */
export interface Samples {
  readonly values: Float64Array;
  readonly counts: Float64Array;
  readonly least: number;
  readonly most: number;
}

/** Everything that several histograms hold. */
export function samplesOf(histograms: readonly Histogram[]): Samples {
  const pairs = histograms.flatMap(({ bins, limit }) =>
    Array.from(bins, (count, i) => ({ value: ((i + 0.5) / (BINS / 2) - 1) * limit, count })),
  );
  const filled = pairs.filter(({ count }) => count > 0).sort((a, b) => a.value - b.value);
  return {
    values: Float64Array.from(filled, ({ value }) => value),
    counts: Float64Array.from(filled, ({ count }) => count),
    least: Math.min(0, ...histograms.map((h) => h.least)),
    most: Math.max(0, ...histograms.map((h) => h.most)),
  };
}
