import type { ConvNode } from "../../../ir/graph.ts";
import { item } from "../../../ir/known.ts";
import { nodeBase, readActivation, requireRank } from "../context.ts";
import type { OperatorReader } from "../context.ts";
import { Conv2DField, OperatorCode, OptionsType } from "../schema.ts";
import { requireWeights } from "../weights.ts";
import { readWindow } from "../window.ts";

/** weights [K, kh, kw, C / groups]: TFLite has no `group` attribute, fewer weight channels mean groups. */
export const conv2d: OperatorReader = {
  code: OperatorCode.CONV_2D,
  options: OptionsType.Conv2DOptions,
  inputs: [2, 3],
  read(op): ConvNode | undefined {
    const operands = requireWeights(op, 0);
    const activation = readActivation(op, Conv2DField.activation);
    if (!operands || !activation) return undefined;
    const { map, weights, bias } = operands;
    if (!requireRank(op, "input", map, 4) || !requireRank(op, "weights", weights, 4)) return undefined;
    const [, kh = 0, kw = 0, weightChannels = 0] = weights.shape;
    const window = readWindow(op, Conv2DField, [kh, kw], map);
    if (!window) return undefined;
    const groups = item(map.shape, 3) / weightChannels;
    return { kind: "conv", ...nodeBase(op, [map, weights, bias]), ...window, groups, activation };
  },
};
