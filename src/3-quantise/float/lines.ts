/** Operators on lines of values: those along one axis, or along several together. */
import { item } from "../../ir/known.ts";
import { linesAlong } from "../../ir/shapes.ts";
import type { Floats } from "./maps.ts";

/** What `compute` makes of each line, in double precision. */
function onLines(
  { shape, values }: Floats,
  axes: readonly number[] = [shape.length - 1],
  compute: (line: Float64Array) => Float64Array,
): Float32Array {
  const result = new Float32Array(values.length);
  for (const places of linesAlong(shape, axes)) {
    const made = compute(Float64Array.from(places, (place) => item(values, place)));
    for (const [i, place] of places.entries()) result[place] = item(made, i);
  }
  return result;
}

/** exp(beta * x) over its sum. */
export function softmax(map: Floats, beta: number, axes?: readonly number[]): Float32Array {
  return onLines(map, axes, (line) => {
    const highest = greatest(line);
    const powers = line.map((x) => Math.exp(beta * (x - highest)));
    const sum = total(powers);
    return powers.map((power) => power / sum);
  });
}

/** The logarithm of exp(x) over its sum. */
export function logSoftmax(map: Floats, axes?: readonly number[]): Float32Array {
  return onLines(map, axes, (line) => {
    const highest = greatest(line);
    const log = Math.log(total(line.map((x) => Math.exp(x - highest))));
    return line.map((x) => x - highest - log);
  });
}

/** x over the root of the sum of squares along the last axis, at least 1e-6 (TFLite's reference_ops::L2Normalization). */
export function l2Normalised(map: Floats): Float32Array {
  return onLines(map, undefined, (line) => {
    const root = Math.max(Math.sqrt(total(line.map((x) => x * x))), 1e-6);
    return line.map((x) => x / root);
  });
}

function greatest(line: Float64Array): number {
  return line.reduce((most, x) => Math.max(most, x), -Infinity);
}

function total(line: Float64Array): number {
  return line.reduce((sum, x) => sum + x, 0);
}
