/** Float convolution as dot products of patches with weights. */
import type { ConvNode } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";
import { floatProducts, type Patches } from "../../products/index.ts";
import type { Shape } from "../../ir/shapes.ts";
import { elements } from "../../ir/shapes.ts";
import { pad, sizesOf } from "./maps.ts";
import type { Floats } from "./maps.ts";

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
    multiply(
      shifted,
      { corners, ...patch },
      weights.values,
      bias,
      result,
      outputs,
      group * perGroup,
      perGroup,
    );
  }
  return result;
}

/** Fully connected layer, n values with weights [K, n] -> K values. */
export function floatDense(input: Floats, weights: Floats, bias: Float32Array | undefined): Float32Array {
  const outputs = item(weights.shape, 0);
  const result = new Float32Array(outputs);
  const patches = { corners: Int32Array.of(0), runs: Int32Array.of(0), length: input.values.length };
  multiply(input.values, patches, weights.values, bias, result, outputs, 0, outputs);
  return result;
}

/** Rows of the kernel lie together in memory, unless columns are dilated or channels grouped: then every tap is a run. */
function patchOf(
  node: Pick<ConvNode, "kernel" | "dilation" | "groups">,
  rowSize: number,
  channels: number,
): Omit<Patches, "corners"> {
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
  patches: Patches,
  weights: Float32Array,
  bias: Float32Array | undefined,
  result: Float32Array,
  channels: number,
  first: number,
  count: number,
): void {
  const size = patches.runs.length * patches.length;
  const own = weights.subarray(first * size, (first + count) * size);
  floatProducts(x, patches, own, count, (sums, { patch, count: pixels, output, block }) => {
    const used = Math.min(block, count - output);
    for (let i = 0; i < pixels; i++) {
      const to = (patch + i) * channels + first + output;
      for (let j = 0; j < used; j++)
        result[to + j] = (bias ? bias[first + output + j]! : 0) + sums[i * block + j]!;
    }
  });
}
