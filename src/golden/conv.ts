import { assert } from "../ir/errors.ts";
import type { IntConv, IntGraph, IntMap } from "../ir/integer.ts";
import { assertWindowFits, differences, sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";
import { requantiser } from "./requantise.ts";
import { integerProducts, type Patches } from "../products/index.ts";

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
  const patches = {
    corners: patchCorners(node, padded.width * input.map.channels, input.map.channels, output),
    ...patchRuns(node, padded.width, input.map.channels),
  };
  const finish = requantiser(node.requantize, output.zeroPoint, rounding);
  integerProducts(padded.values, patches, node.weights, channels, (sums, at) => {
    const used = Math.min(at.block, channels - at.output);
    for (let i = 0; i < at.count; i++)
      for (let j = 0; j < used; j++) {
        const k = at.output + j;
        // The bias wraps at 32 bits, as the accumulator does.
        const acc = (node.bias[k]! + sums[i * at.block + j]!) | 0;
        result[(at.patch + i) * channels + k] = finish(acc, k);
      }
  });
  return result;
}

/** Kernel rows are contiguous in memory unless the columns are dilated; then every tap is a run of its own. */
function patchRuns(node: IntConv, paddedWidth: number, channels: number): Omit<Patches, "corners"> {
  const [kh, kw] = node.kernel;
  const [dh, dw] = node.dilation;
  const joined = dw === 1 ? kw : 1;
  const runs: number[] = [];
  for (let y = 0; y < kh; y++)
    for (let x = 0; x < kw; x += joined) runs.push((y * dh * paddedWidth + x * dw) * channels);
  return { runs: Int32Array.from(runs), length: joined * channels };
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
