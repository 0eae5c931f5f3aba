/** Float maps, NHWC with N = 1, and the operators that only move or average their values. */
import { assert } from "../../ir/errors.ts";
import type { Padding, SliceNode } from "../../ir/graph.ts";
import { elements, linesAlong, type Shape } from "../../ir/shapes.ts";
import { item } from "../../ir/known.ts";
import { permutedStrides, placesOf } from "../../ir/places.ts";

export interface Floats {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** Height, width and channels of a map [1, H, W, C]. */
export function sizesOf(shape: Shape): { height: number; width: number; channels: number } {
  const [batch, height, width, channels] = shape;
  assert(batch === 1 && shape.length === 4, `a map [${shape.join(", ")}] is not [1, H, W, C]`);
  assert(height !== undefined && width !== undefined && channels !== undefined, "four sizes");
  return { height, width, channels };
}

/** [1, H, W, C] -> [1, H + top + bottom, W + left + right, C]. Without padding, the values themselves. */
export function pad({ shape, values }: Floats, padding: Padding, value: number): Float32Array {
  const { top, left, bottom, right } = padding;
  if (top + left + bottom + right === 0) return values;
  const { height, width, channels } = sizesOf(shape);
  const paddedRow = (width + left + right) * channels;
  const result = new Float32Array((height + top + bottom) * paddedRow).fill(value);
  const row = width * channels;
  for (let y = 0; y < height; y++) {
    result.set(values.subarray(y * row, (y + 1) * row), (y + top) * paddedRow + left * channels);
  }
  return result;
}

/** [1, H, W, C] -> [1, H, W, front + C + behind]. */
export function padChannels(map: Floats, [front, behind]: readonly [number, number], value: number): Floats {
  const { height, width, channels } = sizesOf(map.shape);
  const size = front + channels + behind;
  const values = new Float32Array(height * width * size).fill(value);
  for (let pixel = 0; pixel < height * width; pixel++)
    values.set(map.values.subarray(pixel * channels, (pixel + 1) * channels), pixel * size + front);
  return { shape: [1, height, width, size], values };
}

/** Element i along each axis is element begin + i * stride of the map. */
export function slice(
  map: Floats,
  { begin, stride }: Pick<SliceNode, "begin" | "stride">,
  shape: Shape,
): Float32Array {
  const strides = map.shape.map((_, axis) => elements(map.shape.slice(axis + 1)));
  const first = begin.reduce((sum, start, axis) => sum + start * item(strides, axis), 0);
  const steps = stride.map((step, axis) => step * item(strides, axis));
  const places = shape.reduce(
    (all, size, axis) =>
      all.flatMap((place) => Array.from({ length: size }, (_, i) => place + i * item(steps, axis))),
    [first],
  );
  return Float32Array.from(places, (place) => item(map.values, place));
}

/** Each pixel as so many rows and columns of equal ones. */
export function repeat(map: Floats, [rows, columns]: readonly [number, number]): Float32Array {
  const { height, width, channels } = sizesOf(map.shape);
  const result = new Float32Array(map.values.length * rows * columns);
  for (let y = 0; y < height * rows; y++)
    for (let x = 0; x < width * columns; x++) {
      const from = (Math.floor(y / rows) * width + Math.floor(x / columns)) * channels;
      result.set(map.values.subarray(from, from + channels), (y * width * columns + x) * channels);
    }
  return result;
}

/** Maps of one shape, pixel by pixel: input i at row floor(i / columns) and column i % columns of each group. */
export function interleave(
  inputs: readonly Floats[],
  [rows, columns]: readonly [number, number],
): Float32Array {
  const { height, width, channels } = sizesOf(item(inputs, 0).shape);
  const result = new Float32Array(height * rows * width * columns * channels);
  for (let y = 0; y < height * rows; y++)
    for (let x = 0; x < width * columns; x++) {
      const { values } = item(inputs, (y % rows) * columns + (x % columns));
      const from = (Math.floor(y / rows) * width + Math.floor(x / columns)) * channels;
      result.set(values.subarray(from, from + channels), (y * width * columns + x) * channels);
    }
  return result;
}

/** Side by side along `axis`; all other dimensions are equal. */
export function concat(inputs: readonly Floats[], axis: number, size: number): Float32Array {
  const runs = inputs.map(({ shape, values }) => ({ values, run: elements(shape.slice(axis)) }));
  const stride = runs.reduce((sum, { run }) => sum + run, 0);
  const result = new Float32Array(size);
  let first = 0;
  for (const { values, run } of runs) {
    for (let from = 0, to = first; from < values.length; from += run, to += stride) {
      result.set(values.subarray(from, from + run), to);
    }
    first += run;
  }
  return result;
}

/** Channel c of each pixel becomes channel order[c]. */
export function inOrder(values: Float32Array, order?: readonly number[]): Float32Array {
  if (order === undefined) return values;
  const { length } = order;
  return values.map((_, i) => item(values, i - (i % length) + item(order, i % length)));
}

/** Axis i of the result is axis perm[i]. */
export function transpose({ shape, values }: Floats, perm: readonly number[]): Float32Array {
  const sizes = perm.map((axis) => item(shape, axis));
  return Float32Array.from(placesOf(sizes, permutedStrides(shape, perm)), (place) => item(values, place));
}

/** [1, H, W, C] -> means over H and W, or over other axes. */
export function mean({ shape, values }: Floats, axes: readonly number[] = [1, 2]): Float32Array {
  const means = linesAlong(shape, axes).map(
    (line) => line.reduce((sum, place) => sum + item(values, place), 0) / line.length,
  );
  return Float32Array.from(means);
}
