/** Tensors whose values are known while the file is read, and what folding makes of them. */
import type { DType, Quantization, TensorData } from "../../../ir/graph.ts";
import { item } from "../../../ir/known.ts";
import type { Shape } from "../../../ir/shapes.ts";
import { boolField, int32Field } from "../../flatbuffer.ts";
import type { Table } from "../../flatbuffer.ts";

/** `values` in the order of the shape; int64 as numbers, which shapes and axes fit. */
export interface Constant {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly values: ArrayLike<number>;
  readonly quantization?: Quantization | undefined;
}

/** What a folded operator gives: the file has the type. */
export type Folded = Pick<Constant, "shape" | "values">;

/** What a fold knows beside the values of its inputs. */
export interface FoldContext {
  /** Type and quantisation of the first output. */
  readonly output: Pick<Constant, "dtype" | "quantization">;
  readonly outputs: number;
  readonly options: Table | undefined;
}

/** One result for each output; undefined where the operator asks for something else than the fold does. */
export type Fold = (inputs: readonly Constant[], context: FoldContext) => readonly Folded[] | undefined;

export function intOption({ options }: FoldContext, slot: number): number {
  return options ? int32Field(options, slot, 0) : 0;
}

export function flagOption({ options }: FoldContext, slot: number): boolean {
  return options !== undefined && boolField(options, slot);
}

/** The only value of a constant that has one. */
export function scalar(constant: Constant | undefined): number | undefined {
  return constant?.values.length === 1 ? item(constant.values, 0) : undefined;
}

/** Counted from the end where negative; undefined outside of the rank. */
export function axisOf(axis: number | undefined, rank: number): number | undefined {
  if (axis === undefined) return undefined;
  const from = axis < 0 ? axis + rank : axis;
  return Number.isInteger(from) && from >= 0 && from < rank ? from : undefined;
}

export function numbersOf(data: TensorData): ArrayLike<number> {
  return data instanceof BigInt64Array ? Array.from(data, Number) : data;
}

/** Values as the type stores them: integers wrap, float32 rounds. */
export function typedData(values: ArrayLike<number>, dtype: DType): TensorData {
  switch (dtype) {
    case "float32":
      return values instanceof Float32Array ? values : Float32Array.from(values);
    case "int8":
      return Int8Array.from(values);
    case "int16":
      return Int16Array.from(values);
    case "int32":
      return Int32Array.from(values);
    case "int64":
      return BigInt64Array.from(Array.from(values, (value) => BigInt(Math.trunc(value))));
    case "uint8":
      return Uint8Array.from(values);
    case "bool":
      return Uint8Array.from(values, Number);
  }
}
