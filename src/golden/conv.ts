import { assert } from "../ir/errors.ts";
import type { IntConv, IntGraph, IntMap } from "../ir/integer.ts";
import { assertWindowFits, differences, sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";
import { requantiser } from "./requantise.ts";
import { item } from "../ir/known.ts";

/** Output channels that share the loads of a patch; with two pixels it keeps eight sums in registers. */
const BLOCK = 4;

/** Contiguous part of a patch: `length` values at `input` beyond the patch's corner meet weights from `weight` on. */
interface Run {
  readonly input: number;
  readonly weight: number;
  readonly length: number;
}

/**
 * Convolution and fully connected layers. Input [H, W, C], weights [K][kh][kw][C], output [H', W', K].
 * Source: TFLite's reference_integer_ops::ConvPerChannel and reference_ops::Conv.
 */
export function conv(
  node: IntConv,
  input: Filled,
  output: IntMap,
  rounding?: IntGraph["rounding"],
): Int8Array {
  const channels = output.channels;
  const patch = node.kernel[0] * node.kernel[1] * input.map.channels;
  assert(node.weights.length === channels * patch, `${node.name}: weights do not match the maps`);
  const padded = differences(input, node.padding);
  assertWindowFits(node.name, padded, output, node);
  const result = new Int8Array(sizeOf(output));
  const weights = wholeBlocks(node.weights, patch, channels);
  const runs = patchRuns(node, padded.width, input.map.channels);
  const corners = patchCorners(node, padded.width * input.map.channels, input.map.channels, output);
  const sums = new Int32Array(2 * BLOCK);
  const finish = requantiser(node.requantize, output.zeroPoint, rounding);
  for (let k = 0; k < channels; k += BLOCK) {
    const last = Math.min(k + BLOCK, channels);
    for (let p = 0; p < corners.length; p += 2) {
      // The second pixel of an odd last pair repeats the first one: the same value is written twice.
      const q = Math.min(p + 1, corners.length - 1);
      accumulate(padded.values, weights, runs, item(corners, p), item(corners, q), k * patch, patch, sums);
      for (let j = k; j < last; j++) {
        // The bias wraps at 32 bits, as the accumulator does.
        const bias = node.bias[j]!;
        result[p * channels + j] = finish((bias + sums[j - k]!) | 0, j);
        result[q * channels + j] = finish((bias + sums[BLOCK + j - k]!) | 0, j);
      }
    }
  }
  return result;
}

/** Weights with output channels of zeros added up to a whole number of blocks. */
function wholeBlocks(weights: Int16Array, patch: number, channels: number): Int16Array {
  if (channels % BLOCK === 0) return weights;
  const result = new Int16Array(Math.ceil(channels / BLOCK) * BLOCK * patch);
  result.set(weights);
  return result;
}

/** Kernel rows are contiguous in memory unless the columns are dilated; then every tap is a run of its own. */
function patchRuns(node: IntConv, paddedWidth: number, channels: number): Run[] {
  const [kh, kw] = node.kernel;
  const [dh, dw] = node.dilation;
  const joined = dw === 1 ? kw : 1;
  const runs: Run[] = [];
  for (let y = 0; y < kh; y++) {
    for (let x = 0; x < kw; x += joined) {
      runs.push({
        input: (y * dh * paddedWidth + x * dw) * channels,
        weight: (y * kw + x) * channels,
        length: joined * channels,
      });
    }
  }
  return runs;
}

/** Offset of the first value of every output pixel's patch, in row order. */
function patchCorners(node: IntConv, rowSize: number, channels: number, output: IntMap): Int32Array {
  const corners = new Int32Array(output.height * output.width);
  for (let y = 0; y < output.height; y++) {
    for (let x = 0; x < output.width; x++) {
      corners[y * output.width + x] = y * node.stride[0] * rowSize + x * node.stride[1] * channels;
    }
  }
  return corners;
}

/** Eight dot products, two patches by four output channels; every sum wraps at 32 bits. */
function accumulate(
  x: Int16Array,
  w: Int16Array,
  runs: readonly Run[],
  cornerP: number,
  cornerQ: number,
  firstWeight: number,
  patch: number,
  sums: Int32Array,
): void {
  let [p0, p1, p2, p3] = [0, 0, 0, 0];
  let [q0, q1, q2, q3] = [0, 0, 0, 0];
  for (const run of runs) {
    const p = cornerP + run.input;
    const q = cornerQ + run.input;
    const wa = firstWeight + run.weight;
    const wb = wa + patch;
    const wc = wb + patch;
    const wd = wc + patch;
    const length = run.length;
    for (let i = 0; i < length; i++) {
      const xp = x[p + i]!;
      const xq = x[q + i]!;
      const a = w[wa + i]!;
      const b = w[wb + i]!;
      const c = w[wc + i]!;
      const d = w[wd + i]!;
      p0 = (p0 + Math.imul(xp, a)) | 0;
      p1 = (p1 + Math.imul(xp, b)) | 0;
      p2 = (p2 + Math.imul(xp, c)) | 0;
      p3 = (p3 + Math.imul(xp, d)) | 0;
      q0 = (q0 + Math.imul(xq, a)) | 0;
      q1 = (q1 + Math.imul(xq, b)) | 0;
      q2 = (q2 + Math.imul(xq, c)) | 0;
      q3 = (q3 + Math.imul(xq, d)) | 0;
    }
  }
  sums[0] = p0;
  sums[1] = p1;
  sums[2] = p2;
  sums[3] = p3;
  sums[4] = q0;
  sums[5] = q1;
  sums[6] = q2;
  sums[7] = q3;
}
