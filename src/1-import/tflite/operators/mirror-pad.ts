/** Padding with what lies at the edges of the map. */
import type { ConcatNode, Node, SliceNode, Tensor } from "../../../ir/graph.ts";
import { item } from "../../../ir/known.ts";
import { showShape } from "../../../ir/shapes.ts";
import { borderedRuns } from "../../border.ts";
import type { Run } from "../../border.ts";
import { int8Field } from "../../flatbuffer.ts";
import { nodeBase, RECONVERT, requireConstant, requireMapTypes, requireRank } from "../context.ts";
import type { OperatorContext, OperatorReader, PartBase } from "../context.ts";
import { MirrorPadField, MirrorPadMode, OperatorCode, OptionsType } from "../schema.ts";
import { readAmounts } from "./pad.ts";

/** inputs = [map, paddings [4, 2]]. Slices of the map beside it, along one axis after the other. Source: TFLite's mirror_pad.cc. */
export const mirrorPad: OperatorReader = {
  code: OperatorCode.MIRROR_PAD,
  options: OptionsType.MirrorPadOptions,
  inputs: [2, 2],
  read(op): Node | undefined {
    const [map, paddings] = op.inputs;
    if (!map || !paddings || !requireConstant(op, "paddings", paddings)) return undefined;
    if (!requireRank(op, "input", map, 4) || !requireMapTypes(op, [map])) return undefined;
    const amounts = readAmounts(op, paddings);
    const mode = op.options ? int8Field(op.options, MirrorPadField.mode, 0) : 0;
    if (!amounts) return undefined;
    const border = mode === MirrorPadMode.SYMMETRIC ? "symmetric" : "reflect";
    // columns before rows: what lies beside each other in memory is copied together
    const axes = [3, 2, 1].map((axis) => {
      const [before, behind] = [item(amounts, 2 * axis - 2), item(amounts, 2 * axis - 1)];
      return { axis, runs: borderedRuns(item(map.shape, axis), before, behind, border) };
    });
    const sides = axes.flatMap(({ axis, runs }) => (runs ? [{ axis, runs }] : []));
    if (sides.length < axes.length) {
      const found = `a border of ${amounts.join(", ")} around ${showShape(map.shape)}`;
      op.report("invalid-attribute", found, "a border that the map has the pixels for", RECONVERT);
      return undefined;
    }
    const grown = sides.filter(({ runs }) => runs.length > 1);
    const last = grown.at(-1);
    if (!last) return { kind: "identity", ...nodeBase(op, [map]) };
    const inner = grown.slice(0, -1).reduce((from, { axis, runs }) => {
      const size = runs.reduce((sum, { count }) => sum + count, 0);
      const parts = partsOf(op, from, axis, runs);
      return op.addPart(`border${axis}`, from, from.shape.with(axis, size), (base) =>
        side(base, parts, axis),
      );
    }, map);
    return side(nodeBase(op, []), partsOf(op, inner, last.axis, last.runs), last.axis);
  },
};

function partsOf(op: OperatorContext, from: Tensor, axis: number, runs: readonly Run[]): Tensor[] {
  return runs.map(({ begin, count }, i) => {
    if (count === from.shape[axis]) return from;
    return op.addPart(`border${axis}_${i}`, from, from.shape.with(axis, count), (base): SliceNode => ({
      kind: "slice",
      ...base,
      inputs: [from.id],
      begin: [0, 0, 0, 0].with(axis, begin),
      stride: [1, 1, 1, 1],
    }));
  });
}

function side(base: PartBase, parts: readonly Tensor[], axis: number): ConcatNode {
  return { kind: "concat", ...base, inputs: parts.map(({ id }) => id), axis, activation: "none" };
}
