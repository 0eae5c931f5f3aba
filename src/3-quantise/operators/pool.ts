import { NO_PADDING } from "../../ir/graph.ts";
import type { MeanNode, PoolNode } from "../../ir/graph.ts";
import type { IntDepthwise, IntFloatPool, IntMap, IntMean, IntPool } from "../../ir/integer.ts";
import { intBase, mapOf, report } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { kernelCentre } from "../float32.ts";
import { quantizeMultiplier } from "../multiplier.ts";
import type { Multiplier } from "../multiplier.ts";
import { activationRange, isSaturation } from "../range.ts";

/** TFLite's pools do not rescale: input and output must be quantised alike. */
export function lowerPool(
  node: PoolNode,
  context: LowerContext,
): IntPool | IntFloatPool | IntDepthwise | null {
  const input = mapOf(context, node.inputs[0]);
  const output = mapOf(context, node.output);
  if (!input || !output) return null;
  if (context.graph.arithmetic === "onnx" && node.kind === "average-pool") {
    return averageOnnx(node, context, input, output);
  }
  const wrong = (found: string, supported: string, fix: string) =>
    report(context, "unsupported-attribute", node.name, found, supported, fix);
  if (Math.abs(input.scale - output.scale) > 1e-6 || input.zeroPoint !== output.zeroPoint) {
    return wrong(
      "a pool that changes scale or zero point",
      "pools that keep both",
      "convert the network again",
    );
  }
  const { dilation, kernel, stride, padding } = node;
  const padded = padding.top + padding.left + padding.bottom + padding.right > 0;
  if (node.kind === "average-pool" && node.countPadding && padded) {
    return wrong(
      "an average over padding",
      "averages over the map's own values",
      "pool without count_include_pad",
    );
  }
  const base = intBase(context, node, [input.id]);
  return {
    kind: node.kind,
    ...base,
    kernel,
    ...(dilation.some((step) => step !== 1) && { dilation }),
    stride,
    padding,
    ...activationRange(node.activation, output, context.graph.arithmetic),
  };
}

/**
 * ONNX Runtime averages in float32 and may change the scale. Where hardly a sum lies on a tie this is a depthwise
 * convolution whose weights are 1 and whose factor holds 1 / count; elsewhere the order of the sums decides.
 */
function averageOnnx(
  node: PoolNode,
  context: LowerContext,
  input: IntMap,
  output: IntMap,
): IntFloatPool | IntDepthwise | null {
  const { countPadding, kernel, stride, dilation, padding } = node;
  const padded = Object.values(padding).some((n) => n !== 0);
  const [taps, channels] = [kernel[0] * kernel[1], input.channels];
  const range = activationRange(node.activation, output, context.graph.arithmetic);
  if (padded || tiedShare(taps, input, output) > MOST_TIES) {
    if (dilation.some((d) => d !== 1)) {
      const found = "a dilated average pool";
      return report(
        context,
        "unsupported-attribute",
        node.name,
        found,
        "dilation 1",
        "pool without dilation",
      );
    }
    const centre = isSaturation(node.activation, output) ? kernelCentre(context, [input, output]) : null;
    const base = intBase(context, node, [input.id]);
    return { kind: "float-average-pool", ...base, kernel, stride, padding, countPadding, centre, ...range };
  }
  const factor = quantizeMultiplier(Math.fround(input.scale / Math.fround(output.scale * taps)));
  return {
    kind: "depthwise",
    ...intBase(context, node, [input.id]),
    multiplier: 1,
    kernel,
    stride,
    dilation,
    padding,
    weights: new Int16Array(taps * channels).fill(1),
    weightZeroPoint: 0,
    bias: new Int32Array(channels),
    requantize: {
      multiplier: new Int32Array(channels).fill(factor.multiplier),
      exponent: new Int32Array(channels).fill(factor.exponent),
      ...range,
    },
  };
}

/** Share of sums that float32 noise may round another way than an integer factor. */
const MOST_TIES = 1 / 2000;

/** Share of the possible sums of `taps` values whose average lies closer to a tie than float32 can tell. */
function tiedShare(taps: number, input: IntMap, output: IntMap): number {
  const least = taps * (-128 - input.zeroPoint);
  const most = taps * (127 - input.zeroPoint);
  // Every addition, division and the zero point round once, relative to values of up to 256 steps.
  const noise = (taps + 4) * 256 * 2 ** -24;
  const step = input.scale / output.scale / taps;
  let tied = 0;
  for (let sum = least; sum <= most; sum++) {
    const average = sum * step;
    if (Math.abs(average - Math.floor(average) - 0.5) < noise) tied++;
  }
  return tied / (most - least + 1);
}

/**
 * TFLite's current reference kernel (QuantizedMeanOrSum): 1 / count is folded into the multiplier with as many
 * left shifts as keep it in 31 bits, truncated.
 */
export function lowerMean(node: MeanNode, context: LowerContext): IntMean | IntDepthwise | null {
  const input = mapOf(context, node.inputs[0]);
  const output = mapOf(context, node.output);
  if (!input || !output) return null;
  if (node.along) return meanAlong(node, node.along, context, input, output);
  const count = input.height * input.width;
  if (context.graph.arithmetic === "onnx") {
    const factor = quantizeMultiplier(Math.fround(input.scale / Math.fround(output.scale * count)));
    const joined = !node.dequantized || (!node.reduce && kernelCentre(context, [input, output]) !== null);
    const floats = joined ? undefined : node.reduce ? "reduce" : "pool";
    return { kind: "mean", ...intBase(context, node, [input.id]), ...factor, ...(floats && { floats }) };
  }
  return { kind: "mean", ...intBase(context, node, [input.id]), ...meanFactor(count, input, output) };
}

function meanFactor(count: number, input: IntMap, output: IntMap): Multiplier {
  const whole = quantizeMultiplier(input.scale / output.scale);
  const shift = Math.min(Math.floor(Math.log2(count)), 32, 31 + whole.exponent);
  const multiplier = Number((BigInt(whole.multiplier) << BigInt(shift)) / BigInt(count));
  return { multiplier, exponent: whole.exponent - shift };
}

/** The same arithmetic along one axis: a depthwise convolution of ones whose kernel is as long as the map. */
function meanAlong(
  node: MeanNode,
  along: "height" | "width",
  context: LowerContext,
  input: IntMap,
  output: IntMap,
): IntDepthwise | null {
  if (context.graph.arithmetic === "onnx") {
    const supported = "a mean over height and width";
    const fix = "use a global average pool";
    return report(context, "unsupported-attribute", node.name, `a mean along the ${along}`, supported, fix);
  }
  const kernel = along === "height" ? ([input.height, 1] as const) : ([1, input.width] as const);
  const count = kernel[0] * kernel[1];
  const { multiplier, exponent } = meanFactor(count, input, output);
  const each = (value: number) => new Int32Array(input.channels).fill(value);
  return {
    kind: "depthwise",
    ...intBase(context, node, [input.id]),
    multiplier: 1,
    kernel,
    stride: [1, 1],
    dilation: [1, 1],
    padding: NO_PADDING,
    weights: new Int16Array(count * input.channels).fill(1),
    weightZeroPoint: 0,
    bias: each(0),
    requantize: { multiplier: each(multiplier), exponent: each(exponent), min: -128, max: 127 },
  };
}
