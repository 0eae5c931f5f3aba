/** What a name in an ONNX graph stands for while the graph is read. */
import type { DType, Tensor, TensorData } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";
import { elements } from "../../ir/shapes.ts";
import type { Shape } from "../../ir/shapes.ts";

/** An activation. ONNX thinks in [N, C, H, W]; the tensor is stored [N, H, W, C]. */
export interface MapValue {
  readonly kind: "map";
  readonly tensor: Tensor;
  /** As ONNX sees it. */
  readonly shape: Shape;
  /** Where the tensor holds each of ONNX's axes: [0, 3, 1, 2] for [N, C, H, W]. */
  readonly axes: readonly number[];
  /**
   * Of a flattened map whose elements lie in another order than ONNX's: ONNX's index of each stored element.
   * A layer with weights reads it by reordering those.
   */
  readonly order?: readonly number[];
}

/** A stored integer tensor, real = scale * (q - zero point). */
export interface QuantizedData {
  readonly dtype: "int8" | "uint8" | "int32";
  readonly data: Int8Array | Uint8Array | Int32Array;
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  /** Along which scales run when there are several. */
  readonly axis: number;
}

export interface ConstantValue {
  readonly kind: "constant";
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: TensorData;
  /** The file's type of floats that are not float32 there, such as FLOAT16. */
  readonly storedAs?: string;
  /** What a DequantizeLinear made the values from. */
  readonly quantized?: QuantizedData;
}

export type Value = MapValue | ConstantValue;

/** [N, C, H, W] as stored. */
export const CHANNELS_FIRST: readonly number[] = [0, 3, 1, 2];

/** Where each axis lies when ONNX's order is [N, C, H, W] for maps and the stored one for vectors. */
export function defaultAxes(rank: number): readonly number[] {
  return rank === 4 ? CHANNELS_FIRST : Array.from({ length: rank }, (_, axis) => axis);
}

/** Sizes in the order of the tensor. */
export function storedShape(shape: Shape, axes: readonly number[]): number[] {
  const stored = shape.slice();
  for (const [axis, size] of shape.entries()) stored[axes[axis] ?? axis] = size;
  return stored;
}

/** ONNX's index of each stored element. */
export function elementOrder(shape: Shape, axes: readonly number[]): number[] {
  const stored = storedShape(shape, axes);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, n) => product * n, 1));
  const storedStrides = stored.map((_, place) => item(strides, axes.indexOf(place)));
  let order = [0];
  for (const [place, size] of stored.entries()) {
    const stride = item(storedStrides, place);
    order = order.flatMap((base) => Array.from({ length: size }, (_, i) => base + i * stride));
  }
  return order;
}

/** Sizes that values lie in, and where those hold the axes of the other order. */
export interface Arrangement {
  /** As stored. */
  readonly shape: Shape;
  readonly axes: readonly number[];
}

/**
 * What permutation of the axes of what shape gives ONNX's index of each stored element, adjacent axes as one; undefined where none does.
 */
export function arrangementOf(order: readonly number[]): Arrangement | undefined {
  const stored: number[] = [];
  for (const [place, index] of order.entries()) stored[index] = place;
  // loops over ONNX's order, innermost first: how far apart the elements of each are stored
  const loops: { readonly size: number; readonly step: number }[] = [];
  for (let inside = 1; inside < stored.length;) {
    const step = item(stored, inside) - item(stored, 0);
    let size = 1;
    while ((size + 1) * inside <= stored.length && stored[size * inside] === item(stored, 0) + size * step)
      size++;
    if (size === 1 || step < 1) return undefined;
    loops.unshift({ size, step });
    inside *= size;
  }
  const outer = loops.toSorted((a, b) => b.step - a.step);
  const shape = outer.map(({ size }) => size);
  const axes = loops.map((loop) => outer.indexOf(loop));
  const sizes = loops.map(({ size }) => size);
  const isSame = elementOrder(sizes, axes).every((index, place) => index === order[place]);
  return isSame && elements(shape) === order.length ? { shape, axes } : undefined;
}

export function isIdentity(order: readonly number[]): boolean {
  return order.every((from, to) => from === to);
}

/** Elements of a constant in another order of its axes: result axis i is `perm[i]`. */
export function transposeData<Data extends TensorData>(
  data: Data,
  shape: Shape,
  perm: readonly number[],
): Data {
  const axes = perm.map((_, axis) => perm.indexOf(axis));
  const order = elementOrder(shape, axes);
  const result = data.slice() as Data;
  for (const [to, from] of order.entries()) result[to] = item<number | bigint>(data, from);
  return result;
}
