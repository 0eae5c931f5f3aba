import type { PoolNode } from "../../ir/graph.ts";
import type { Shape } from "../../ir/shapes.ts";
import { elements } from "../../ir/shapes.ts";
import { sizesOf } from "./maps.ts";
import type { Floats } from "./maps.ts";

/**
 * Max and average pool, [1, H, W, C] -> [1, H', W', C]. Padding never wins a maximum; an average divides by the
 * positions inside the map, or by all of the window with `countPadding`. A window of nothing but padding gives 0.
 */
export function pool(node: PoolNode, input: Floats, output: Shape): Float32Array {
  const { height, width, channels } = sizesOf(input.shape);
  const { height: rows, width: columns } = sizesOf(output);
  const isMax = node.kind === "max-pool";
  const all = node.kernel[0] * node.kernel[1];
  const result = new Float32Array(elements(output));
  const pixel = new Float64Array(channels);
  let at = 0;
  for (let oy = 0; oy < rows; oy++) {
    for (let ox = 0; ox < columns; ox++, at += channels) {
      pixel.fill(isMax ? -Infinity : 0);
      let count = 0;
      for (let ky = 0; ky < node.kernel[0]; ky++) {
        const y = oy * node.stride[0] - node.padding.top + ky * node.dilation[0];
        if (y < 0 || y >= height) continue;
        for (let kx = 0; kx < node.kernel[1]; kx++) {
          const x = ox * node.stride[1] - node.padding.left + kx * node.dilation[1];
          if (x < 0 || x >= width) continue;
          count++;
          gather(pixel, input.values, (y * width + x) * channels, isMax);
        }
      }
      const divisor = isMax ? 1 : node.countPadding ? all : count;
      for (let c = 0; c < channels; c++) result[at + c] = count === 0 ? 0 : pixel[c]! / divisor;
    }
  }
  return result;
}

function gather(pixel: Float64Array, values: Float32Array, from: number, isMax: boolean): void {
  for (let c = 0; c < pixel.length; c++) {
    const x = values[from + c]!;
    if (!isMax) pixel[c]! += x;
    else if (x > pixel[c]!) pixel[c] = x;
  }
}
