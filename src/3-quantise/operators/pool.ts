import type { MeanNode, PoolNode } from "../../ir/graph.ts";
import type { IntDepthwise, IntMap, IntMean, IntPool } from "../../ir/integer.ts";
import { intBase, mapOf, report } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { quantizeMultiplier } from "../multiplier.ts";
import { activationRange } from "../range.ts";

/** TFLite's pools do not rescale: input and output must be quantised alike. */
export function lowerPool(node: PoolNode, context: LowerContext): IntPool | IntDepthwise | null {
  const input = mapOf(context, node.inputs[0]);
  const output = mapOf(context, node.output);
  if (!input || !output) return null;
  if (context.graph.arithmetic === "onnx" && node.kind === "average-pool") {
    return averageAsDepthwise(node, context, input, output);
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
  const { kernel, stride, padding } = node;
  if (node.dilation.some((d) => d !== 1))
    return wrong("a dilated pool", "dilation 1", "use a pool without dilation");
  const padded = padding.top + padding.left + padding.bottom + padding.right > 0;
  if (node.kind === "average-pool" && node.countPadding && padded) {
    return wrong(
      "an average over padding",
      "averages over the map's own values",
      "pool without count_include_pad",
    );
  }
  const base = intBase(context, node, [input.id]);
  return { kind: node.kind, ...base, kernel, stride, padding, ...activationRange(node.activation, output) };
}

/**
 * ONNX averages in float and may change the scale: a depthwise convolution whose weights are 1 and whose factor holds
 * 1 / count. Exact where every window lies inside of the map.
 */
function averageAsDepthwise(
  node: PoolNode,
  context: LowerContext,
  input: IntMap,
  output: IntMap,
): IntDepthwise | null {
  const { kernel, stride, dilation, padding } = node;
  if (Object.values(padding).some((n) => n !== 0)) {
    const found = "a quantised average with padding that does not count";
    const fix = "pool without padding, or with count_include_pad";
    return report(
      context,
      "unsupported-attribute",
      node.name,
      found,
      "averages of one number of values",
      fix,
    );
  }
  const [taps, channels] = [kernel[0] * kernel[1], input.channels];
  const factor = quantizeMultiplier(Math.fround(input.scale / Math.fround(output.scale * taps)));
  return {
    kind: "depthwise",
    ...intBase(context, node, [input.id]),
    ...{ multiplier: 1, kernel, stride, dilation, padding },
    weights: new Int16Array(taps * channels).fill(1),
    weightZeroPoint: 0,
    bias: new Int32Array(channels),
    requantize: {
      multiplier: new Int32Array(channels).fill(factor.multiplier),
      exponent: new Int32Array(channels).fill(factor.exponent),
      ...activationRange(node.activation, output),
    },
  };
}

/**
 * TFLite's current reference kernel (QuantizedMeanOrSum): 1 / count is folded into the multiplier with as many
 * left shifts as keep it in 31 bits, truncated.
 */
export function lowerMean(node: MeanNode, context: LowerContext): IntMean | null {
  const input = mapOf(context, node.inputs[0]);
  const output = mapOf(context, node.output);
  if (!input || !output) return null;
  const count = input.height * input.width;
  if (context.graph.arithmetic === "onnx") {
    const factor = quantizeMultiplier(Math.fround(input.scale / Math.fround(output.scale * count)));
    return { kind: "mean", ...intBase(context, node, [input.id]), ...factor };
  }
  const whole = quantizeMultiplier(input.scale / output.scale);
  const shift = Math.min(Math.floor(Math.log2(count)), 32, 31 + whole.exponent);
  const multiplier = Number((BigInt(whole.multiplier) << BigInt(shift)) / BigInt(count));
  return {
    kind: "mean",
    ...intBase(context, node, [input.id]),
    multiplier,
    exponent: whole.exponent - shift,
  };
}
