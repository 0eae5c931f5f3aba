import type { ConvNode } from "../../ir/graph.ts";
import type { IntConv } from "../../ir/integer.ts";
import { intBase, mapOf, tensorOf } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { floatLayerOf } from "../float-layer.ts";
import { weightedParts } from "./weighted.ts";

export function lowerConv(node: ConvNode, context: LowerContext): IntConv | null {
  const input = mapOf(context, node.inputs[0]);
  const output = mapOf(context, node.output);
  if (!input || !output) return null;
  const weights = tensorOf(context, node.inputs[1]);
  const bias = node.inputs[2] === undefined ? undefined : tensorOf(context, node.inputs[2]);
  const parts = weightedParts(context, node.name, input, output, weights, bias, node.activation, false);
  if (!parts) return null;
  const floats = floatLayerOf(node, context, input, output, weights, bias);
  const { kernel, stride, dilation, padding } = node;
  const dense =
    node.groups === 1 ? parts.weights : spreadGroups(parts.weights, node, output.channels, input.channels);
  const base = intBase(context, node, [input.id]);
  return {
    kind: "conv",
    ...base,
    ...parts,
    ...(node.groups > 1 && { groups: node.groups }),
    weights: dense,
    kernel,
    stride,
    dilation,
    padding,
    ...(floats && { floats }),
  };
}

/** A grouped convolution as a plain one: w - zw = 0 outside a channel's own group adds nothing to its sum. */
function spreadGroups(weights: Int16Array, node: ConvNode, outputs: number, channels: number): Int16Array {
  const taps = node.kernel[0] * node.kernel[1];
  const [perGroup, outputsPerGroup] = [channels / node.groups, outputs / node.groups];
  const spread = new Int16Array(outputs * taps * channels);
  for (let k = 0; k < outputs; k++) {
    const first = Math.floor(k / outputsPerGroup) * perGroup;
    for (let tap = 0; tap < taps; tap++) {
      const from = (k * taps + tap) * perGroup;
      spread.set(weights.subarray(from, from + perGroup), (k * taps + tap) * channels + first);
    }
  }
  return spread;
}
