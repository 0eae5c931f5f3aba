/** Arithmetic, comparisons and choices of constants, element by element. */
import type { DType } from "../../../ir/graph.ts";
import { item } from "../../../ir/known.ts";
import { showShape } from "../../../ir/shapes.ts";
import { REEXPORT } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import type { ConstantValue } from "../values.ts";
import { broadcastPlaces, broadcastShape, constantOf, constantsOf, isSound } from "./arrays.ts";

type Compute = (values: readonly number[], isWhole: boolean) => number;

/** `type`: of the result; the last operand's where nothing else is said, since a choice has a condition first. */
function elementwise(inputs: readonly [number, number], compute: Compute, type?: DType): OperatorReader {
  return { inputs, read: (op) => broadcastOver(op, compute, type) };
}

function broadcastOver(op: OperatorContext, compute: Compute, type?: DType): ConstantValue | undefined {
  const operands = constantsOf(op);
  const last = operands.at(-1);
  const shape = broadcastShape(operands.map((operand) => operand.shape));
  if (!last || !shape) {
    const found = `constants ${operands.map((operand) => showShape(operand.shape)).join(" and ")}`;
    op.report("shape-mismatch", found, "constants that broadcast", REEXPORT);
    return undefined;
  }
  if (!isSound(op, shape)) return undefined;
  const sources = operands.map((operand) => ({
    data: operand.data,
    places: broadcastPlaces(operand.shape, shape),
  }));
  const dtype = type ?? last.dtype;
  const isWhole = last.dtype !== "float32";
  const count = item(sources, 0).places.length;
  const numbers = Array.from({ length: count }, (_, i) =>
    compute(
      sources.map(({ data, places }) => Number(item<number | bigint>(data, item(places, i)))),
      isWhole,
    ),
  );
  if (isWhole && !numbers.every(Number.isFinite)) {
    op.report("corrupt-file", "a division of whole numbers by 0", "divisors other than 0", REEXPORT);
    return undefined;
  }
  return constantOf(op, shape, dtype, numbers);
}

const unary = (compute: (x: number) => number) => elementwise([1, 1], ([x = 0]) => compute(x));
const binary = (compute: (a: number, b: number, isWhole: boolean) => number, type?: DType) =>
  elementwise([2, 2], ([a = 0, b = 0], isWhole) => compute(a, b, isWhole), type);
const compare = (holds: (a: number, b: number) => boolean) => binary((a, b) => (holds(a, b) ? 1 : 0), "bool");
const variadic = (compute: (values: readonly number[]) => number) => elementwise([1, Infinity], compute);

/** By operator; all inputs are constants. */
export const ARITHMETIC: Readonly<Record<string, OperatorReader>> = {
  Abs: unary(Math.abs),
  Add: binary((a, b) => a + b),
  And: compare((a, b) => a !== 0 && b !== 0),
  Ceil: unary(Math.ceil),
  Div: binary((a, b, isWhole) => (isWhole ? Math.trunc(a / b) : a / b)),
  Equal: compare((a, b) => a === b),
  Exp: unary(Math.exp),
  Floor: unary(Math.floor),
  Greater: compare((a, b) => a > b),
  GreaterOrEqual: compare((a, b) => a >= b),
  Less: compare((a, b) => a < b),
  LessOrEqual: compare((a, b) => a <= b),
  Max: variadic((values) => Math.max(...values)),
  Min: variadic((values) => Math.min(...values)),
  Mul: binary((a, b) => a * b),
  Neg: unary((x) => -x),
  Not: elementwise([1, 1], ([x = 0]) => (x === 0 ? 1 : 0), "bool"),
  Or: compare((a, b) => a !== 0 || b !== 0),
  Pow: binary((a, b) => a ** b),
  Reciprocal: unary((x) => 1 / x),
  Sqrt: unary(Math.sqrt),
  Sub: binary((a, b) => a - b),
  Sum: variadic((values) => values.reduce((total, x) => total + x, 0)),
  Where: elementwise([3, 3], ([condition = 0, a = 0, b = 0]) => (condition === 0 ? b : a)),
};
