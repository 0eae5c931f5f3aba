/** Distribution of every channel of an activation map, gathered picture by picture without knowing the range beforehand. */
import { item } from "../../ir/known.ts";

/** Bins of one sign of one channel, up to its limit: about eight for each of 256 steps. */
const BINS = 2048;
/** Bins of all channels together, from the least to the largest value. */
const MERGED = 16384;

export interface Histogram {
  readonly channels: number;
  /** A power of two above every magnitude of the channel so far; 0 before its first value but zero. */
  readonly limit: Float64Array;
  /** Bins of a magnitude of 1: BINS / limit, exactly. */
  readonly perUnit: Float64Array;
  /** [C, BINS]; exact zeros, which quantisation keeps, are not counted. Empty where only ends and squares are wanted. */
  readonly positive: Uint32Array;
  /** [C, BINS] by magnitude; absent until the first negative value. */
  negative?: Uint32Array;
  readonly least: Float64Array;
  readonly most: Float64Array;
  readonly squares: Float64Array;
  /** Values seen of each channel, zeros included. */
  count: number;
}

export function emptyHistogram(channels: number, isBinned = true): Histogram {
  const each = () => new Float64Array(channels);
  const ends = { limit: each(), perUnit: each(), least: each(), most: each() };
  const positive = new Uint32Array(isBinned ? channels * BINS : 0);
  return { channels, ...ends, positive, squares: each(), count: 0 };
}

/** Channels that are walked together: their values lie in one line of a processor's cache, their bins in the cache. */
const TOGETHER = 16;

/** Adds values [..., C]. */
export function observe(histogram: Histogram, values: Float32Array): void {
  const { channels } = histogram;
  histogram.count += values.length / channels;
  if (histogram.positive.length === 0) {
    observeEnds(histogram, values);
    return;
  }
  for (let first = 0; first < channels; first += TOGETHER)
    observeChannels(histogram, values, first, Math.min(channels, first + TOGETHER));
}

function observeEnds({ channels, least, most, squares }: Histogram, values: Float32Array): void {
  for (let i = 0; i < values.length; i += channels) {
    for (let c = 0; c < channels; c++) {
      const x = values[i + c]!;
      squares[c]! += x * x;
      if (x < least[c]!) least[c] = x;
      else if (x > most[c]!) most[c] = x;
    }
  }
}

/** Channels `first` to `end - 1` of values [..., C]. */
function observeChannels(histogram: Histogram, values: Float32Array, first: number, end: number): void {
  const { channels, limit, perUnit, least, most, squares, positive } = histogram;
  for (let i = 0; i < values.length; i += channels) {
    for (let c = first; c < end; c++) {
      const x = values[i + c]!;
      if (x === 0) continue;
      squares[c]! += x * x;
      if (x < least[c]!) least[c] = x;
      if (x > most[c]!) most[c] = x;
      const magnitude = Math.abs(x);
      if (magnitude >= limit[c]!) widen(histogram, c, magnitude);
      const bin = c * BINS + ((magnitude * perUnit[c]!) | 0);
      if (x > 0) positive[bin]!++;
      else (histogram.negative ??= new Uint32Array(positive.length))[bin]!++;
    }
  }
}

/** Doubles the channel's limit until it lies above `magnitude`; two bins become one. */
function widen(histogram: Histogram, channel: number, magnitude: number): void {
  const { limit, negative, perUnit, positive } = histogram;
  if (limit[channel] === 0) limit[channel] = 2 ** Math.floor(Math.log2(magnitude) + 1);
  while (item(limit, channel) <= magnitude) {
    for (const list of negative ? [positive, negative] : [positive]) {
      const bins = list.subarray(channel * BINS, (channel + 1) * BINS);
      for (let i = 0; i < BINS / 2; i++) bins[i] = bins[2 * i]! + bins[2 * i + 1]!;
      bins.fill(0, BINS / 2);
    }
    limit[channel] = item(limit, channel) * 2;
  }
  perUnit[channel] = BINS / item(limit, channel);
}

/** Adds what another histogram of as many channels has seen; as if its values had been observed, but for the order of sums. */
export function addHistogram(histogram: Histogram, other: Histogram): void {
  histogram.count += other.count;
  if (other.negative) histogram.negative ??= new Uint32Array(histogram.positive.length);
  for (let c = 0; c < histogram.channels; c++) {
    histogram.least[c] = Math.min(item(histogram.least, c), item(other.least, c));
    histogram.most[c] = Math.max(item(histogram.most, c), item(other.most, c));
    histogram.squares[c]! += item(other.squares, c);
    const limit = item(other.limit, c);
    // without a value but zero, or without bins
    if (limit === 0) continue;
    // the limit is the power of two above a magnitude: of half of it, the same
    if (limit > item(histogram.limit, c)) widen(histogram, c, limit / 2);
    const narrower = Math.log2(item(histogram.limit, c) / limit);
    addBins(histogram.positive, other.positive, c, narrower);
    if (histogram.negative && other.negative) addBins(histogram.negative, other.negative, c, narrower);
  }
}

/** Bins of a channel, of which 2^narrower of the other make one. */
function addBins(bins: Uint32Array, other: Uint32Array, channel: number, narrower: number): void {
  const first = channel * BINS;
  for (let i = 0; i < BINS; i++) bins[first + (i >> narrower)]! += other[first + i]!;
}

/** A distribution as value and count pairs, rising, without zeros and empty bins. */
export interface Samples {
  readonly values: Float64Array;
  readonly counts: Float64Array;
  readonly least: number;
  readonly most: number;
}

/** Everything that several histograms hold, each channel times its factor. */
export function samplesOf(
  parts: readonly { readonly histogram: Histogram; readonly factors?: Float32Array | undefined }[],
): Samples {
  let [least, most] = [0, 0];
  for (const { histogram, factors } of parts) {
    for (let c = 0; c < histogram.channels; c++) {
      least = Math.min(least, item(histogram.least, c) * (factors?.[c] ?? 1));
      most = Math.max(most, item(histogram.most, c) * (factors?.[c] ?? 1));
    }
  }
  const width = (most - least) / MERGED;
  const merged = new Float64Array(MERGED);
  const add = (value: number, count: number) => {
    const bin = Math.max(0, Math.min(MERGED - 1, Math.floor((value - least) / width)));
    merged[bin] = item(merged, bin) + count;
  };
  for (const { histogram, factors } of parts) {
    const { positive, negative } = histogram;
    for (let i = 0; i < positive.length; i++) {
      const below = negative?.[i] ?? 0;
      if (positive[i] === 0 && below === 0) continue;
      const c = Math.floor(i / BINS);
      const value = (((i % BINS) + 0.5) / BINS) * item(histogram.limit, c) * (factors?.[c] ?? 1);
      if (item(positive, i) > 0) add(value, item(positive, i));
      if (below > 0) add(-value, below);
    }
  }
  const filled = Array.from(merged.keys()).filter((i) => item(merged, i) > 0);
  return {
    values: Float64Array.from(filled, (i) => least + (i + 0.5) * width),
    counts: Float64Array.from(filled, (i) => item(merged, i)),
    least,
    most,
  };
}
