/** Weights, biases and multipliers of convolutions, depthwise convolutions and fully connected layers. */
import type { Activation, Tensor } from "../../ir/graph.ts";
import type { IntMap, Requantize } from "../../ir/integer.ts";
import { item } from "../../ir/known.ts";
import { report } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { doubleProduct, float32Factor, float32Product, quantizeMultiplier } from "../multiplier.ts";
import { activationRange } from "../range.ts";

export interface WeightedParts {
  /** w - zw, in the tensor's own order. */
  readonly weights: Int16Array;
  readonly weightZeroPoint: number;
  readonly bias: Int32Array;
  readonly requantize: Requantize;
}

/**
 * Prepares the integer arithmetic of `channels` outputs. `dense` chooses the fully connected kernel's rule for the
 * factor: its product of scales is rounded to float32 also for int8, unless the weights are per channel.
 */
export function weightedParts(
  context: LowerContext,
  name: string,
  input: IntMap,
  output: IntMap,
  weights: Tensor,
  bias: Tensor | undefined,
  activation: Activation,
  dense: boolean,
): WeightedParts | null {
  const scales = weights.quantization?.scales;
  const zeroPoint = weights.quantization?.zeroPoints[0];
  const data = weights.data;
  if (!scales || zeroPoint === undefined || !(data instanceof Int8Array || data instanceof Uint8Array)) {
    const fix = "convert the network again with full-integer quantisation";
    return report(
      context,
      "missing-quantization",
      name,
      "weights without a scale",
      "int8 or uint8 weights with scales",
      fix,
    );
  }
  const channels = output.channels;
  if (bias && !biasScaleFits(input, output, scales, bias)) {
    const found = `bias scale ${scaleOf(bias)}`;
    const supported = "input scale x weight scale";
    return report(context, "invalid-quantization", name, found, supported, "convert the network again");
  }
  const float32 = weights.dtype === "uint8" || (dense && scales.length === 1);
  const tflite = float32 ? float32Product : doubleProduct;
  const factor = context.graph.arithmetic === "onnx" ? float32Factor : tflite;
  const multiplier = new Int32Array(channels);
  const exponent = new Int32Array(channels);
  for (let k = 0; k < channels; k++) {
    const weightScale = item(scales, scales.length === 1 ? 0 : k);
    const prepared = quantizeMultiplier(factor(input.scale, weightScale, output.scale));
    multiplier[k] = prepared.multiplier;
    exponent[k] = prepared.exponent;
  }
  return {
    weights: centred(data, zeroPoint),
    weightZeroPoint: weights.dtype === "uint8" ? zeroPoint - 128 : zeroPoint,
    bias: bias ? Int32Array.from(bias.data as Int32Array) : new Int32Array(channels),
    requantize: { multiplier, exponent, ...activationRange(activation, output, context.graph.arithmetic) },
  };
}

/**
 * The tolerance of TFLite's GetQuantizedConvolutionMultipler, for weights with one scale. Bias channels are added to
 * sums of products, so their scale must be the products'.
 */
function biasScaleFits(input: IntMap, output: IntMap, scales: readonly number[], bias: Tensor): boolean {
  const product = Math.fround(input.scale * item(scales, 0));
  const difference = Math.abs(product - scaleOf(bias));
  return scales.length > 1 || difference / output.scale <= 0.02;
}

/** A bias without a scale is no multiple of anything. */
function scaleOf(bias: Tensor): number {
  return bias.quantization?.scales[0] ?? 0;
}

/** A plain loop: millions of weights, and Int16Array.from with a function goes through an iterator. */
function centred(data: Int8Array | Uint8Array, zeroPoint: number): Int16Array {
  const weights = new Int16Array(data.length);
  for (let i = 0; i < data.length; i++) weights[i] = item(data, i) - zeroPoint;
  return weights;
}
