import type { MeanNode, ReshapeNode } from "../../../ir/graph.ts";
import { sameShape } from "../../../ir/shapes.ts";
import { boolField } from "../../flatbuffer.ts";
import { integersOf, nodeBase, requireConstant, requireMapTypes, requireRank } from "../context.ts";
import type { OperatorReader } from "../context.ts";
import { OperatorCode, OptionsType, ReducerField } from "../schema.ts";

/** inputs = [map, axes]; any axes but the batch's. */
export const mean: OperatorReader = {
  code: OperatorCode.MEAN,
  options: OptionsType.ReducerOptions,
  inputs: [2, 2],
  read(op): MeanNode | ReshapeNode | undefined {
    const [map, axes] = op.inputs;
    if (!map || !axes || !requireConstant(op, "axes", axes)) return undefined;
    if (!requireRank(op, "input", map, 4) || !requireMapTypes(op, [map])) return undefined;
    const rank = op.axes?.length ?? 4;
    const stated = integersOf(axes)?.map((axis) => (axis < 0 ? axis + rank : axis));
    const reduced = new Set(stated?.map((axis) => op.axes?.[axis] ?? axis));
    // a map that is laid out keeps its four dimensions
    const keepDims =
      op.axes !== undefined || (op.options ? boolField(op.options, ReducerField.keepDims) : false);
    const places = [...reduced].sort((a, b) => a - b);
    if (sameShape(places, [1, 2])) return { kind: "mean", ...nodeBase(op, [map]), keepDims };
    if (places.length === 0 || !places.every((axis) => axis === 1 || axis === 2 || axis === 3)) {
      op.report(
        "unsupported-attribute",
        `mean over axes ${stated?.join(", ") ?? "of another type"}`,
        "mean over height, width and channels, or some of them",
        "use a global average pool",
      );
      return undefined;
    }
    if (keepDims) return { kind: "mean", ...nodeBase(op, [map]), keepDims, axes: places };
    const kept = map.shape.map((size, axis) => (reduced.has(axis) ? 1 : size));
    const whole = op.addPart("mean", op.output, kept, (part) => ({
      kind: "mean",
      ...part,
      inputs: [map.id],
      keepDims: true,
      axes: places,
    }));
    return { kind: "reshape", ...nodeBase(op, [whole]) };
  },
};
