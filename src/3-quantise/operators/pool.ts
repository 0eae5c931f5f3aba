import type { PoolNode } from "../../ir/graph.ts";
import type { IntDepthwise, IntFloatPool, IntMap, IntPool } from "../../ir/integer.ts";
import { intBase, mapOf, report } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { kernelCentre } from "../float32.ts";
import { quantizeMultiplier } from "../multiplier.ts";
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
export function tiedShare(taps: number, input: IntMap, output: IntMap): number {
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
