/** Resizing to the nearest pixel, where it is a part of the map whose pixels are repeated. */
import { item } from "../ir/known.ts";

/** Along one axis: element i of the result is element begin + stride * floor(i / factor). */
export interface Nearest {
  readonly begin: number;
  readonly stride: number;
  /** Elements that are kept, each of which is repeated `factor` times. */
  readonly kept: number;
  readonly factor: number;
}

/**
 * Rows and columns that each pixel becomes where both stay or are made of one: between a pixel and itself there is nothing else. `sizes` of
 * both axes become `made`.
 */
export function factorOfOne(
  sizes: readonly number[],
  made: readonly number[],
): readonly [number, number] | undefined {
  const factors = sizes.map((size, axis) => (size === made[axis] ? 1 : size === 1 ? made[axis] : undefined));
  const [rows, columns] = factors;
  return rows === undefined || columns === undefined || rows * columns === 1 ? undefined : [rows, columns];
}

/** What `places`, the nearest element of each of the result's, amount to; undefined where it is nothing of that kind. */
export function nearestAlong(places: readonly number[]): Nearest | undefined {
  const begin = item(places, 0);
  const change = places.findIndex((place) => place !== begin);
  const factor = change < 0 ? places.length : change;
  const stride = change < 0 ? 1 : item(places, change) - begin;
  const isSound = places.every((place, i) => place === begin + stride * Math.floor(i / factor));
  if (!isSound || stride < 1 || places.length % factor !== 0) return undefined;
  return { begin, stride, kept: places.length / factor, factor };
}
