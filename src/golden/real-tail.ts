/** Float arithmetic at the end of a network: every step rounded to float32, in the order of TFLite's reference kernels. */
import { item, known } from "../ir/known.ts";
import { broadcastStrides, permutedStrides, placesOf, stridesOf } from "../ir/places.ts";
import { elements, linesAlong, type Shape } from "../ir/shapes.ts";
import type {
  ExactSums,
  RealFunction,
  RealNode,
  TailBinary,
  TailLayer,
  TailShares,
  TailSlice,
} from "../ir/tail.ts";
import { nearestEven } from "./fixed-point.ts";
import { realSums } from "./float-layer.ts";
import type { Filled } from "./maps.ts";

/** Real values of any number of axes. */
export interface Reals {
  readonly shape: Shape;
  readonly values: Float32Array;
}

const { fround } = Math;
const exp = (x: number): number => fround(Math.exp(x));

/** `shape`: of the result. */
export function realNode(node: RealNode, inputs: readonly Reals[], shape: Shape): Float32Array {
  const first = item(inputs, 0);
  switch (node.kind) {
    case "function":
      return first.values.map((x) => realFunction(node.function, x));
    case "add":
    case "sub":
    case "mul":
    case "maximum":
    case "minimum":
      return binary(node, first, item(inputs, 1), shape);
    case "real-softmax":
    case "real-log-softmax":
      return shares(node, first);
    case "concat":
      return concat(inputs, node.axis, shape);
    case "slice":
      return slice(node, first, shape);
    case "transpose": {
      const strides = permutedStrides(first.shape, node.perm);
      return Float32Array.from(placesOf(shape, strides), (place) => item(first.values, place));
    }
  }
}

/** Sources: reference_ops::Logistic with its limits, HardSwish and LeakyRelu. */
function realFunction(it: RealFunction, x: number): number {
  switch (it.name) {
    case "clamp":
      return clamped(x, it.low, it.high);
    case "leaky":
      return x > 0 ? x : fround(x * fround(it.alpha));
    case "logistic":
      if (x > 16.619047164916992188) return 1;
      return x < -9 ? exp(x) : fround(1 / fround(1 + exp(-x)));
    case "tanh":
      return Math.tanh(x);
    case "steps": {
      const steps = nearestEven(fround(x / it.scale)) + it.zeroPoint;
      return fround(it.scale * (clamped(steps, it.low, it.high) - it.zeroPoint));
    }
    case "exp":
      return exp(x);
    case "power":
      return fround((fround(it.bias) + fround(fround(it.factor) * x)) ** it.exponent);
    case "hard-sigmoid":
      return fround(gate(x) / 6);
    case "hard-swish":
      return fround(fround(x * gate(x)) / 6);
  }
}

/** A last layer. `shape` ends with rows, columns and outputs, or with outputs alone. */
export function realLayer(node: TailLayer, input: Filled, shape: Shape): Float32Array {
  const outputs = item(shape, shape.length - 1);
  const [rows, columns] = shape.length === 4 ? [item(shape, 1), item(shape, 2)] : [1, 1];
  const { sums } = node;
  const reals = sums.order
    ? realSums({ ...node, rows, columns, outputs }, sums, input)
    : exactSums(sums, input);
  return reals.map((x) => clamped(x, node.low, node.high));
}

/** ONNX Runtime's QGemm and MatMulIntegerToFloat without a scale behind them. */
function exactSums({ bias, factors, weights }: ExactSums, { map, values }: Filled): Float32Array {
  return factors.map((factor, k) => {
    const first = k * values.length;
    const sum = values.reduce(
      (total, value, i) => (total + (value - map.zeroPoint) * item(weights, first + i)) | 0,
      item(bias, k),
    );
    return fround(sum) * factor;
  });
}

/** A zero keeps its sign, as in C++. */
const clamped = (x: number, low: number, high: number): number => (x < low ? low : high < x ? high : x);

const gate = (x: number): number => clamped(fround(x + 3), 0, 6);

const OPERATIONS: Readonly<Record<TailBinary["kind"], (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  maximum: (x, y) => (x > y ? x : y),
  minimum: (x, y) => (x < y ? x : y),
};

function binary({ high, kind, low }: TailBinary, a: Reals, b: Reals, shape: Shape): Float32Array {
  const stretched = (operand: Reals): Float32Array => {
    const strides = known(broadcastStrides(operand.shape, shape), "operands that broadcast");
    return Float32Array.from(placesOf(shape, strides), (place) => item(operand.values, place));
  };
  const [x, y] = [stretched(a), stretched(b)];
  return x.map((value, i) => clamped(fround(OPERATIONS[kind](value, item(y, i))), low, high));
}

/** Sources: reference_ops::Softmax and LogSoftmax of floats. */
function shares({ axes, beta, kind }: TailShares, { shape, values }: Reals): Float32Array {
  const result = new Float32Array(values.length);
  for (const line of linesAlong(shape, axes)) {
    const highest = line.reduce((most, place) => Math.max(most, item(values, place)), -Infinity);
    const above = line.map((place) => fround(item(values, place) - highest));
    const powers = above.map((x) => exp(fround(x * fround(beta))));
    const sum = powers.reduce((total, power) => fround(total + power), 0);
    const log = fround(Math.log(sum));
    for (const [i, place] of line.entries())
      result[place] = kind === "real-softmax" ? item(powers, i) / sum : item(above, i) - log;
  }
  return result;
}

function concat(inputs: readonly Reals[], axis: number, shape: Shape): Float32Array {
  const result = new Float32Array(elements(shape));
  const run = elements(shape.slice(axis));
  let first = 0;
  for (const { shape: own, values } of inputs) {
    const length = elements(own.slice(axis));
    for (let i = 0; i * length < values.length; i++)
      result.set(values.subarray(i * length, (i + 1) * length), i * run + first);
    first += length;
  }
  return result;
}

function slice({ begin, stride }: TailSlice, { shape: from, values }: Reals, shape: Shape): Float32Array {
  const strides = stridesOf(from);
  const steps = strides.map((step, axis) => step * item(stride, axis));
  const first = strides.reduce((sum, step, axis) => sum + step * item(begin, axis), 0);
  return Float32Array.from(placesOf(shape, steps, first), (place) => item(values, place));
}
