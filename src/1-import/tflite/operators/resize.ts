import type { RepeatNode } from "../../../ir/graph.ts";
import { showShape } from "../../../ir/shapes.ts";
import { boolField } from "../../flatbuffer.ts";
import { nodeBase, requireMapTypes, requireRank } from "../context.ts";
import type { OperatorReader } from "../context.ts";
import { OperatorCode, OptionsType, ResizeNearestNeighborField } from "../schema.ts";

/**
 * inputs = [map, size]. Whole factors, where each pixel is repeated: the nearest of an output pixel is then the same with
 * half-pixel centres as without; with aligned corners it is not (reference/resize_nearest_neighbor.h).
 */
export const resizeNearestNeighbor: OperatorReader = {
  code: OperatorCode.RESIZE_NEAREST_NEIGHBOR,
  options: OptionsType.ResizeNearestNeighborOptions,
  inputs: [2, 2],
  read(op): RepeatNode | undefined {
    const [map] = op.inputs;
    if (!map || !requireRank(op, "input", map, 4) || !requireMapTypes(op, [map])) return undefined;
    const [, height = 0, width = 0] = map.shape;
    const [, rows = 0, columns = 0] = op.output.shape;
    const factor = [rows / height, columns / width] as const;
    const isAligned =
      op.options !== undefined && boolField(op.options, ResizeNearestNeighborField.alignCorners);
    const isCopy = factor[0] === 1 && factor[1] === 1;
    if ((isAligned && !isCopy) || !factor.every((n) => Number.isInteger(n) && n > 0)) {
      const sizes = `${showShape(map.shape)} to ${showShape(op.output.shape)}`;
      op.report(
        "unsupported-attribute",
        `a resize of ${sizes}${isAligned ? " with aligned corners" : ""}`,
        "sizes that are whole multiples, without aligned corners",
        "resize by whole factors",
      );
      return undefined;
    }
    return { kind: "repeat", ...nodeBase(op, [map]), factor };
  },
};
