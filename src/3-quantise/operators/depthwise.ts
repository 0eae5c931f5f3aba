import type { DepthwiseNode } from "../../ir/graph.ts";
import type { IntDepthwise } from "../../ir/integer.ts";
import { intBase, mapOf, tensorOf } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { floatLayerOf } from "../float-layer.ts";
import { weightedParts } from "./weighted.ts";

export function lowerDepthwise(node: DepthwiseNode, context: LowerContext): IntDepthwise | null {
  const input = mapOf(context, node.inputs[0]);
  const output = mapOf(context, node.output);
  if (!input || !output) return null;
  const weights = tensorOf(context, node.inputs[1]);
  const bias = node.inputs[2] === undefined ? undefined : tensorOf(context, node.inputs[2]);
  const parts = weightedParts(context, node.name, input, output, weights, bias, node.activation, false);
  if (!parts) return null;
  const floats = floatLayerOf(node, context, input, output, weights, bias);
  const { multiplier, kernel, stride, dilation, padding } = node;
  return {
    kind: "depthwise",
    ...intBase(context, node, [input.id]),
    ...parts,
    multiplier,
    kernel,
    stride,
    dilation,
    padding,
    ...(floats && { floats }),
  };
}
