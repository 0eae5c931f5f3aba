/** Means and maxima over axes of a map. */
import { NO_PADDING } from "../../../ir/graph.ts";
import type { MeanNode, PoolNode, ReshapeNode, Tensor } from "../../../ir/graph.ts";
import { item } from "../../../ir/known.ts";
import { sameShape } from "../../../ir/shapes.ts";
import { boolField } from "../../flatbuffer.ts";
import { integersOf, nodeBase, requireConstant, requireMapTypes, requireRank } from "../context.ts";
import type { OperatorContext, OperatorReader, PartBase } from "../context.ts";
import { OperatorCode, OptionsType, ReducerField } from "../schema.ts";

interface Reduction {
  readonly map: Tensor;
  /** 1 for height, 2 for width, 3 for channels, in order. */
  readonly places: readonly number[];
  readonly keepDims: boolean;
}

/** inputs = [map, axes]; `allowed`: the places that may be reduced. Undefined after a report. */
function readReduction(
  op: OperatorContext,
  what: string,
  allowed: readonly number[],
  fix: string,
): Reduction | undefined {
  const [map, axes] = op.inputs;
  if (!map || !axes || !requireConstant(op, "axes", axes)) return undefined;
  if (!requireRank(op, "input", map, 4) || !requireMapTypes(op, [map])) return undefined;
  const rank = op.axes?.length ?? 4;
  const stated = integersOf(axes)?.map((axis) => (axis < 0 ? axis + rank : axis));
  const places = [...new Set(stated?.map((axis) => op.axes?.[axis] ?? axis))].sort((a, b) => a - b);
  if (places.length === 0 || !places.every((place) => allowed.includes(place))) {
    const names = allowed.map((place) => item(["batch", "height", "width", "channels"], place));
    op.report(
      "unsupported-attribute",
      `${what} over axes ${stated?.join(", ") ?? "of another type"}`,
      `${what} over ${names.slice(0, -1).join(", ")} and ${names.slice(-1).join("")}, or some of them`,
      fix,
    );
    return undefined;
  }
  // a map that is laid out keeps its four dimensions
  const isLaidOut = op.axes !== undefined;
  const keepDims = isLaidOut || (op.options ? boolField(op.options, ReducerField.keepDims) : false);
  return { map, places, keepDims };
}

/** A part with the map's four dimensions, and its values without those of one element. */
function squeezed(
  op: OperatorContext,
  { map, places }: Reduction,
  what: string,
  make: (base: PartBase) => MeanNode | PoolNode,
): ReshapeNode {
  const kept = map.shape.map((size, place) => (places.includes(place) ? 1 : size));
  return { kind: "reshape", ...nodeBase(op, [op.addPart(what, op.output, kept, make)]) };
}

/** Over any axes but the batch's. */
export const mean: OperatorReader = {
  code: OperatorCode.MEAN,
  options: OptionsType.ReducerOptions,
  inputs: [2, 2],
  read(op): MeanNode | ReshapeNode | undefined {
    const reduction = readReduction(op, "a mean", [1, 2, 3], "use a global average pool");
    if (!reduction) return undefined;
    const { keepDims, map, places } = reduction;
    if (sameShape(places, [1, 2])) return { kind: "mean", ...nodeBase(op, [map]), keepDims };
    if (keepDims) return { kind: "mean", ...nodeBase(op, [map]), keepDims, axes: places };
    const fields = { kind: "mean", inputs: [map.id], keepDims: true, axes: places } as const;
    return squeezed(op, reduction, "mean", (part) => ({ ...part, ...fields }));
  },
};

/** A max pool as large as the map along the axes. */
export const reduceMax: OperatorReader = {
  code: OperatorCode.REDUCE_MAX,
  options: OptionsType.ReducerOptions,
  inputs: [2, 2],
  read(op): PoolNode | ReshapeNode | undefined {
    const reduction = readReduction(op, "a maximum", [1, 2], "use a max pool");
    if (!reduction) return undefined;
    const { keepDims, map, places } = reduction;
    const side = (place: number) => (places.includes(place) ? item(map.shape, place) : 1);
    const kernel = [side(1), side(2)] as const;
    const window = { kernel, stride: kernel, dilation: [1, 1], padding: NO_PADDING } as const;
    const fields = { kind: "max-pool", ...window, activation: "none", countPadding: false } as const;
    if (keepDims) return { ...nodeBase(op, [map]), ...fields };
    return squeezed(op, reduction, "pool", (part) => ({ ...part, inputs: [map.id], ...fields }));
  },
};
