/** Means: one value a channel, or over other axes as layers of ones. */
import { NO_PADDING } from "../../ir/graph.ts";
import type { MeanNode } from "../../ir/graph.ts";
import type { FloatMean } from "../../ir/float-layer.ts";
import type { IntConv, IntDepthwise, IntMap, IntMean } from "../../ir/integer.ts";
import { intBase, mapOf } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { kernelCentre } from "../float32.ts";
import { quantizeMultiplier } from "../multiplier.ts";
import type { Multiplier } from "../multiplier.ts";
import { tiedShare } from "./pool.ts";

export function lowerMean(node: MeanNode, context: LowerContext): IntMean | IntConv | IntDepthwise | null {
  const input = mapOf(context, node.inputs[0]);
  const output = mapOf(context, node.output);
  if (!input || !output) return null;
  if (node.axes) return meanOver(node, node.axes, context, input, output);
  const count = input.height * input.width;
  if (context.graph.arithmetic === "onnx") {
    const joined = !node.dequantized || (!node.reduce && kernelCentre(context, [input, output]) !== null);
    const floats = joined ? undefined : node.reduce ? "reduce" : "pool";
    const factor = onnxFactor(count, input, output);
    return { kind: "mean", ...intBase(context, node, [input.id]), ...factor, ...(floats && { floats }) };
  }
  return { kind: "mean", ...intBase(context, node, [input.id]), ...meanFactor(count, input, output) };
}

function onnxFactor(count: number, input: IntMap, output: IntMap): Multiplier {
  return quantizeMultiplier(Math.fround(input.scale / Math.fround(output.scale * count)));
}

/**
 * TFLite's current reference kernel (QuantizedMeanOrSum): 1 / count is folded into the multiplier with as many
 * left shifts as keep it in 31 bits, truncated.
 */
function meanFactor(count: number, input: IntMap, output: IntMap): Multiplier {
  const whole = quantizeMultiplier(input.scale / output.scale);
  const shift = Math.min(Math.floor(Math.log2(count)), 32, 31 + whole.exponent);
  const multiplier = Number((BigInt(whole.multiplier) << BigInt(shift)) / BigInt(count));
  return { multiplier, exponent: whole.exponent - shift };
}

/** A convolution of ones with a kernel as large as the map along the axes, depthwise where channels are none of them. */
function meanOver(
  node: MeanNode,
  axes: readonly number[],
  context: LowerContext,
  input: IntMap,
  output: IntMap,
): IntConv | IntDepthwise {
  const kernel = [axes.includes(1) ? input.height : 1, axes.includes(2) ? input.width : 1] as const;
  const isOverChannels = axes.includes(3);
  const count = kernel[0] * kernel[1] * (isOverChannels ? input.channels : 1);
  const isOnnx = context.graph.arithmetic === "onnx";
  const { exponent, multiplier } = (isOnnx ? onnxFactor : meanFactor)(count, input, output);
  const each = (value: number) => new Int32Array(output.channels).fill(value);
  const isNoisy = isOnnx && tiedShare(count, input, output) > 0;
  const layer = {
    ...intBase(context, node, [input.id]),
    kernel,
    stride: [1, 1],
    dilation: [1, 1],
    padding: NO_PADDING,
    weights: new Int16Array(count * output.channels).fill(1),
    weightZeroPoint: 0,
    bias: each(0),
    requantize: { multiplier: each(multiplier), exponent: each(exponent), min: -128, max: 127 },
    ...(isNoisy && { floats: floatMean(count, output.channels, axes.length === 3) }),
  } as const;
  return isOverChannels ? { kind: "conv", ...layer } : { kind: "depthwise", ...layer, multiplier: 1 };
}

/** ONNX Runtime's ReduceMean; `vectors`: over the whole map. */
function floatMean(count: number, channels: number, vectors: boolean): FloatMean {
  const weights = new Float32Array(count * channels).fill(1);
  return { weights, bias: null, groups: channels, order: { kind: "mean", vectors } };
}
