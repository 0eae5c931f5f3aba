import { assert } from "../ir/errors.ts";
import type { FloatLayer, FloatMean } from "../ir/float-layer.ts";
import type { IntConv, IntDepthwise, IntMap } from "../ir/integer.ts";
import { clamp, nearestEven } from "./fixed-point.ts";
import { floatSum } from "./float-sums.ts";
import { dequantised } from "./maps.ts";
import type { Filled } from "./maps.ts";
import { item } from "../ir/known.ts";

/** Where the windows of a layer lie, and the layer's outputs. */
export interface Windows extends Pick<IntConv, "name" | "kernel" | "stride" | "dilation" | "padding"> {
  readonly rows: number;
  readonly columns: number;
  readonly outputs: number;
}

/**
 * A layer with weights as ONNX Runtime computes it between DequantizeLinear and QuantizeLinear, in float32.
 * Input [H, W, C], output [H', W', K].
 */
export function floatLayer(
  node: IntConv | IntDepthwise,
  floats: FloatLayer | FloatMean,
  input: Filled,
  output: IntMap,
): Int8Array {
  const { channels, height, width } = output;
  const { min, max } = node.requantize;
  const windows = { ...node, rows: height, columns: width, outputs: channels };
  return Int8Array.from(realSums(windows, floats, input), (sum) =>
    clamp(nearestEven(Math.fround(sum / output.scale)) + output.zeroPoint, min, max),
  );
}

/** [H', W', K], each summed in the order of ONNX Runtime's kernel. */
export function realSums(windows: Windows, floats: FloatLayer | FloatMean, input: Filled): Float32Array {
  const { columns, kernel, name, outputs, rows } = windows;
  const [perGroup, kernels] = [input.map.channels / floats.groups, outputs / floats.groups];
  const patch = new Float32Array(perGroup * kernel[0] * kernel[1]);
  assert(floats.weights.length === outputs * patch.length, `${name}: float weights do not match the maps`);
  const reals = dequantised(input.map);
  const result = new Float32Array(rows * columns * outputs);
  for (let p = 0; p < rows * columns; p++) {
    for (let group = 0; group < floats.groups; group++) {
      fillPatch(patch, windows, input, reals, p, columns, group * perGroup);
      for (let k = group * kernels; k < (group + 1) * kernels; k++)
        result[p * outputs + k] = floatSum(floats, patch, k);
    }
  }
  return result;
}

/** Real values of an output pixel's patch, [C / groups][kh][kw] from channel `first` on; padding is 0. */
function fillPatch(
  patch: Float32Array,
  { kernel, stride, dilation, padding }: Windows,
  { map, values }: Filled,
  reals: Float32Array,
  position: number,
  columns: number,
  first: number,
): void {
  const taps = kernel[0] * kernel[1];
  const top = Math.floor(position / columns) * stride[0] - padding.top;
  const left = (position % columns) * stride[1] - padding.left;
  for (let tap = 0; tap < taps; tap++) {
    const y = top + Math.floor(tap / kernel[1]) * dilation[0];
    const x = left + (tap % kernel[1]) * dilation[1];
    const inside = y >= 0 && x >= 0 && y < map.height && x < map.width;
    const from = (y * map.width + x) * map.channels + first;
    for (let c = 0, to = tap; to < patch.length; c++, to += taps)
      patch[to] = inside ? item(reals, item(values, from + c) + 128) : 0;
  }
}
