/** Operators on lines of values along axes, which the host computes, each to the one output format of TFLite's kernel. */
import type { L2NormalizationNode, LogSoftmaxNode, SoftmaxNode } from "../../ir/graph.ts";
import type { IntL2Normalization, IntLogSoftmax, IntSoftmax } from "../../ir/integer.ts";
import { intBase, mapOf, report, tensorOf } from "../context.ts";
import type { LowerContext } from "../context.ts";

type LineNode = SoftmaxNode | LogSoftmaxNode | L2NormalizationNode;

/** Scale and re-centred zero point of the results. */
export const LINE_FORMATS = {
  softmax: { scale: 1 / 256, zeroPoint: -128, text: "scale 1/256 and the lowest zero point" },
  "log-softmax": { scale: 1 / 16, zeroPoint: 127, text: "scale 1/16 and the highest zero point" },
  "l2-normalization": { scale: 1 / 128, zeroPoint: 0, text: "scale 1/128 and zero point 0, 128 of uint8" },
} as const;

export function lowerLines(
  node: LineNode,
  context: LowerContext,
): IntSoftmax | IntLogSoftmax | IntL2Normalization | null {
  const { kind, name } = node;
  const input = mapOf(context, node.inputs[0]);
  const output = mapOf(context, node.output);
  if (!input || !output) return null;
  const { scale, text, zeroPoint } = LINE_FORMATS[kind];
  if (output.scale !== scale || output.zeroPoint !== zeroPoint) {
    const found = `${kind} to scale ${output.scale}, zero point ${output.zeroPoint}`;
    const fix = `leave the last ${kind} out of the quantisation (the host computes it), or cut the network before it`;
    return report(context, "unsupported-quantization", name, found, text, fix);
  }
  const base = intBase(context, node, [input.id]);
  if (kind === "l2-normalization") return { kind, ...base };
  // maps are [H, W, C], whatever rank their tensors have
  const offset = 3 - tensorOf(context, input.id).shape.length;
  const axes = node.axes && { axes: node.axes.map((axis) => axis + offset) };
  return kind === "softmax" ? { kind, ...base, beta: node.beta, ...axes } : { kind, ...base, ...axes };
}
