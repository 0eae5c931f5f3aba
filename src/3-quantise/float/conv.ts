/** Float convolution as dot products of patches with weights. */
import type { ConvNode } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";
import { floatProducts, patchesOf, type Patches } from "../../products/index.ts";
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
  const wide = width + node.padding.left + node.padding.right;
  const map = { width: wide, channels, groups: node.groups };
  const patches = patchesOf(node, map, { height: rows, width: columns });
  const result = new Float32Array(elements(output));
  const perGroup = outputs / node.groups;
  for (let group = 0; group < node.groups; group++) {
    const shift = (group * channels) / node.groups;
    const shifted = shift === 0 ? padded : padded.subarray(shift);
    multiply(shifted, patches, weights.values, bias, result, outputs, group * perGroup, perGroup);
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
