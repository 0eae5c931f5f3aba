/** Operators that take a part of a map. */
import type { SliceNode, Tensor } from "../../../ir/graph.ts";
import { elements, showShape } from "../../../ir/shapes.ts";
import { int32Field } from "../../flatbuffer.ts";
import { integersOf, nodeBase, RECONVERT, requireConstant, requireMapTypes } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { stridedRanges } from "../fold/move.ts";
import type { AxisRange } from "../fold/move.ts";
import { OperatorCode, OptionsType } from "../schema.ts";

const SUPPORTED = "a part of the map in steps forwards, of as many axes as the map has";

/** The slice; an axis that goes has to be one in front of rows, columns and channels, which keep their places. */
function sliceNode(
  op: OperatorContext,
  map: Tensor,
  ranges: readonly AxisRange[] | undefined,
): SliceNode | undefined {
  const kept = ranges?.flatMap(({ count, isShrunk }) => (isShrunk ? [] : [count]));
  const isKept = ranges?.every(({ isShrunk }) => !isShrunk);
  if (!ranges || !kept || !isKept || ranges.some(({ step }) => step < 1)) {
    op.report(
      "unsupported-attribute",
      `${op.operator} of ${showShape(map.shape)}`,
      SUPPORTED,
      "slice in steps forwards",
    );
    return undefined;
  }
  const begin = ranges.map(({ first }) => first);
  const stride = ranges.map(({ step }) => step);
  if (elements(kept) !== elements(op.output.shape)) {
    op.report("shape-mismatch", `${showShape(kept)} for ${showShape(op.output.shape)}`, SUPPORTED, RECONVERT);
    return undefined;
  }
  return { kind: "slice", ...nodeBase(op, [map]), begin, stride };
}

function operands(op: OperatorContext, names: readonly string[]): readonly (readonly number[])[] | undefined {
  const lists = names.map((name, i) => {
    const tensor = op.inputs[i + 1];
    return tensor && requireConstant(op, name, tensor) ? integersOf(tensor) : undefined;
  });
  const known = lists.filter((list) => list !== undefined);
  return known.length === names.length ? known : undefined;
}

/** inputs = [map, begin, size]; a size of -1 reaches to the end. */
export const slice: OperatorReader = {
  code: OperatorCode.SLICE,
  options: OptionsType.SliceOptions,
  inputs: [3, 3],
  read(op) {
    const [map] = op.inputs;
    const [begin = [], size = []] = operands(op, ["begin", "size"]) ?? [];
    if (!map || !requireMapTypes(op, [map])) return undefined;
    const ranges = map.shape.map((n, axis): AxisRange => {
      const [first = -1, count = 0] = [begin[axis], size[axis]];
      return { first, step: 1, count: count === -1 ? n - first : count, isShrunk: false };
    });
    return sliceNode(op, map, ranges);
  },
};

/** inputs = [map, begin, end, strides]. */
export const stridedSlice: OperatorReader = {
  code: OperatorCode.STRIDED_SLICE,
  options: OptionsType.StridedSliceOptions,
  inputs: [4, 4],
  read(op) {
    const [map] = op.inputs;
    const [begin, end, steps] = operands(op, ["begin", "end", "strides"]) ?? [];
    if (!map || !begin || !end || !steps || !requireMapTypes(op, [map])) return undefined;
    const option = (slot: number) => (op.options ? int32Field(op.options, slot, 0) : 0);
    return sliceNode(op, map, stridedRanges(map.shape, begin, end, steps, option));
  },
};

/** The part of the axis that the output which is read takes, behind those in front of it. */
function partOf(op: OperatorContext, map: Tensor, given: number | undefined): SliceNode | undefined {
  const rank = map.shape.length;
  const axis = given === undefined ? -1 : given < 0 ? given + rank : given;
  if (axis < 0 || axis >= rank) {
    op.report("invalid-attribute", `axis ${given} of ${rank} dimensions`, "an axis of the tensor", RECONVERT);
    return undefined;
  }
  const before = op.outputs.slice(0, op.outputs.indexOf(op.output));
  const first = before.reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0);
  const ranges = map.shape.map((n, i): AxisRange => {
    const [from, count] = i === axis ? [first, op.output.shape[axis] ?? 0] : [0, n];
    return { first: from, step: 1, count, isShrunk: false };
  });
  return sliceNode(op, map, ranges);
}

/** inputs = [axis, map]; parts of equal size. */
export const split: OperatorReader = {
  code: OperatorCode.SPLIT,
  options: OptionsType.SplitOptions,
  inputs: [2, 2],
  hasOutputs: true,
  read(op) {
    const [axis, map] = op.inputs;
    if (!axis || !map || !requireConstant(op, "axis", axis) || !requireMapTypes(op, [map])) return undefined;
    return partOf(op, map, integersOf(axis)?.[0]);
  },
};

/** inputs = [map, sizes, axis]; the outputs have the sizes. */
export const splitV: OperatorReader = {
  code: OperatorCode.SPLIT_V,
  options: OptionsType.SplitVOptions,
  inputs: [3, 3],
  hasOutputs: true,
  read(op) {
    const [map, , axis] = op.inputs;
    if (!map || !axis || !requireConstant(op, "axis", axis) || !requireMapTypes(op, [map])) return undefined;
    return partOf(op, map, integersOf(axis)?.[0]);
  },
};
