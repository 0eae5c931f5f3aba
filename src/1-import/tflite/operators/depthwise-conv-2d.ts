import type { DepthwiseNode } from "../../../ir/graph.ts";
import { nodeBase, readActivation, requireRank } from "../context.ts";
import type { OperatorReader } from "../context.ts";
import { DepthwiseConv2DField, OperatorCode, OptionsType } from "../schema.ts";
import { requireWeights } from "../weights.ts";
import { readWindow } from "../window.ts";

/** weights [1, kh, kw, C * multiplier]. The option `depth_multiplier` is ignored, as TFLite's kernels do: the shapes say it. */
export const depthwiseConv2d: OperatorReader = {
  code: OperatorCode.DEPTHWISE_CONV_2D,
  options: OptionsType.DepthwiseConv2DOptions,
  inputs: [2, 3],
  read(op): DepthwiseNode | undefined {
    const operands = requireWeights(op, 3);
    const activation = readActivation(op, DepthwiseConv2DField.activation);
    if (!operands || !activation) return undefined;
    const { map, weights, bias } = operands;
    if (!requireRank(op, "input", map, 4) || !requireRank(op, "weights", weights, 4)) return undefined;
    const [, kh = 0, kw = 0, outputs = 0] = weights.shape;
    const window = readWindow(op, DepthwiseConv2DField, [kh, kw], map);
    if (!window) return undefined;
    const multiplier = outputs / (map.shape[3] ?? 1);
    return { kind: "depthwise", ...nodeBase(op, [map, weights, bias]), ...window, multiplier, activation };
  },
};
