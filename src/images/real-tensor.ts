/** Raw tensors of real values. */
import { InputError } from "../ir/errors.ts";
import { item } from "../ir/known.ts";
import { elements, showShape, type Shape } from "../ir/shapes.ts";
import { viewOf } from "../platform/bytes.ts";
import { readBytes } from "./read-file.ts";

export function isRawTensor(path: string): boolean {
  return path.toLowerCase().endsWith(".bin");
}

/**
 * A file of float32 values, little endian, in the model's own order of axes. `shape`: of the tensor as it is stored;
 * `axes`: where that holds each of the model's axes, absent where they are the same.
 * Throws InputError: input-size, bad-value, and those of reading a file.
 */
export function readRealTensor(path: string, shape: Shape, axes?: readonly number[]): Float32Array {
  if (!isRawTensor(path)) throw mixed(path);
  const bytes = readBytes(path);
  const count = elements(shape);
  const own = axes === undefined ? shape : axes.map((axis) => item(shape, axis));
  if (bytes.length !== 4 * count)
    throw new InputError({
      code: "input-size",
      node: path,
      found: `${bytes.length} bytes`,
      supported: `${4 * count} bytes: float32 values ${showShape(own)}`,
      fix: "write the whole input tensor as float32, in the model's own order of axes",
    });
  const view = viewOf(bytes);
  const values = Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true));
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new InputError({
      code: "bad-value",
      node: path,
      found: `${String(values[wrong])} as value ${wrong}`,
      supported: "finite numbers",
      fix: "write float32 values, little endian",
    });
  return axes === undefined ? values : stored(values, own, axes);
}

/** The values in the order of the stored tensor. */
function stored(values: Float32Array, shape: Shape, axes: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => elements(shape.slice(axis + 1)));
  const order = axes.map((_, place) => axes.indexOf(place));
  const places = order.reduce(
    (all, axis) =>
      all.flatMap((at) => Array.from({ length: item(shape, axis) }, (_, i) => at + i * item(strides, axis))),
    [0],
  );
  return Float32Array.from(places, (place) => item(values, place));
}

function mixed(path: string): InputError {
  return new InputError({
    code: "unknown-format",
    node: path,
    found: "a file that is no raw tensor among raw tensors",
    supported: "pictures alone, or raw tensors (*.bin) alone",
    fix: "calibrate with files of one kind",
  });
}
