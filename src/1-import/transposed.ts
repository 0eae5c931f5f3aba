/**
 * Transposed convolutions as ordinary ones: of the outputs, every stride-th is a convolution of the map with every stride-th tap
 * of the kernel, so that stride * stride convolutions, woven together, make all. Each output sums the same products.
 */
import { item } from "../ir/known.ts";

/** Sizes along one axis. Output o sums input i times tap f where o = i * stride + f * dilation - crop. */
export interface TransposedAxis {
  readonly size: number;
  readonly made: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly crop: number;
}

/** Along one axis, the convolution of stride 1 that makes outputs first, first + stride and so on. */
export interface Phase {
  /** The kernel's taps in the order in which they meet the map; `NO_TAP` for a zero. */
  readonly taps: readonly number[];
  /** Zeros around the map. */
  readonly before: number;
  readonly after: number;
}

export const NO_TAP = -1;

/** One phase for each of `stride` first outputs, all of ceil(made / stride) outputs. */
export function phasesOf(axis: TransposedAxis): Phase[] {
  const { made, size, stride } = axis;
  const count = Math.ceil(made / stride);
  return Array.from({ length: stride }, (_, first) => {
    const met = tapsAt(axis, first);
    // the input that tap j meets is q + offset + j for output q, where taps run backwards
    const offsets = [...met.keys()];
    const [least, most] = offsets.length > 0 ? [Math.min(...offsets), Math.max(...offsets)] : [0, 0];
    const from = Math.min(least, 0);
    // taps that would leave rows of the map without a place get zeros beside them
    const to = Math.max(most, size - count);
    const taps = Array.from({ length: to - from + 1 }, (_, j) => met.get(from + j) ?? NO_TAP);
    return { taps, before: -from, after: count - 1 + to - (size - 1) };
  });
}

/** Taps by how far the input that they meet lies behind the output's place in its phase. */
function tapsAt({ kernel, stride, dilation, crop }: TransposedAxis, first: number): Map<number, number> {
  const taps = new Map<number, number>();
  for (let tap = 0; tap < kernel; tap++) {
    const distance = first + crop - tap * dilation;
    if (distance % stride === 0) taps.set(distance / stride, tap);
  }
  return taps;
}

/**
 * The kernel of one phase down and one across: [K, kh, kw, C] -> [K, taps down, taps across, C]; taps that are none are `zero`.
 */
export function phaseKernel<Data extends Float32Array | Int8Array | Uint8Array>(
  weights: Data,
  [outputs = 0, rows = 0, columns = 0, channels = 0]: readonly number[],
  down: Phase,
  across: Phase,
  zero: number,
): Data {
  const size = outputs * down.taps.length * across.taps.length * channels;
  const Values = weights.constructor as new (length: number) => Data;
  const kernel = new Values(size).fill(zero) as Data;
  let to = 0;
  for (let k = 0; k < outputs; k++)
    for (const row of down.taps)
      for (const column of across.taps) {
        const isTap = row !== NO_TAP && column !== NO_TAP;
        const from = ((k * rows + row) * columns + column) * channels;
        if (isTap) for (let c = 0; c < channels; c++) kernel[to + c] = item(weights, from + c);
        to += channels;
      }
  return kernel;
}
