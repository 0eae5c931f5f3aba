/**
 * Error-compensated rounding: each weight is rounded in turn, and the weights after it make up for its error as far as
 * the inputs go together (Frantar et al. 2022, GPTQ, arXiv 2210.17323, on the covariance of the inputs, because the bias
 * takes up every shift of the mean).
 */
import type { Padding } from "../../ir/graph.ts";
import { assert } from "../../ir/errors.ts";
import { item } from "../../ir/known.ts";
import { integerProducts } from "../../products/index.ts";

/** Share of the mean variance that is added to every variance: keeps few patches from being taken for the whole truth. */
const DAMPING = 0.01;

export interface PatchWindow {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: Padding;
}

export interface PatchSource extends PatchWindow {
  /** Input maps [H, W, C], zero point subtracted and inside their padding. */
  readonly maps: readonly Int16Array[];
  /** Of the padded maps. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Differences have 9 bits: sums of so many of their products stay within 32. */
const MOST_PATCHES = 2 ** 15;

/** Covariance [n, n] of patches of n = kh * kw * C values, from about `wanted` of them, at most MOST_PATCHES, evenly spread. */
export function patchCovariance(source: PatchSource, wanted: number): Float64Array {
  const { maps, height, width, channels, kernel, stride, dilation } = source;
  const rows = Math.floor((height - (kernel[0] - 1) * dilation[0] - 1) / stride[0]) + 1;
  const columns = Math.floor((width - (kernel[1] - 1) * dilation[1] - 1) / stride[1]) + 1;
  const size = kernel[0] * kernel[1] * channels;
  const all = maps.length * rows * columns;
  const taken = Math.min(all, wanted);
  assert(taken <= MOST_PATCHES, `${taken} patches, of which sums pass 32 bits`);
  const samples = new Int16Array(size * taken);
  for (let t = 0; t < taken; t++)
    readPatch(source, rows, columns, Math.floor((t * all) / taken), samples, t, taken);
  const mean = Float64Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let t = 0; t < taken; t++) sum += samples[i * taken + t]!;
    return sum / taken;
  });
  const result = new Float64Array(size * size);
  const corners = Int32Array.from({ length: size }, (_, i) => i * taken);
  const patches = { corners, runs: Int32Array.of(0), length: taken };
  integerProducts(samples, patches, samples, size, (sums, { patch, count, output, block }) => {
    for (let i = patch; i < patch + count; i++)
      for (let j = output; j < Math.min(size, output + block); j++)
        result[i * size + j] = sums[(i - patch) * block + j - output]! / taken - mean[i]! * mean[j]!;
  });
  return result;
}

/** Patch `index` [kh, kw, C] of all maps' `rows` x `columns` patches each, into column `t` of `samples` [kh, kw, C, taken]. */
function readPatch(
  source: PatchSource,
  rows: number,
  columns: number,
  index: number,
  samples: Int16Array,
  t: number,
  taken: number,
): void {
  const { maps, width, channels, kernel, stride, dilation } = source;
  const position = index % (rows * columns);
  const map = item(maps, Math.floor(index / (rows * columns)));
  const top = Math.floor(position / columns) * stride[0];
  const left = (position % columns) * stride[1];
  let at = 0;
  for (let ky = 0; ky < kernel[0]; ky++) {
    for (let kx = 0; kx < kernel[1]; kx++, at += channels) {
      const pixel = ((top + ky * dilation[0]) * width + left + kx * dilation[1]) * channels;
      for (let c = 0; c < channels; c++) samples[(at + c) * taken + t] = map[pixel + c]!;
    }
  }
}

/**
 * Rounds weights [K, n] to int8 steps of `scales` so that sum of w * x keeps its variations for inputs of the given
 * covariance [n, n].
 */
export function compensatedRounding(
  weights: Float32Array,
  scales: readonly number[],
  covariance: Float64Array,
): Int8Array {
  const size = Math.round(Math.sqrt(covariance.length));
  const variances = Float64Array.from({ length: size }, (_, i) => item(covariance, i * size + i));
  const damping = (DAMPING * variances.reduce((sum, v) => sum + v, 0)) / size || 1;
  // Inputs that vary most come first: their errors have the most weights left to make up for them.
  const order = Array.from(variances.keys()).sort((a, b) => item(variances, b) - item(variances, a) || a - b);
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const from = item(order, i) * size;
    for (let j = 0; j < size; j++) matrix[i * size + j] = covariance[from + order[j]!]!;
    matrix[i * size + i] = item(matrix, i * size + i) + damping;
  }
  const upper = inverseUpperFactor(matrix, size);
  const result = new Int8Array(weights.length);
  const row = new Float64Array(size);
  for (const [k, scale] of scales.entries()) {
    for (let i = 0; i < size; i++) row[i] = weights[k * size + order[i]!]!;
    for (let i = 0; i < size; i++) {
      const weight = row[i]!;
      const step = Math.min(127, Math.max(-127, Math.round(weight / scale)));
      result[k * size + order[i]!] = step;
      const error = (weight - step * scale) / upper[i * size + i]!;
      addTimes(row, i + 1, -error, upper, i * size + i + 1, size - i - 1);
    }
  }
  return result;
}

/** U, upper triangular, with transpose(U) U = inverse of a positive definite matrix. */
function inverseUpperFactor(matrix: Float64Array, size: number): Float64Array {
  // A = V transpose(V) with V upper, from the last row up; then the inverse is transpose(U) U with U = inverse of V.
  const v = new Float64Array(size * size);
  for (let i = size - 1; i >= 0; i--) {
    for (let j = i; j >= 0; j--) {
      const sum = minusProducts(matrix[j * size + i]!, v, j * size + i + 1, i * size + i + 1, size - i - 1);
      if (j === i) v[i * size + i] = Math.sqrt(Math.max(sum, 1e-12));
      else v[j * size + i] = sum / v[i * size + i]!;
    }
  }
  const u = new Float64Array(size * size);
  for (let i = size - 1; i >= 0; i--) {
    const diagonal = 1 / item(v, i * size + i);
    u[i * size + i] = diagonal;
    for (let m = i + 1; m < size; m++) {
      const factor = -v[i * size + m]! * diagonal;
      if (factor === 0) continue;
      addTimes(u, i * size + m, factor, u, m * size + m, size - m);
    }
  }
  return u;
}

// The inner loops, alone: V8 keeps what they walk in registers only where nothing else of their function gets in the way.

/** target[at + j] += factor * list[from + j] for `count` entries. */
function addTimes(
  target: Float64Array,
  at: number,
  factor: number,
  list: Float64Array,
  from: number,
  count: number,
): void {
  for (let j = 0; j < count; j++) target[at + j]! += factor * list[from + j]!;
}

/** `start` minus the products of `count` entries of a list from `a` on and from `b` on, in their order. */
function minusProducts(start: number, list: Float64Array, a: number, b: number, count: number): number {
  let sum = start;
  for (let m = 0; m < count; m++) sum -= list[a + m]! * list[b + m]!;
  return sum;
}
