/** Places of a tensor's values in its list. */
import { item } from "./known.ts";
import { elements, type Shape } from "./shapes.ts";

/** Values from one to the next along each axis. */
export function stridesOf(shape: Shape): number[] {
  return shape.map((_, axis) => elements(shape.slice(axis + 1)));
}

/** Strides of the axes in another order: axis i is axis perm[i] of `shape`. */
export function permutedStrides(shape: Shape, perm: readonly number[]): number[] {
  const strides = stridesOf(shape);
  return perm.map((axis) => item(strides, axis));
}

/** Places of the elements of a view: `first`, and so many steps along each axis. */
export function placesOf(shape: Shape, strides: readonly number[], first = 0): number[] {
  let places = [first];
  for (const [axis, size] of shape.entries()) {
    const stride = item(strides, axis);
    places = places.flatMap((place) => Array.from({ length: size }, (_, i) => place + i * stride));
  }
  return places;
}

/** Strides of a constant that is read under a larger shape, 0 along stretched axes; undefined where it does not fit. */
export function broadcastStrides(from: Shape, to: Shape): number[] | undefined {
  const padded = [...Array.from({ length: to.length - from.length }, () => 1), ...from];
  if (padded.length !== to.length || !padded.every((n, axis) => n === 1 || n === to[axis])) return undefined;
  const strides = stridesOf(padded);
  return padded.map((n, axis) => (n === 1 ? 0 : item(strides, axis)));
}
