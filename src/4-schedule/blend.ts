/** Weighted means of windows, as the depthwise engine computes them. */
import { quantizeMultiplier } from "../3-quantise/multiplier.ts";
import type { IntBlend, IntDepthwise, IntGraph, IntMap } from "../ir/integer.ts";
import { NO_PADDING } from "../ir/graph.ts";
import { ends } from "./operator-parts.ts";
import type { Operator } from "./plan.ts";
import { divisor } from "./serial-operators.ts";

/** A mean of windows with the rounding that the graph states: to the even integer a depthwise convolution has it. */
export function meanOf(
  { kernel, stride, weights, ...base }: Omit<IntBlend, "kind">,
  { channels }: IntMap,
  rounding: IntGraph["rounding"],
): IntBlend | IntDepthwise {
  if (rounding !== "float32") return { kind: "blend", ...base, kernel, stride, weights };
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const { exponent, multiplier } = quantizeMultiplier(1 / total);
  const each = (value: number) => new Int32Array(channels).fill(value);
  return {
    kind: "depthwise",
    ...base,
    multiplier: 1,
    kernel,
    stride,
    dilation: [1, 1],
    padding: NO_PADDING,
    weights: weightsOf(weights, channels),
    weightZeroPoint: WEIGHT_ZERO_POINT,
    bias: each(0),
    requantize: { multiplier: each(multiplier), exponent: each(exponent), min: -128, max: 127 },
  };
}

/** [kh][kw][C], the same for all channels. */
function weightsOf(weights: readonly number[], channels: number): Int16Array {
  return Int16Array.from(weights.flatMap((weight) => new Array<number>(channels).fill(weight)));
}

/** The weights' sum divides as an average pool's number of values does: half away from zero on the model's own integers. */
export function blend(graph: IntGraph, node: IntBlend): Operator {
  const { input, output } = ends(graph, node);
  const { channels } = output;
  const total = node.weights.reduce((sum, weight) => sum + weight, 0);
  const { multiplier, shift } = divisor(total, false);
  const isUnsigned = output.dtype === "uint8";
  return {
    node,
    kind: "depthwise",
    kernel: node.kernel,
    stride: node.stride,
    padding: NO_PADDING,
    input: input.id,
    output: output.id,
    weights: weightsOf(node.weights, channels),
    weightZeroPoint: WEIGHT_ZERO_POINT,
    bias: new Int32Array(channels).fill(isUnsigned ? 128 * total : 0),
    multiplier: new Int32Array(channels).fill(multiplier),
    shift: new Uint32Array(channels).fill(shift),
    inputZeroPoint: input.zeroPoint,
    outputZeroPoint: isUnsigned ? -128 : 0,
    min: -128,
    max: 127,
    maximum: false,
    activation: null,
    lookup: null,
  };
}

/** Weights of 1 to 255 are stored as int8 beside it. */
const WEIGHT_ZERO_POINT = -128;
