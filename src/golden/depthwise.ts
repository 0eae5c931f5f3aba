import { assert } from "../ir/errors.ts";
import type { IntDepthwise, IntGraph, IntMap } from "../ir/integer.ts";
import { assertWindowFits, differences, sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";
import { requantiser } from "./requantise.ts";

/**
 * Depthwise convolution. Input [H, W, C], weights [kh][kw][C * multiplier], output [H', W', C * multiplier].
 * Source: TFLite's reference_integer_ops::DepthwiseConvPerChannel and reference_ops::DepthwiseConv.
 */
export function depthwise(
  node: IntDepthwise,
  input: Filled,
  output: IntMap,
  rounding?: IntGraph["rounding"],
): Int8Array {
  const [kh, kw] = node.kernel;
  const inputs = input.map.channels;
  const outputs = output.channels;
  const taps = kh * kw;
  assert(outputs === inputs * node.multiplier, `${node.name}: the multiplier does not match the maps`);
  assert(node.weights.length === taps * outputs, `${node.name}: weights do not match the maps`);
  const padded = differences(input, node.padding);
  assertWindowFits(node.name, padded, output, node);
  const finish = requantiser(node.requantize, output.zeroPoint, rounding);
  const offsets = new Int32Array(taps);
  for (let t = 0; t < taps; t++) {
    const row = Math.floor(t / kw) * node.dilation[0];
    const column = (t % kw) * node.dilation[1];
    offsets[t] = (row * padded.width + column) * inputs;
  }
  const x = padded.values;
  const w = node.weights;
  const result = new Int8Array(sizeOf(output));
  let at = 0;
  for (let oy = 0; oy < output.height; oy++) {
    for (let ox = 0; ox < output.width; ox++) {
      const corner = (oy * node.stride[0] * padded.width + ox * node.stride[1]) * inputs;
      let k = 0;
      for (let c = 0; c < inputs; c++) {
        for (let m = 0; m < node.multiplier; m++, k++, at++) {
          let acc = node.bias[k]!;
          for (let t = 0; t < taps; t++) {
            acc = (acc + Math.imul(x[corner + offsets[t]! + c]!, w[t * outputs + k]!)) | 0;
          }
          result[at] = finish(acc, k);
        }
      }
    }
  }
  return result;
}
