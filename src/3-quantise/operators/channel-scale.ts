/** Element-wise operators that are exactly a depthwise 1x1 convolution. */
import { NO_PADDING } from "../../ir/graph.ts";
import type { ActivationNode, BinaryNode } from "../../ir/graph.ts";
import type { IntDepthwise, IntMap, IntRescale } from "../../ir/integer.ts";
import { item } from "../../ir/known.ts";
import { intBase, mapOf, report, tensorOf } from "../context.ts";
import type { LowerContext } from "../context.ts";
import type { Range } from "../float32.ts";
import { quantizeMultiplier, type Multiplier } from "../multiplier.ts";
import { activationRange } from "../range.ts";
import { floatRescaling } from "./simple.ts";
import type { WeightedParts } from "./weighted.ts";

/** A ReLU that no layer could absorb. TFLite's QuantizedReluX: the factor is divided in float32. */
export function lowerActivation(
  node: ActivationNode,
  context: LowerContext,
): IntDepthwise | IntRescale | null {
  const input = mapOf(context, node.inputs[0]);
  const output = mapOf(context, node.output);
  if (!input || !output) return null;
  const base = intBase(context, node, [input.id]);
  const activation = node.kind === "identity" ? "none" : node.kind;
  const ones = new Int16Array(input.channels).fill(1);
  const plain = quantizeMultiplier(Math.fround(input.scale / output.scale));
  if (context.graph.arithmetic !== "onnx")
    return channelScale(base, scaled(input, ones, 0, plain, activationRange(activation, output)));
  const range = activationRange(activation, output, "onnx");
  const rescaling = floatRescaling(input, output, range);
  return rescaling.table
    ? { kind: "rescale", ...base, rescaling }
    : channelScale(base, scaled(input, ones, 0, rescaling, range));
}

/** A map times a constant, one for all channels or one a channel; others are maps. TFLite's MUL: scales multiplied and divided in float32. */
export function lowerMul(node: BinaryNode, context: LowerContext): IntDepthwise | null {
  const tensors = node.inputs.map((id) => tensorOf(context, id));
  const constant = tensors.find((tensor) => tensor.data);
  const input = mapOf(context, tensors.find((tensor) => !tensor.data)?.id);
  const output = mapOf(context, node.output);
  if (!constant || !input || !output) return null;
  const wrong = (found: string) => {
    const fix = "fold it into the layer before it, or cut the network there";
    const supported = "a map times an 8-bit constant with one scale and zero point";
    return report(context, "unsupported-operator", node.name, found, supported, fix);
  };
  const [scale, zeroPoint] = [constant.quantization?.scales[0], constant.quantization?.zeroPoints[0]];
  const data = constant.data;
  const eightBit = data instanceof Int8Array || data instanceof Uint8Array;
  if (
    !eightBit ||
    scale === undefined ||
    zeroPoint === undefined ||
    constant.quantization?.scales.length !== 1
  ) {
    return wrong("mul by a constant without one scale and zero point");
  }
  const weights = Int16Array.from(
    { length: input.channels },
    (_, c) => item(data, c % data.length) - zeroPoint,
  );
  const [a = 0, b = 0] = tensors.map((tensor) => tensor.quantization?.scales[0]);
  const factor = quantizeMultiplier(Math.fround(Math.fround(a * b) / output.scale));
  const centred = constant.dtype === "uint8" ? zeroPoint - 128 : zeroPoint;
  const base = intBase(context, node, [input.id]);
  const range = activationRange(node.activation, output);
  return channelScale(base, scaled(input, weights, centred, factor, range));
}

/** One factor for all channels, no bias. */
function scaled(
  { channels }: IntMap,
  weights: Int16Array,
  weightZeroPoint: number,
  { multiplier, exponent }: Multiplier,
  range: Range,
): WeightedParts {
  const each = (value: number) => new Int32Array(channels).fill(value);
  const requantize = { multiplier: each(multiplier), exponent: each(exponent), ...range };
  return { weights, weightZeroPoint, bias: each(0), requantize };
}

/** One weight, bias and factor a channel, on every value. */
export function channelScale(base: ReturnType<typeof intBase>, parts: WeightedParts): IntDepthwise {
  return {
    kind: "depthwise",
    ...base,
    ...parts,
    multiplier: 1,
    kernel: [1, 1],
    stride: [1, 1],
    dilation: [1, 1],
    padding: NO_PADDING,
  };
}
