/** Operators that treat every value on its own. */
import type { ActivationKernel } from "../../ir/activation-kernel.ts";
import type { Activation, BinaryNode, FunctionNode, LrnNode, PowerNode } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";
import type { Shape } from "../../ir/shapes.ts";
import { elements } from "../../ir/shapes.ts";
import type { Floats } from "./maps.ts";

/** Applies the activation in place. */
export function activate(values: Float32Array, activation: Activation): Float32Array {
  const { low, high } = activationBounds(activation);
  if (activation === "none") return values;
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    values[i] = x < low ? low : x > high ? high : x;
  }
  return values;
}

/** Real values that the activation lets through. */
export function activationBounds(activation: Activation): { readonly low: number; readonly high: number } {
  switch (activation) {
    case "none":
      return { low: -Infinity, high: Infinity };
    case "relu":
      return { low: 0, high: Infinity };
    case "relu6":
      return { low: 0, high: 6 };
    case "relu-n1-to-1":
      return { low: -1, high: 1 };
    case "relu-0-to-1":
      return { low: 0, high: 1 };
  }
}

/** The function that a kernel stands for; a user's own is a straight line between the values that it has. */
export function kernel(values: Float32Array, { places, real, table }: ActivationKernel): Float32Array {
  if (real !== null) return values.map(real);
  const [steps, unit] = [2 ** places.operand, 2 ** -places.result];
  return values.map((x) => {
    const at = Math.min(Math.max(x * steps + 128, 0), 255);
    const below = Math.floor(at);
    const [low, high] = [item(table, below), item(table, Math.min(below + 1, 255))];
    return (low + (at - below) * (high - low)) * unit;
  });
}

/** TFLite's functions of single values. */
export const REAL_FUNCTIONS: Readonly<Record<FunctionNode["kind"], (x: number) => number>> = {
  logistic: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  "hard-swish": (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6,
  elu: (x) => (x < 0 ? Math.exp(x) - 1 : x),
};

export function powerOf({ bias, exponent, factor }: Omit<PowerNode, "inputs" | "output">, x: number): number {
  return (bias + factor * x) ** exponent;
}

/** Below zero x * alpha[c], or x times the only alpha; channels last. */
export function leakyRelu(values: Float32Array, alpha: Float32Array): Float32Array {
  return values.map((x, i) => (x < 0 ? x * item(alpha, i % alpha.length) : x));
}

const OPERATIONS: Readonly<Record<BinaryNode["kind"], (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  maximum: (x, y) => Math.max(x, y),
  minimum: (x, y) => Math.min(x, y),
};

/** Element by element; dimensions are aligned at the last one and those of size 1 are stretched. */
export function binary(kind: BinaryNode["kind"], a: Floats, b: Floats, shape: Shape): Float32Array {
  const compute = OPERATIONS[kind];
  const result = new Float32Array(elements(shape));
  const fromA = sourceIndices(a.shape, shape);
  const fromB = sourceIndices(b.shape, shape);
  for (let i = 0; i < result.length; i++) {
    const x = item(a.values, fromA ? item(fromA, i) : i);
    const y = item(b.values, fromB ? item(fromB, i) : i);
    result[i] = compute(x, y);
  }
  return result;
}

/** Which element of an operand meets each element of the result; null where they are the same. */
function sourceIndices(operand: Shape, result: Shape): Int32Array | null {
  if (elements(operand) === elements(result)) return null;
  const sizes = result.map((_, axis) => operand[axis - result.length + operand.length] ?? 1);
  const steps = sizes.map((n, axis) => ({
    size: item(result, axis),
    stride: n === 1 ? 0 : elements(sizes.slice(axis + 1)),
  }));
  const fromLast = steps.toReversed();
  return Int32Array.from({ length: elements(result) }, (_, i) => {
    let rest = i;
    let source = 0;
    for (const { size, stride } of fromLast) {
      source += (rest % size) * stride;
      rest = Math.floor(rest / size);
    }
    return source;
  });
}

/** x * scale[c] + offset[c], channels last. */
export function channelAffine(map: Floats, scale: Float32Array, offset: Float32Array): Float32Array {
  const channels = scale.length;
  return map.values.map((x, i) => x * scale[i % channels]! + offset[i % channels]!);
}

/** x / (bias + alpha / size * s)^beta, s the sum of squares of the `size` channels around, as far as there are so many. */
export function responseNormalisation(
  { shape, values }: Floats,
  { alpha, beta, bias, size }: Pick<LrnNode, "alpha" | "beta" | "bias" | "size">,
): Float32Array {
  const channels = shape.at(-1) ?? 1;
  const before = Math.floor((size - 1) / 2);
  return values.map((x, i) => {
    const c = i % channels;
    const first = Math.max(0, c - before);
    const end = Math.min(channels, c - before + size);
    let squares = 0;
    for (let other = first; other < end; other++) squares += item(values, i - c + other) ** 2;
    return x / (bias + (alpha / size) * squares) ** beta;
  });
}
