import type { RepeatNode, ResizeNode, SliceNode } from "../../../ir/graph.ts";
import { item } from "../../../ir/known.ts";
import { showShape } from "../../../ir/shapes.ts";
import { boolField } from "../../flatbuffer.ts";
import { factorOfOne, nearestAlong } from "../../nearest.ts";
import { nodeBase, RECONVERT, requireMapTypes, requireRank } from "../context.ts";
import type { OperatorReader } from "../context.ts";
import { OperatorCode, OptionsType, ResizeBilinearField, ResizeNearestNeighborField } from "../schema.ts";

/** inputs = [map, size]. Sizes where pixels are repeated, or every so many are left, equally often. */
export const resizeNearestNeighbor: OperatorReader = {
  code: OperatorCode.RESIZE_NEAREST_NEIGHBOR,
  options: OptionsType.ResizeNearestNeighborOptions,
  inputs: [2, 2],
  read(op): RepeatNode | SliceNode | undefined {
    const [map] = op.inputs;
    if (!map || !requireRank(op, "input", map, 4) || !requireMapTypes(op, [map])) return undefined;
    const option = (slot: number) => op.options !== undefined && boolField(op.options, slot);
    const isAligned = option(ResizeNearestNeighborField.alignCorners);
    const isHalfPixel = option(ResizeNearestNeighborField.halfPixelCenters);
    const [rows, columns] = [1, 2].map((axis) =>
      nearestAlong(placesOf(item(map.shape, axis), op.output.shape[axis] ?? 0, { isAligned, isHalfPixel })),
    );
    if (!rows || !columns) {
      const sizes = `${showShape(map.shape)} to ${showShape(op.output.shape)}`;
      op.report(
        "unsupported-attribute",
        `a resize of ${sizes}${isAligned ? " with aligned corners" : ""}`,
        "sizes that are whole multiples, without aligned corners",
        "resize by whole factors",
      );
      return undefined;
    }
    const begin = [0, rows.begin, columns.begin, 0];
    const stride = [1, rows.stride, columns.stride, 1];
    const factor = [rows.factor, columns.factor] as const;
    const shape = [1, rows.kept, columns.kept, item(map.shape, 3)];
    const isWhole = showShape(shape) === showShape(map.shape);
    if (factor.every((n) => n === 1) && !isWhole)
      return { kind: "slice", ...nodeBase(op, [map]), begin, stride };
    const part = isWhole
      ? map
      : op.addPart("part", map, shape, (base) => ({
          kind: "slice",
          ...base,
          inputs: [map.id],
          begin,
          stride,
        }));
    return { kind: "repeat", ...nodeBase(op, [part]), factor };
  },
};

/** inputs = [map, size]. Any size. */
export const resizeBilinear: OperatorReader = {
  code: OperatorCode.RESIZE_BILINEAR,
  options: OptionsType.ResizeBilinearOptions,
  inputs: [2, 2],
  read(op): ResizeNode | RepeatNode | undefined {
    const [map] = op.inputs;
    if (!map || !requireRank(op, "input", map, 4) || !requireMapTypes(op, [map])) return undefined;
    const option = (slot: number) => op.options !== undefined && boolField(op.options, slot);
    const isAligned = option(ResizeBilinearField.alignCorners);
    const isHalfPixel = option(ResizeBilinearField.halfPixelCenters);
    if (isAligned && isHalfPixel) {
      op.report("invalid-attribute", "half_pixel_centers with align_corners", "one of both", RECONVERT);
      return undefined;
    }
    const factor = factorOfOne(map.shape.slice(1, 3), op.output.shape.slice(1, 3));
    if (factor) return { kind: "repeat", ...nodeBase(op, [map]), factor };
    const alignment = isHalfPixel ? "half-pixel" : isAligned ? "align-corners" : "asymmetric";
    return { kind: "resize-bilinear", ...nodeBase(op, [map]), alignment };
  },
};

/** The nearest of each of `count` elements (GetNearestNeighbor in reference/resize_nearest_neighbor.h, float32). */
function placesOf(
  size: number,
  count: number,
  { isAligned, isHalfPixel }: { readonly isAligned: boolean; readonly isHalfPixel: boolean },
): number[] {
  const stretch = isAligned && count > 1 ? (size - 1) / (count - 1) : size / count;
  const scale = Math.fround(stretch);
  const round = isAligned ? Math.round : Math.floor;
  return Array.from({ length: count }, (_, i) => {
    const at = round(Math.fround((i + (isHalfPixel ? 0.5 : 0)) * scale));
    return Math.max(0, Math.min(at, size - 1));
  });
}
