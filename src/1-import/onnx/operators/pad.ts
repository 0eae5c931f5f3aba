/** Borders around maps: of one value, or of what lies at their edges. */
import { item } from "../../../ir/known.ts";
import { showShape } from "../../../ir/shapes.ts";
import { type Border, borderedRuns, type Run } from "../../border.ts";
import { addNode, hasInput, integersOf, normalAxis, requireConstant, requireImage } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import type { MapValue } from "../values.ts";
import { sameLayout } from "./elementwise.ts";
import { inPart, sliceOf } from "./move.ts";

const BORDERS: Readonly<Record<string, Border>> = { reflect: "reflect", edge: "edge" };

/** Amounts, value and axes are attributes before opset 11, inputs since. */
export const pad: OperatorReader = {
  inputs: [1, 4],
  read(op) {
    const mode = op.attributes.text("mode", "constant");
    const border = BORDERS[mode];
    if (mode !== "constant" && !border)
      op.report(
        "unsupported-attribute",
        `mode ${mode}`,
        "modes constant, reflect and edge",
        "pad with these",
      );
    const old = op.opset < 11;
    const stated = old ? op.attributes.ints("pads")?.slice() : constantInput(op, 1, "pads");
    const fill = old ? op.attributes.float("value", 0) : fillValue(op);
    const axes = op.inputs[3] ? constantInput(op, 3, "axes") : undefined;
    const map = requireImage(op);
    if (!map || !stated || fill === undefined || (mode !== "constant" && !border)) return undefined;
    const amounts = amountsOf(op, stated, axes);
    if (!amounts) return undefined;
    if (amounts.some(({ before, behind }) => before < 0 || behind < 0))
      return cropped(op, map, amounts, (from, rest) => around(op, from, rest, border, fill));
    return around(op, map, amounts, border, fill);
  },
};

/** What is left of the map where amounts are below zero, with a border of the others. */
function cropped(
  op: OperatorContext,
  map: MapValue,
  amounts: readonly Amount[],
  around: (from: MapValue, rest: readonly Amount[]) => MapValue | undefined,
): MapValue | undefined {
  const ranges = map.shape.map((size, axis) => {
    const { before, behind } = item(amounts, axis);
    return { begin: Math.max(-before, 0), step: 1, count: size + Math.min(before, 0) + Math.min(behind, 0) };
  });
  const rest = amounts.map(({ before, behind }) => ({
    before: Math.max(before, 0),
    behind: Math.max(behind, 0),
  }));
  const isAll = rest.every(({ before, behind }) => before === 0 && behind === 0);
  const part = sliceOf(op, map, ranges, isAll ? "" : "crop");
  return part && !isAll ? around(part, rest) : part;
}

function around(
  op: OperatorContext,
  map: MapValue,
  amounts: readonly Amount[],
  border: Border | undefined,
  fill: number,
): MapValue | undefined {
  if (border) return bordered(op, map, amounts, border);
  const [top, left] = [item(amounts, 2).before, item(amounts, 3).before];
  const [bottom, right] = [item(amounts, 2).behind, item(amounts, 3).behind];
  const shape = map.shape.map((size, axis) => size + item(amounts, axis).before + item(amounts, axis).behind);
  const value = fill === 0 ? {} : { value: fill };
  return addNode(op, [map.tensor], { shape }, (parts) => ({
    kind: "pad",
    ...parts,
    padding: { top, left, bottom, right },
    ...value,
  }));
}

interface Amount {
  readonly before: number;
  readonly behind: number;
}

/** Of each axis; undefined after a report. */
function amountsOf(
  op: OperatorContext,
  stated: readonly number[],
  axes: readonly number[] = [0, 1, 2, 3],
): Amount[] | undefined {
  const listed = axes.map((axis) => normalAxis(op, axis, 4));
  const amounts = [0, 1, 2, 3].map((axis): Amount => {
    const at = listed.indexOf(axis);
    return at < 0
      ? { before: 0, behind: 0 }
      : { before: item(stated, at), behind: stated[at + listed.length] ?? NaN };
  });
  const isPlanar = amounts.slice(0, 2).every(({ before, behind }) => before === 0 && behind === 0);
  if (stated.length === 2 * listed.length && isPlanar && stated.every((n) => Math.abs(n) <= MOST))
    return amounts;
  op.report(
    "unsupported-attribute",
    `pads ${stated.join(", ")}`,
    "rows and columns",
    "pad height and width alone, and crop with the layer behind",
  );
  return undefined;
}

/** Beyond any network. */
const MOST = 1 << 15;

/** Parts of the map beside it, columns before rows. */
function bordered(
  op: OperatorContext,
  map: MapValue,
  amounts: readonly Amount[],
  border: Border,
): MapValue | undefined {
  const grown = [3, 2].filter((axis) => item(amounts, axis).before + item(amounts, axis).behind > 0);
  const last = grown.at(-1);
  if (last === undefined) return sameLayout(op, map, "identity");
  return grown.reduce<MapValue | undefined>((from, axis) => {
    if (!from) return undefined;
    const { before, behind } = item(amounts, axis);
    const runs = borderedRuns(item(from.shape, axis), before, behind, border);
    if (runs) return beside(op, from, axis, runs, axis === last ? "" : `border ${axis}`);
    const found = `pads of ${before} and ${behind} around ${showShape(from.shape)}`;
    op.report("invalid-attribute", found, "a border that the map has the pixels for", "pad by less");
    return undefined;
  }, map);
}

/** Runs of a map's elements along an axis, concatenated. */
function beside(
  op: OperatorContext,
  from: MapValue,
  axis: number,
  runs: readonly Run[],
  part: string,
): MapValue {
  const whole = from.shape.map((count) => ({ begin: 0, step: 1, count }));
  const maps = runs.flatMap(({ begin, count }, i): readonly MapValue[] => {
    if (count === from.shape[axis]) return [from];
    const taken = sliceOf(op, from, whole.with(axis, { begin, step: 1, count }), `border ${axis} part ${i}`);
    return taken ? [taken] : [];
  });
  const size = runs.reduce((sum, { count }) => sum + count, 0);
  const tensors = maps.map(({ tensor }) => tensor);
  return addNode(inPart(op, part), tensors, { shape: from.shape.with(axis, size) }, (base) => ({
    kind: "concat",
    ...base,
    axis: axis - 1,
    activation: "none",
  }));
}

function constantInput(op: OperatorContext, index: number, what: string): number[] | undefined {
  const constant = requireConstant(op, index, what);
  return constant && integersOf(op, constant, what);
}

function fillValue(op: OperatorContext): number | undefined {
  if (!hasInput(op, 2)) return 0;
  const constant = requireConstant(op, 2, "constant_value");
  return constant && Number(constant.data[0] ?? 0);
}
