/** Float convolution as dot products of patches with weights, eight at a time. */
import type { ConvNode } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";
import type { Shape } from "../../ir/shapes.ts";
import { elements } from "../../ir/shapes.ts";
import { pad, sizesOf } from "./maps.ts";
import type { Floats } from "./maps.ts";

/** Output channels that share the loads of a patch; with two pixels that makes eight sums, which fit registers. */
const BLOCK = 4;

/** What one call of the kernel walks: `taps` runs of `length` values that lie together in the map and in the weights. */
interface Patch {
  /** Offset of each run from the patch's first value. */
  readonly runs: Int32Array;
  readonly length: number;
}

/**
 * Convolution, [1, H, W, C] with weights [K, kh, kw, C / groups] -> [1, H', W', K].
 * Padding holds zeros.
 */
export function floatConv(
  node: Pick<ConvNode, "kernel" | "stride" | "dilation" | "padding" | "groups">,
  input: Floats,
  weights: Floats,
  bias: Float32Array | undefined,
  output: Shape,
): Float32Array {
  const { width, channels } = sizesOf(input.shape);
  const { height: rows, width: columns, channels: outputs } = sizesOf(output);
  const padded = pad(input, node.padding, 0);
  const rowSize = (width + node.padding.left + node.padding.right) * channels;
  const patch = patchOf(node, rowSize, channels);
  const corners = new Int32Array(rows * columns);
  for (let i = 0; i < corners.length; i++) {
    corners[i] =
      Math.floor(i / columns) * node.stride[0] * rowSize + (i % columns) * node.stride[1] * channels;
  }
  const result = new Float32Array(elements(output));
  const perGroup = outputs / node.groups;
  for (let group = 0; group < node.groups; group++) {
    const shift = (group * channels) / node.groups;
    const shifted = shift === 0 ? padded : padded.subarray(shift);
    multiply(shifted, corners, patch, weights.values, bias, result, outputs, group * perGroup, perGroup);
  }
  return result;
}

/** Fully connected layer, n values with weights [K, n] -> K values. */
export function floatDense(input: Floats, weights: Floats, bias: Float32Array | undefined): Float32Array {
  const outputs = item(weights.shape, 0);
  const result = new Float32Array(outputs);
  const patch = { runs: Int32Array.of(0), length: input.values.length };
  multiply(input.values, Int32Array.of(0), patch, weights.values, bias, result, outputs, 0, outputs);
  return result;
}

/** Rows of the kernel lie together in memory, unless columns are dilated or channels grouped: then every tap is a run. */
function patchOf(
  node: Pick<ConvNode, "kernel" | "dilation" | "groups">,
  rowSize: number,
  channels: number,
): Patch {
  const [kh, kw] = node.kernel;
  const joined = node.dilation[1] === 1 && node.groups === 1 ? kw : 1;
  const runs: number[] = [];
  for (let y = 0; y < kh; y++) {
    for (let x = 0; x < kw; x += joined) {
      runs.push(y * node.dilation[0] * rowSize + x * node.dilation[1] * channels);
    }
  }
  return { runs: Int32Array.from(runs), length: (joined * channels) / node.groups };
}

/** Output channels `first` to `first + count - 1` of every pixel. */
function multiply(
  x: Float32Array,
  corners: Int32Array,
  patch: Patch,
  weights: Float32Array,
  bias: Float32Array | undefined,
  result: Float32Array,
  channels: number,
  first: number,
  count: number,
): void {
  const size = patch.runs.length * patch.length;
  const sums = new Float64Array(2 * BLOCK);
  const block = new Float32Array(BLOCK * size);
  for (let k = first; k < first + count; k += BLOCK) {
    const used = Math.min(BLOCK, first + count - k);
    block.fill(0, used * size);
    block.set(weights.subarray(k * size, (k + used) * size));
    for (let p = 0; p < corners.length; p += 2) {
      // The second pixel of an odd last pair repeats the first one: the same value is written twice.
      const q = Math.min(p + 1, corners.length - 1);
      accumulate(x, block, patch, item(corners, p), item(corners, q), sums);
      for (let j = 0; j < used; j++) {
        const start = bias ? item(bias, k + j) : 0;
        result[p * channels + k + j] = start + sums[j]!;
        result[q * channels + k + j] = start + sums[BLOCK + j]!;
      }
    }
  }
}

/** Eight dot products: two patches by four output channels. */
function accumulate(
  x: Float32Array,
  w: Float32Array,
  { runs, length }: Patch,
  cornerP: number,
  cornerQ: number,
  sums: Float64Array,
): void {
  let [p0, p1, p2, p3] = [0, 0, 0, 0];
  let [q0, q1, q2, q3] = [0, 0, 0, 0];
  const size = runs.length * length;
  let wa = 0;
  for (let r = 0; r < runs.length; r++) {
    const run = item(runs, r);
    const p = cornerP + run;
    const q = cornerQ + run;
    const wb = wa + size;
    const wc = wb + size;
    const wd = wc + size;
    for (let i = 0; i < length; i++) {
      const xp = x[p + i]!;
      const xq = x[q + i]!;
      const a = w[wa + i]!;
      const b = w[wb + i]!;
      const c = w[wc + i]!;
      const d = w[wd + i]!;
      p0 += xp * a;
      p1 += xp * b;
      p2 += xp * c;
      p3 += xp * d;
      q0 += xq * a;
      q1 += xq * b;
      q2 += xq * c;
      q3 += xq * d;
    }
    wa += length;
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
