/** Operators that make, cut, join or repeat constants. */
import { item } from "../../../ir/known.ts";
import { elements, sameShape, showShape } from "../../../ir/shapes.ts";
import { normalAxis, REEXPORT } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { readReduction, reducedShape } from "../reduction.ts";
import { dtypeOf, readConstant } from "../tensors.ts";
import { dataTypeName } from "../schema.ts";
import type { ConstantValue } from "../values.ts";
import {
  broadcastPlaces,
  broadcastShape,
  constantOf,
  constantsOf,
  filled,
  integersAt,
  isSound,
  pick,
  placesOf,
  stridesOf,
} from "./arrays.ts";

/** Elements whose offsets along one axis are given; all of the other axes. */
function along(
  op: OperatorContext,
  value: ConstantValue,
  chosen: ReadonlyMap<number, readonly number[]>,
): ConstantValue | undefined {
  const all = value.shape.map((size, axis) => chosen.get(axis) ?? Array.from({ length: size }, (_, i) => i));
  const shape = all.map((list) => list.length);
  if (!isSound(op, shape)) return undefined;
  const strides = stridesOf(value.shape);
  return pick(op, value, shape, placesOf(all.map((list, axis) => list.map((i) => i * item(strides, axis)))));
}

function mismatch(op: OperatorContext, found: string): ConstantValue | undefined {
  op.report("shape-mismatch", found, "constants that fit together", REEXPORT);
  return undefined;
}

/** inputs = [data, indices]; the indices' shape stands in place of the axis. */
const gather: OperatorReader = {
  inputs: [2, 2],
  read(op) {
    const attribute = op.attributes.int("axis", 0);
    const [value, indices] = constantsOf(op);
    const list = integersAt(op, 1, "indices");
    if (!value || !indices || !list) return undefined;
    const axis = normalAxis(op, attribute, value.shape.length);
    const size = axis === undefined ? undefined : value.shape[axis];
    if (axis === undefined || size === undefined) return undefined;
    const places = list.map((i) => (i < 0 ? i + size : i));
    if (places.some((i) => i < 0 || i >= size))
      return mismatch(op, `indices ${list.join(", ")} of ${size} elements`);
    const result = along(op, value, new Map([[axis, places]]));
    const shape = [...value.shape.slice(0, axis), ...indices.shape, ...value.shape.slice(axis + 1)];
    return result && { ...result, shape };
  },
};

/** Starts, ends and axes are attributes before opset 10, inputs since, with steps. */
const slice: OperatorReader = {
  inputs: [1, 5],
  read(op) {
    const old = op.opset < 10;
    const starts = old ? op.attributes.ints("starts") : integersAt(op, 1, "starts");
    const ends = old ? op.attributes.ints("ends") : integersAt(op, 2, "ends");
    const axes = old ? op.attributes.ints("axes") : integersAt(op, 3, "axes");
    const steps = old ? undefined : integersAt(op, 4, "steps");
    const [value] = constantsOf(op);
    if (!value || !starts || !ends) return undefined;
    const chosen = new Map<number, number[]>();
    for (const [i, from] of starts.entries()) {
      const axis = normalAxis(op, axes?.[i] ?? i, value.shape.length);
      const step = steps?.[i] ?? 1;
      const to = ends[i];
      if (axis === undefined || to === undefined || step === 0) return mismatch(op, "a slice without an end");
      const size = item(value.shape, axis);
      const clamp = (at: number, low: number, high: number) =>
        Math.min(high, Math.max(low, at < 0 ? at + size : at));
      const [start, end] =
        step > 0
          ? [clamp(from, 0, size), clamp(to, 0, size)]
          : [clamp(from, 0, size - 1), clamp(to, -1, size - 1)];
      const count = Math.max(0, Math.ceil((end - start) / step));
      chosen.set(
        axis,
        Array.from({ length: count }, (_, k) => start + k * step),
      );
    }
    return along(op, value, chosen);
  },
};

const concat: OperatorReader = {
  inputs: [1, Infinity],
  read(op) {
    const attribute = op.attributes.int("axis", 1);
    const values = constantsOf(op);
    const [first] = values;
    const axis = first && normalAxis(op, attribute, first.shape.length);
    if (!first || axis === undefined) return undefined;
    const others = (value: ConstantValue) => value.shape.filter((_, i) => i !== axis);
    const fits = values.every(
      (value) => value.dtype === first.dtype && sameShape(others(value), others(first)),
    );
    if (!fits) return mismatch(op, `constants ${values.map(({ shape }) => showShape(shape)).join(" and ")}`);
    const sizes = values.map((value) => item(value.shape, axis));
    const shape = first.shape.map((n, i) => (i === axis ? sizes.reduce((a, b) => a + b, 0) : n));
    if (!isSound(op, shape)) return undefined;
    const inner = elements(shape.slice(axis + 1));
    const outer = elements(shape.slice(0, axis));
    const numbers = Array.from({ length: outer }, (_, block) =>
      values.flatMap(({ data }, i) => {
        const length = item(sizes, i) * inner;
        return Array.from<number | bigint, number>(data.slice(block * length, (block + 1) * length), Number);
      }),
    );
    return constantOf(op, shape, first.dtype, numbers.flat());
  },
};

/** The value is a tensor of one element, or 0 as float32. */
const constantOfShape: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const stored = op.attributes.tensor("value");
    const shape = integersAt(op, 0, "shape");
    const fill = stored && readConstant(stored, op.files, op.report);
    if (!shape || (stored && !fill) || !isSound(op, shape, Infinity)) return undefined;
    const { dtype, data } = fill ?? { dtype: "float32" as const, data: Float32Array.of(0) };
    if (data.length !== 1) return mismatch(op, `${data.length} values to fill ${showShape(shape)} with`);
    return filled(op, shape, dtype, Number(data[0]));
  },
};

const expand: OperatorReader = {
  inputs: [2, 2],
  read(op) {
    const [value] = constantsOf(op);
    const target = integersAt(op, 1, "shape");
    if (!value || !target) return undefined;
    const shape = broadcastShape([value.shape, target]);
    if (!shape) return mismatch(op, `${showShape(value.shape)} expanded to ${showShape(target)}`);
    return isSound(op, shape) ? pick(op, value, shape, broadcastPlaces(value.shape, shape)) : undefined;
  },
};

const tile: OperatorReader = {
  inputs: [2, 2],
  read(op) {
    const [value] = constantsOf(op);
    const repeats = integersAt(op, 1, "repeats");
    if (!value || !repeats) return undefined;
    const shape = value.shape.map((n, axis) => n * (repeats[axis] ?? NaN));
    if (!isSound(op, shape)) return undefined;
    const chosen = shape.map((size, axis) =>
      Array.from({ length: size }, (_, i) => i % item(value.shape, axis)),
    );
    return along(op, value, new Map(chosen.entries()));
  },
};

/** From start to before limit, in steps of delta. */
const range: OperatorReader = {
  inputs: [3, 3],
  read(op) {
    const operands = constantsOf(op);
    const [start = 0, limit = 0, delta = 1] = operands.map(({ data }) => Number(data[0] ?? 0));
    const count = Math.max(0, Math.ceil((limit - start) / delta));
    const [first] = operands;
    if (!first || !isSound(op, [count])) return undefined;
    return constantOf(
      op,
      [count],
      first.dtype,
      Array.from({ length: count }, (_, i) => start + i * delta),
    );
  },
};

const cast: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const code = op.attributes.int("to", 0);
    op.attributes.ignore("saturate", "round_mode");
    const dtype = dtypeOf(code);
    const [value] = constantsOf(op);
    if (!dtype) {
      op.report("unsupported-type", `a Cast to ${dataTypeName(code)}`, "types of 8 to 64 bits", REEXPORT);
      return undefined;
    }
    if (!value) return undefined;
    const { data, shape } = value;
    const numbers = Array.from<number | bigint, number>(data as Iterable<number | bigint>, Number);
    const isFloat = dtype === "float32" || dtype === "bool";
    return constantOf(op, shape, dtype, isFloat ? numbers : numbers.map(Math.trunc));
  },
};

/** Over all axes where none are said. */
function reduce(compute: (a: number, b: number) => number): OperatorReader {
  return {
    inputs: [1, 2],
    read(op) {
      const { axes: stated, keepDims } = readReduction(op);
      const [value] = constantsOf(op);
      if (!value) return undefined;
      const { data, dtype, shape } = value;
      const listed = (integersAt(op, 1, "axes") ?? stated)?.map((axis) => normalAxis(op, axis, shape.length));
      const axes = (listed ?? shape.map((_, axis) => axis)).filter((axis) => axis !== undefined);
      const kept = reducedShape(shape, axes, true);
      if (!isSound(op, shape)) return undefined;
      const totals: number[] = [];
      for (const [i, place] of broadcastPlaces(kept, shape).entries()) {
        const x = Number(item<number | bigint>(data, i));
        const total = totals[place];
        totals[place] = total === undefined ? x : compute(total, x);
      }
      return constantOf(op, reducedShape(shape, axes, keepDims), dtype, totals);
    },
  };
}

/** By operator; all inputs are constants. */
export const MOVING: Readonly<Record<string, OperatorReader>> = {
  Cast: cast,
  Concat: concat,
  ConstantOfShape: constantOfShape,
  Expand: expand,
  Gather: gather,
  Range: range,
  ReduceMax: reduce(Math.max),
  ReduceMin: reduce(Math.min),
  ReduceProd: reduce((a, b) => a * b),
  ReduceSum: reduce((a, b) => a + b),
  Slice: slice,
  Tile: tile,
};
