/** Folds of operators that move values and do not change them. Sources: kernels of TensorFlow Lite of the same names. */
import { item } from "../../../ir/known.ts";
import { broadcastStrides, placesOf, stridesOf } from "../../../ir/places.ts";
import { elements, sameShape } from "../../../ir/shapes.ts";
import type { Shape } from "../../../ir/shapes.ts";
import { axisOf, intOption, scalar } from "./constant.ts";
import type { Constant, Fold, Folded } from "./constant.ts";

/** The elements at these places, of the same kind of list where that is a typed array. */
function pick({ values }: Pick<Constant, "values">, places: readonly number[]): ArrayLike<number> {
  const picked = places.map((place) => item(values, place));
  return values instanceof Float32Array ? Float32Array.from(picked) : picked;
}

/** A fold whose operands behind the first are places or sizes, which are whole. */
function placed(fold: Fold): Fold {
  return (inputs, context) => {
    const areWhole = inputs.slice(1).every(({ dtype }) => dtype === "int32" || dtype === "int64");
    return areWhole ? fold(inputs, context) : undefined;
  };
}

/** The shape that RESHAPE asks for, where -1 stands for what is left; undefined where the sizes do not fit. */
export function reshaped(from: Shape, wanted: ArrayLike<number>): Shape | undefined {
  const sizes = Array.from(wanted);
  const count = elements(from);
  const rest = count / elements(sizes.filter((n) => n !== -1));
  const shape = sizes.map((n) => (n === -1 ? rest : n));
  const isSound = shape.every((n) => Number.isInteger(n) && n > 0) && elements(shape) === count;
  return isSound ? shape : undefined;
}

const one = (folded: Folded | undefined): readonly Folded[] | undefined => folded && [folded];

export const reshape = placed(([input, wanted]) => {
  if (!input || !wanted) return undefined;
  const shape = reshaped(input.shape, wanted.values);
  return one(shape && { shape, values: input.values });
});

export const expandDims = placed(([input, at]) => {
  const axis = input && axisOf(scalar(at), input.shape.length + 1);
  if (axis === undefined || !input) return undefined;
  return one({ shape: input.shape.toSpliced(axis, 0, 1), values: input.values });
});

/** The axes of `squeeze_dims` say no more than the file's shape of the output, and that may be missing. */
export const squeeze: Fold = ([input]) =>
  one(input && { shape: input.shape.filter((n) => n !== 1), values: input.values });

export const transpose = placed(([input, order]) => {
  const axes = order && Array.from(order.values);
  if (!input || axes?.length !== input.shape.length) return undefined;
  if (!input.shape.every((_, axis) => axes.includes(axis))) return undefined;
  const shape = axes.map((axis) => item(input.shape, axis));
  const strides = stridesOf(input.shape);
  const moved = axes.map((axis) => item(strides, axis));
  return one({ shape, values: pick(input, placesOf(shape, moved)) });
});

export const gather = placed(([input, indices], context) => {
  const axis = input && axisOf(intOption(context, 0), input.shape.length);
  if (axis === undefined || !input || !indices || intOption(context, 1) !== 0) return undefined;
  const size = item(input.shape, axis);
  const wanted = Array.from(indices.values);
  if (wanted.some((index) => index < 0 || index >= size)) return undefined;
  const [before, after] = [input.shape.slice(0, axis), input.shape.slice(axis + 1)];
  const inner = elements(after);
  const places = Array.from({ length: elements(before) }, (_, outer) =>
    wanted.flatMap((index) => Array.from({ length: inner }, (__, i) => (outer * size + index) * inner + i)),
  ).flat();
  return one({ shape: [...before, ...indices.shape, ...after], values: pick(input, places) });
});

export const slice = placed(([input, begin, size]) => {
  if (!input || begin?.values.length !== input.shape.length || size?.values.length !== input.shape.length)
    return undefined;
  const from = Array.from(begin.values);
  const shape = input.shape.map((n, axis) => {
    const wanted = item(size.values, axis);
    return wanted === -1 ? n - item(from, axis) : wanted;
  });
  const fits = input.shape.every((n, axis) => {
    const [first, count] = [item(from, axis), item(shape, axis)];
    return first >= 0 && count > 0 && first + count <= n;
  });
  if (!fits) return undefined;
  const strides = stridesOf(input.shape);
  const first = from.reduce((sum, n, axis) => sum + n * item(strides, axis), 0);
  return one({ shape, values: pick(input, placesOf(shape, strides, first)) });
});

/** Slots of StridedSliceOptions. */
const MASKS = { begin: 0, end: 1, ellipsis: 2, newAxis: 3, shrink: 4 } as const;

/** What a slice takes along an axis: `count` elements, `step` apart; `isShrunk`: one, whose axis goes. */
export interface AxisRange {
  readonly first: number;
  readonly step: number;
  readonly count: number;
  readonly isShrunk: boolean;
}

/**
 * What STRIDED_SLICE takes along each axis; undefined for operands of other sizes, for new axes and for nothing.
 * Source: TFLite's kernels/internal/strided_slice_logic.h.
 */
export function stridedRanges(
  shape: Shape,
  begin: ArrayLike<number>,
  end: ArrayLike<number>,
  steps: ArrayLike<number>,
  option: (slot: number) => number,
): readonly AxisRange[] | undefined {
  const rank = begin.length;
  if (rank > shape.length || end.length !== rank || steps.length !== rank) return undefined;
  if (option(MASKS.ellipsis) !== 0 || option(MASKS.newAxis) !== 0) return undefined;
  const has = (mask: number, axis: number) => ((option(mask) >> axis) & 1) === 1;
  const ranges = shape.map((size, axis): AxisRange => {
    if (axis >= rank) return { first: 0, step: 1, count: size, isShrunk: false };
    const step = item(steps, axis);
    const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
    const bound = (list: ArrayLike<number>, mask: number, open: number) => {
      const at = item(list, axis);
      return has(mask, axis) ? open : Math.min(Math.max(at < 0 ? at + size : at, low), high);
    };
    const first = bound(begin, MASKS.begin, step > 0 ? 0 : size - 1);
    if (has(MASKS.shrink, axis))
      return { first, step: 1, count: first >= 0 && first < size ? 1 : 0, isShrunk: true };
    const stop = bound(end, MASKS.end, step > 0 ? size : -1);
    const count = step === 0 ? 0 : Math.max(0, Math.ceil((stop - first) / step));
    return { first, step, count, isShrunk: false };
  });
  return ranges.some(({ count }) => count === 0) ? undefined : ranges;
}

export const stridedSlice = placed(([input, begin, end, steps], context) => {
  if (!input || !begin || !end || !steps) return undefined;
  const option = (slot: number) => intOption(context, slot);
  const ranges = stridedRanges(input.shape, begin.values, end.values, steps.values, option);
  if (!ranges) return undefined;
  const strides = stridesOf(input.shape);
  const offset = ranges.reduce((sum, { first }, axis) => sum + first * item(strides, axis), 0);
  const moved = ranges.map(({ step }, axis) => step * item(strides, axis));
  const sizes = ranges.map(({ count }) => count);
  const values = pick(input, placesOf(sizes, moved, offset));
  return one({ shape: ranges.flatMap(({ count, isShrunk }) => (isShrunk ? [] : [count])), values });
});

/** Constants that are alike but for their size along the axis, one behind the other. */
function joined(inputs: readonly Constant[], axis: number): Folded | undefined {
  const [first] = inputs;
  const size = (shape: Shape) => item(shape, axis);
  if (!first || !inputs.every(({ shape }) => sameShape(shape.with(axis, 1), first.shape.with(axis, 1))))
    return undefined;
  const outer = elements(first.shape.slice(0, axis));
  const parts = inputs.map((input) => ({
    values: Array.from(input.values),
    run: input.values.length / outer,
  }));
  const values = Array.from({ length: outer }, (_, i) =>
    parts.flatMap(({ values: all, run }) => all.slice(i * run, (i + 1) * run)),
  ).flat();
  return {
    shape: first.shape.with(
      axis,
      inputs.reduce((sum, { shape }) => sum + size(shape), 0),
    ),
    values,
  };
}

export const concatenation: Fold = (inputs, context) => {
  const rank = inputs[0]?.shape.length;
  const axis = rank === undefined ? undefined : axisOf(intOption(context, 0), rank);
  if (axis === undefined || inputs.some(({ shape }) => shape.length !== rank)) return undefined;
  return one(joined(inputs, axis));
};

export const pack: Fold = (inputs, context) => {
  const [first] = inputs;
  const axis = first && axisOf(intOption(context, 1), first.shape.length + 1);
  if (axis === undefined || !inputs.every(({ shape }) => sameShape(shape, first?.shape ?? [])))
    return undefined;
  return one(
    joined(
      inputs.map((input) => ({ ...input, shape: input.shape.toSpliced(axis, 0, 1) })),
      axis,
    ),
  );
};

export const unpack: Fold = ([input], context) => {
  const axis = input && axisOf(intOption(context, 1), input.shape.length);
  if (axis === undefined || !input || item(input.shape, axis) !== context.outputs) return undefined;
  const strides = stridesOf(input.shape);
  const without = <T>(list: readonly T[]) => list.filter((_, i) => i !== axis);
  return Array.from({ length: context.outputs }, (_, i) => {
    const places = placesOf(without(input.shape), without(strides), i * item(strides, axis));
    return { shape: without(input.shape), values: pick(input, places) };
  });
};

export const fill: Fold = ([shape, value]) => {
  const [sizes, filling] = [shape && Array.from(shape.values), scalar(value)];
  if (!sizes || filling === undefined || !isPossible(sizes)) return undefined;
  return one({ shape: sizes, values: new Float64Array(elements(sizes)).fill(filling) });
};

export const broadcastTo = placed(([input, shape]) => {
  const sizes = shape && Array.from(shape.values);
  const strides = input && sizes && broadcastStrides(input.shape, sizes);
  if (!input || !sizes || !strides || !isPossible(sizes)) return undefined;
  return one({ shape: sizes, values: pick(input, placesOf(sizes, strides)) });
});

/** RANGE from the first to before the second, in steps of the third. */
export const range: Fold = ([start, limit, delta]) => {
  const [from, to, step] = [scalar(start), scalar(limit), scalar(delta)];
  if (from === undefined || to === undefined || !step) return undefined;
  const length = Math.ceil((to - from) / step);
  if (!isPossible([length])) return undefined;
  return one({ shape: [length], values: Array.from({ length }, (_, i) => from + i * step) });
};

/** What a damaged or hostile file may make of a few bytes at the most. */
const MOST = 1 << 22;

function isPossible(sizes: readonly number[]): boolean {
  return sizes.every((n) => Number.isInteger(n) && n > 0) && elements(sizes) <= MOST;
}

/** The shape of `keep_dims` or without the reduced axes. */
export function reducedShape(shape: Shape, axes: ReadonlySet<number>, keep: boolean): Shape {
  return keep ? shape.map((n, axis) => (axes.has(axis) ? 1 : n)) : shape.filter((_, axis) => !axes.has(axis));
}
