import type { MeanNode } from "../../../ir/graph.ts";
import { boolField } from "../../flatbuffer.ts";
import { integersOf, nodeBase, requireConstant, requireMapTypes, requireRank } from "../context.ts";
import type { OperatorReader } from "../context.ts";
import { OperatorCode, OptionsType, ReducerField } from "../schema.ts";

/** inputs = [map, axes]; the axes must be H and W, or one of them. */
export const mean: OperatorReader = {
  code: OperatorCode.MEAN,
  options: OptionsType.ReducerOptions,
  inputs: [2, 2],
  read(op): MeanNode | undefined {
    const [map, axes] = op.inputs;
    if (!map || !axes || !requireConstant(op, "axes", axes)) return undefined;
    if (!requireRank(op, "input", map, 4) || !requireMapTypes(op, [map])) return undefined;
    const rank = op.axes?.length ?? 4;
    const stated = integersOf(axes)?.map((axis) => (axis < 0 ? axis + rank : axis));
    const reduced = new Set(stated?.map((axis) => op.axes?.[axis] ?? axis));
    // a map that is laid out keeps its four dimensions
    const keepDims =
      op.axes !== undefined || (op.options ? boolField(op.options, ReducerField.keepDims) : false);
    const base = { kind: "mean" as const, ...nodeBase(op, [map]), keepDims };
    const [only] = reduced;
    if (reduced.size === 2 && reduced.has(1) && reduced.has(2)) return base;
    if (reduced.size === 1 && only === 1) return { ...base, along: "height" };
    if (reduced.size === 1 && only === 2) return { ...base, along: "width" };
    op.report(
      "unsupported-attribute",
      `mean over axes ${stated?.join(", ") ?? "of another type"}`,
      "mean over height and width, or one of them",
      "use a global average pool",
    );
    return undefined;
  },
};
