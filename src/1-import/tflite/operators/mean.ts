import type { MeanNode } from "../../../ir/graph.ts";
import { boolField } from "../../flatbuffer.ts";
import { integersOf, nodeBase, requireConstant, requireMapTypes, requireRank } from "../context.ts";
import type { OperatorReader } from "../context.ts";
import { OperatorCode, OptionsType, ReducerField } from "../schema.ts";

/** inputs = [map, axes]; the axes must be H and W. */
export const mean: OperatorReader = {
  code: OperatorCode.MEAN,
  options: OptionsType.ReducerOptions,
  inputs: [2, 2],
  read(op): MeanNode | undefined {
    const [map, axes] = op.inputs;
    if (!map || !axes || !requireConstant(op, "axes", axes)) return undefined;
    if (!requireRank(op, "input", map, 4) || !requireMapTypes(op, [map])) return undefined;
    const reduced = new Set(integersOf(axes)?.map((axis) => (axis < 0 ? axis + 4 : axis)));
    if (reduced.size !== 2 || !reduced.has(1) || !reduced.has(2)) {
      const found = `mean over axes ${[...reduced].join(", ") || "of another type"}`;
      op.report(
        "unsupported-attribute",
        found,
        "mean over axes 1 and 2 (height and width)",
        "use a global average pool",
      );
      return undefined;
    }
    const keepDims = op.options ? boolField(op.options, ReducerField.keepDims) : false;
    return { kind: "mean", ...nodeBase(op, [map]), keepDims };
  },
};
