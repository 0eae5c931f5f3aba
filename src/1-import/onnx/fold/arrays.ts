/** Constants while they are computed with. */
import type { DType, TensorData } from "../../../ir/graph.ts";
import { item } from "../../../ir/known.ts";
import { elements, showShape } from "../../../ir/shapes.ts";
import type { Shape } from "../../../ir/shapes.ts";
import { integersOf, REEXPORT } from "../context.ts";
import type { OperatorContext } from "../context.ts";
import type { ConstantValue } from "../values.ts";

/** The operator's inputs that are there: an operator is folded where all of them are constants. */
export function constantsOf(op: OperatorContext): ConstantValue[] {
  return op.inputs.filter((value) => value?.kind === "constant");
}

/** Input `index` as integers; undefined where the file leaves it out. */
export function integersAt(op: OperatorContext, index: number, what: string): number[] | undefined {
  const value = op.inputs[index];
  return value?.kind === "constant" ? integersOf(op, value, what) : undefined;
}

/** A constant of numbers that `dtype` can hold. */
export function constantOf(
  op: OperatorContext,
  shape: Shape,
  dtype: DType,
  numbers: Iterable<number>,
): ConstantValue {
  return { kind: "constant", name: op.outputName, shape, dtype, data: typed(dtype, Array.from(numbers)) };
}

/** Elements of a constant, chosen by their places. */
export function pick(
  op: OperatorContext,
  value: ConstantValue,
  shape: Shape,
  places: readonly number[],
): ConstantValue {
  const { dtype, data } = value;
  const chosen =
    data instanceof BigInt64Array
      ? BigInt64Array.from(places, (place) => item(data, place))
      : typed(
          dtype,
          places.map((place) => item(data, place)),
        );
  return { kind: "constant", name: op.outputName, shape, dtype, data: chosen };
}

/** Largest and smallest int64; of their neighbours a number knows no difference. */
const [HIGHEST, LOWEST] = [2n ** 63n - 1n, -(2n ** 63n)];

function typed(dtype: DType, numbers: readonly number[]): TensorData {
  switch (dtype) {
    case "float32":
      return Float32Array.from(numbers);
    case "int64":
      return BigInt64Array.from(numbers, (x) => {
        const whole = BigInt(Math.trunc(x));
        return whole > HIGHEST ? HIGHEST : whole < LOWEST ? LOWEST : whole;
      });
    case "int32":
      return Int32Array.from(numbers);
    case "int16":
      return Int16Array.from(numbers);
    case "int8":
      return Int8Array.from(numbers);
    case "uint8":
      return Uint8Array.from(numbers);
    case "bool":
      return Uint8Array.from(numbers, (x) => (x === 0 ? 0 : 1));
  }
}

/** A constant of one value throughout. */
export function filled(op: OperatorContext, shape: Shape, dtype: DType, value: number): ConstantValue {
  const one = typed(dtype, [value]);
  const many = blank(one, elements(shape));
  const data =
    many instanceof BigInt64Array ? many.fill(item(one as BigInt64Array, 0)) : many.fill(Number(one[0]));
  return { kind: "constant", name: op.outputName, shape, dtype, data };
}

/** As many zeros of the type that `like` has. */
function blank<Data extends TensorData>(like: Data, count: number): Data {
  return new (like.constructor as new (count: number) => Data)(count);
}

/** Elements of a constant that is made one by one. */
const MOST_ELEMENTS = 2 ** 24;

/** Whether a constant of that shape may be made; reported where it is none, too large, or one too many. */
export function isSound(op: OperatorContext, shape: Shape, most = MOST_ELEMENTS): boolean {
  const isShape = shape.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (isShape && elements(shape) <= most && op.builder.spend(elements(shape))) return true;
  op.report("unsupported-shape", `a constant ${showShape(shape)}`, "sizes of a network", REEXPORT);
  return false;
}

/** The shape that operands have together, by ONNX's rule of broadcasting; undefined where they have none. */
export function broadcastShape(shapes: readonly Shape[]): number[] | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result = Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    return sizes.find((n) => n !== 1) ?? 1;
  });
  const fits = shapes.every((shape) =>
    shape.every((n, axis) => n === 1 || n === result[axis + rank - shape.length]),
  );
  return fits ? result : undefined;
}

/** Which element of an operand each element of the broadcast result comes from. */
export function broadcastPlaces(operand: Shape, result: Shape): number[] {
  const lead = result.length - operand.length;
  return placesOf(
    result.map((size, axis) => {
      const own = axis < lead ? 1 : item(operand, axis - lead);
      const stride = own === 1 ? 0 : elements(operand.slice(axis - lead + 1));
      return Array.from({ length: size }, (_, i) => i * stride);
    }),
  );
}

/** Sums of one offset an axis, the last axis fastest. */
export function placesOf(offsets: readonly (readonly number[])[]): number[] {
  let places = [0];
  for (const along of offsets) places = places.flatMap((place) => along.map((offset) => place + offset));
  return places;
}

/** Elements from one to the next along each axis. */
export function stridesOf(shape: Shape): number[] {
  return shape.map((_, axis) => elements(shape.slice(axis + 1)));
}
