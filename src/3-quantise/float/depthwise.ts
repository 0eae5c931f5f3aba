import type { DepthwiseNode } from "../../ir/graph.ts";
import type { Shape } from "../../ir/shapes.ts";
import { elements } from "../../ir/shapes.ts";
import { sizesOf } from "./maps.ts";
import type { Floats } from "./maps.ts";

/**
 * Depthwise convolution, [1, H, W, C] with weights [1, kh, kw, C * multiplier] -> [1, H', W', C * multiplier];
 * output channel c * multiplier + m reads channel c.
 */
export function floatDepthwise(
  node: DepthwiseNode,
  input: Floats,
  weights: Floats,
  bias: Float32Array | undefined,
  output: Shape,
): Float32Array {
  const { height, width, channels } = sizesOf(input.shape);
  const { height: rows, width: columns, channels: outputs } = sizesOf(output);
  const result = new Float32Array(elements(output));
  const sums = new Float64Array(outputs);
  let at = 0;
  for (let oy = 0; oy < rows; oy++) {
    for (let ox = 0; ox < columns; ox++, at += outputs) {
      if (bias) sums.set(bias);
      else sums.fill(0);
      for (let ky = 0; ky < node.kernel[0]; ky++) {
        const y = oy * node.stride[0] - node.padding.top + ky * node.dilation[0];
        if (y < 0 || y >= height) continue;
        for (let kx = 0; kx < node.kernel[1]; kx++) {
          const x = ox * node.stride[1] - node.padding.left + kx * node.dilation[1];
          if (x < 0 || x >= width) continue;
          const tap = (ky * node.kernel[1] + kx) * outputs;
          addTap(sums, input.values, (y * width + x) * channels, weights.values, tap, node.multiplier);
        }
      }
      result.set(sums, at);
    }
  }
  return result;
}

function addTap(
  sums: Float64Array,
  x: Float32Array,
  pixel: number,
  w: Float32Array,
  tap: number,
  multiplier: number,
): void {
  if (multiplier === 1) {
    for (let k = 0; k < sums.length; k++) sums[k]! += x[pixel + k]! * w[tap + k]!;
    return;
  }
  for (let k = 0; k < sums.length; k++) sums[k]! += x[pixel + Math.floor(k / multiplier)]! * w[tap + k]!;
}
