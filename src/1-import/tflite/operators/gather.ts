/** Operators that take elements along an axis in another order. */
import type { ConcatNode, Node, SliceNode, Tensor } from "../../../ir/graph.ts";
import { item } from "../../../ir/known.ts";
import { showShape } from "../../../ir/shapes.ts";
import { int32Field } from "../../flatbuffer.ts";
import { integersOf, nodeBase, RECONVERT, requireConstant, requireMapTypes } from "../context.ts";
import type { OperatorContext, OperatorReader, PartBase } from "../context.ts";
import { GatherField, OperatorCode, OptionsType } from "../schema.ts";

/** Most parts that a map is cut into. */
const MOST_RUNS = 64;

/** Elements `step` apart. */
interface Run {
  readonly begin: number;
  readonly step: number;
  readonly count: number;
}

/** As few runs as one pass finds. */
function runsOf(places: readonly number[]): readonly Run[] {
  const runs: Run[] = [];
  for (const place of places) {
    const last = runs.at(-1);
    const step = last && (last.count === 1 ? place - last.begin : last.step);
    const follows = last && step !== undefined && step > 0 && place === last.begin + last.count * step;
    if (follows) runs[runs.length - 1] = { begin: last.begin, step, count: last.count + 1 };
    else runs.push({ begin: place, step: 1, count: 1 });
  }
  return runs;
}

/** Channels in another order are read so, parts are cut out and joined. */
function taken(op: OperatorContext, map: Tensor, axis: number, places: readonly number[]): Node | undefined {
  const size = item(map.shape, axis);
  const isOfAll = places.length === size && new Set(places).size === size;
  const runs = runsOf(places);
  const isInside = places.every((place) => place >= 0 && place < size);
  const isOrder = isOfAll && axis === 3 && map.shape.length === 4;
  if (!isInside || (!isOrder && runs.length > MOST_RUNS)) {
    const found = isInside
      ? `${op.operator} of ${runs.length} runs of elements`
      : `places ${places.join(", ")} of ${showShape(map.shape)}`;
    const supported = `places inside of the map, in ${MOST_RUNS} runs or every channel once`;
    op.report("unsupported-attribute", found, supported, "keep elements together, or slice");
    return undefined;
  }
  if (runs.length === 1) return part(nodeBase(op, [map]), map, axis, item(runs, 0));
  if (isOrder) return { ...joined(op, [map], axis), order: places };
  const parts = runs.map((run, i) =>
    op.addPart(`run${i}`, map, map.shape.with(axis, run.count), (base) =>
      part({ ...base, inputs: [map.id] }, map, axis, run),
    ),
  );
  return joined(op, parts, axis);
}

function part(
  base: PartBase & Pick<Node, "inputs">,
  map: Tensor,
  axis: number,
  { begin, step }: Run,
): SliceNode {
  const each = (one: number, others: number) => map.shape.map((_, i) => (i === axis ? one : others));
  return { kind: "slice", ...base, begin: each(begin, 0), stride: each(step, 1) };
}

function joined(op: OperatorContext, parts: readonly Tensor[], axis: number): ConcatNode {
  return { kind: "concat", ...nodeBase(op, parts), axis, activation: "none" };
}

/** inputs = [map, places]; a shuffle of channels that was written as reshapes has its places from there. */
export const gather: OperatorReader = {
  code: OperatorCode.GATHER,
  options: OptionsType.GatherOptions,
  inputs: [1, 2],
  read(op) {
    const [map, indices] = op.inputs;
    if (!map || !requireMapTypes(op, [map])) return undefined;
    if (op.shuffled) return taken(op, map, 3, op.shuffled);
    if (!indices || !requireConstant(op, "places", indices)) return undefined;
    const option = (slot: number) => (op.options ? int32Field(op.options, slot, 0) : 0);
    const rank = map.shape.length;
    const stated = option(GatherField.axis);
    const axis = stated < 0 ? stated + rank : stated;
    const places = integersOf(indices);
    const isPlain = axis > 0 && axis < rank && option(GatherField.batchDims) === 0;
    if (places && isPlain && indices.shape.length === 1) return taken(op, map, axis, places);
    const found = `${op.operator} of ${showShape(indices.shape)} places along axis ${stated} of ${showShape(map.shape)}`;
    op.report("unsupported-attribute", found, "a list of places along an axis but the batch", RECONVERT);
    return undefined;
  },
};

/** inputs = [map, axes]; channels alone. */
export const reverse: OperatorReader = {
  code: OperatorCode.REVERSE_V2,
  options: OptionsType.NONE,
  inputs: [2, 2],
  read(op) {
    const [map, axes] = op.inputs;
    if (!map || !axes || !requireMapTypes(op, [map]) || !requireConstant(op, "axes", axes)) return undefined;
    const rank = map.shape.length;
    const stated = integersOf(axes)?.map((axis) => (axis < 0 ? axis + rank : axis)) ?? [];
    const [axis = -1] = stated;
    const size = map.shape[axis] ?? 0;
    if (stated.length === 1 && axis > 0 && size > 0)
      return taken(
        op,
        map,
        axis,
        Array.from({ length: size }, (_, i) => size - 1 - i),
      );
    const found = `${op.operator} of axes ${stated.join(", ")} of ${showShape(map.shape)}`;
    op.report("unsupported-attribute", found, "one axis but the batch", RECONVERT);
    return undefined;
  },
};
