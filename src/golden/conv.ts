import { assert } from "../ir/errors.ts";
import type { IntConv, IntGraph, IntMap } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { assertWindowFits, differences, sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";
import { channelRequantisers } from "./requantise.ts";
import { integerProducts, patchesOf } from "../products/index.ts";

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
  // weights are whole: those of other groups are zeros
  const map = { width: padded.width, channels: input.map.channels, groups: 1 };
  const patches = patchesOf(node, map, output);
  const finish = channelRequantisers(node.requantize, output.zeroPoint, rounding);
  integerProducts(padded.values, patches, node.weights, channels, (sums, at) => {
    const { block, count, output: first } = at;
    const used = Math.min(block, channels - first);
    for (let j = 0; j < used; j++) {
      const bias = item(node.bias, first + j);
      const channel = item(finish, first + j);
      let to = at.patch * channels + first + j;
      // The bias wraps at 32 bits, as the accumulator does.
      for (let i = j; i < count * block; i += block, to += channels)
        result[to] = channel((bias + sums[i]!) | 0);
    }
  });
  return result;
}
