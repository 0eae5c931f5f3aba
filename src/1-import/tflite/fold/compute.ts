/** Folds of operators that compute. Integers of shapes and axes, and float constants; quantised constants only change their type. */
import { item } from "../../../ir/known.ts";
import { broadcastStrides, placesOf, stridesOf } from "../../../ir/places.ts";
import { elements } from "../../../ir/shapes.ts";
import type { Shape } from "../../../ir/shapes.ts";
import { int8Field } from "../../flatbuffer.ts";
import { FusedActivation } from "../schema.ts";
import { axisOf, flagOption } from "./constant.ts";
import type { Constant, Fold, FoldContext } from "./constant.ts";
import { reducedShape } from "./move.ts";

/** Whether the values are the numbers themselves. */
function isPlain({ dtype, quantization }: Pick<Constant, "dtype" | "quantization">): boolean {
  return dtype === "float32" || dtype === "bool" || (quantization?.scales.length ?? 0) === 0;
}

/** Sizes aligned at the last axis, 1 stretched; undefined where they do not fit. */
function broadcastShape(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const at = (shape: Shape, axis: number) => shape[shape.length - rank + axis] ?? 1;
  const shape = Array.from({ length: rank }, (_, axis) => Math.max(at(a, axis), at(b, axis)));
  return shape.every((n, axis) => [1, n].includes(at(a, axis)) && [1, n].includes(at(b, axis)))
    ? shape
    : undefined;
}

/** `fused`: the operator's options begin with an activation, which must be none. */
function binary(compute: (a: number, b: number, context: FoldContext) => number, fused = false): Fold {
  return ([a, b], context) => {
    if (!a || !b || ![a, b, context.output].every(isPlain)) return undefined;
    const { options } = context;
    if (fused && options && int8Field(options, 0, 0) !== FusedActivation.NONE) return undefined;
    const shape = broadcastShape(a.shape, b.shape);
    const [left, right] = shape ? [broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape)] : [];
    if (!shape || !left || !right) return undefined;
    const others = placesOf(shape, right);
    const values = placesOf(shape, left).map((place, i) =>
      compute(item(a.values, place), item(b.values, item(others, i)), context),
    );
    return values.every(Number.isFinite) ? [{ shape, values }] : undefined;
  };
}

function unary(compute: (value: number) => number): Fold {
  return ([input], { output }) =>
    input && [input, output].every(isPlain)
      ? [{ shape: input.shape, values: Array.from(input.values, compute) }]
      : undefined;
}

export const add = binary((a, b) => a + b, true);
export const sub = binary((a, b) => a - b, true);
export const mul = binary((a, b) => a * b, true);
/** Integers are divided as C does, towards zero. */
export const div = binary(
  (a, b, { output }) => (output.dtype === "float32" ? a / b : Math.trunc(a / b)),
  true,
);
export const floorDiv = binary((a, b) => Math.floor(a / b));
export const floorMod = binary((a, b) => a - Math.floor(a / b) * b);
export const maximum = binary((a, b) => Math.max(a, b));
export const minimum = binary((a, b) => Math.min(a, b));
export const equal = binary((a, b) => Number(a === b));
export const notEqual = binary((a, b) => Number(a !== b));
export const less = binary((a, b) => Number(a < b));
export const lessEqual = binary((a, b) => Number(a <= b));
export const greater = binary((a, b) => Number(a > b));
export const greaterEqual = binary((a, b) => Number(a >= b));
export const negative = unary((value) => -value);
export const absolute = unary(Math.abs);

/** Cut towards zero where the result is an integer. */
export const cast: Fold = ([input], { output }) => {
  if (!input || ![input, output].every(isPlain)) return undefined;
  const { shape, values } = input;
  if (output.dtype === "float32") return [{ shape, values }];
  const whole = output.dtype === "bool" ? (value: number) => Number(value !== 0) : Math.trunc;
  return [{ shape, values: Array.from(values, whole) }];
};

function reduction(first: number, step: (sum: number, value: number) => number): Fold {
  return ([input, over], context) => {
    if (!input || !over || ![input, context.output].every(isPlain)) return undefined;
    const list = Array.from(over.values, (axis) => axisOf(axis, input.shape.length));
    const axes = new Set(list.filter((axis) => axis !== undefined));
    if (list.includes(undefined)) return undefined;
    const strides = stridesOf(input.shape);
    const part = (isReduced: boolean) => {
      const kept = input.shape.flatMap((_, axis) => (axes.has(axis) === isReduced ? [axis] : []));
      return placesOf(
        kept.map((axis) => item(input.shape, axis)),
        kept.map((axis) => item(strides, axis)),
      );
    };
    const inside = part(true);
    const values = part(false).map((start) =>
      inside.reduce((sum, place) => step(sum, item(input.values, start + place)), first),
    );
    return [{ shape: reducedShape(input.shape, axes, flagOption(context, 0)), values }];
  };
}

export const sum = reduction(0, (total, value) => total + value);
export const product = reduction(1, (total, value) => total * value);
export const reduceMax = reduction(-Infinity, Math.max);
export const reduceMin = reduction(Infinity, Math.min);

/** real = scale * (q - zero point) in float32, as reference_ops::Dequantize and PerChannelDequantize. Float16 was widened when it was read. */
export const dequantize: Fold = ([input]) => {
  if (!input) return undefined;
  const { shape, dtype, values, quantization } = input;
  if (dtype === "float32") return [{ shape, values }];
  if (!quantization) return undefined;
  return [{ shape, values: dequantized(values, shape, quantization) }];
};

/** Values of a quantised constant, each of its channel's scale. */
export function dequantized(
  values: ArrayLike<number>,
  shape: Shape,
  { scales, zeroPoints, axis }: NonNullable<Constant["quantization"]>,
): Float32Array {
  const several = scales.length > 1;
  const inner = several ? elements(shape.slice(axis + 1)) : values.length;
  const result = new Float32Array(values.length);
  for (let i = 0; i < result.length; i++) {
    const channel = several ? Math.floor(i / inner) % scales.length : 0;
    result[i] = item(scales, channel) * (item(values, i) - item(zeroPoints, channel));
  }
  return result;
}

const LIMITS = { int8: [-128, 127], uint8: [0, 255], int16: [-32768, 32767] } as const;

/** q = round(real / scale) + zero point, halves away from zero, as reference_ops::AffineQuantize. */
export const quantize: Fold = ([input], { output }) => {
  const { dtype, quantization } = output;
  if (input?.dtype !== "float32" || quantization?.scales.length !== 1) return undefined;
  if (dtype !== "int8" && dtype !== "uint8" && dtype !== "int16") return undefined;
  const [low, high] = LIMITS[dtype];
  const [scale, zero] = [item(quantization.scales, 0), item(quantization.zeroPoints, 0)];
  const values = Array.from(input.values, (real) => {
    const steps = Math.fround(real / scale);
    const nearest = Math.sign(steps) * Math.floor(Math.abs(steps) + 0.5);
    return Math.min(Math.max(nearest + zero, low), high);
  });
  return [{ shape: input.shape, values }];
};
