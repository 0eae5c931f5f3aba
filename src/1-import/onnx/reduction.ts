/** What reductions of maps and of constants share. */
import type { OperatorContext } from "./context.ts";

/** The axes are an attribute or, in newer operator sets, an input; they may stay as axes of one element. */
export function readReduction({ attributes }: OperatorContext): {
  readonly keepDims: boolean;
  readonly axes: readonly number[] | undefined;
} {
  attributes.expect("noop_with_empty_axes", 0);
  return { keepDims: attributes.int("keepdims", 1) === 1, axes: attributes.ints("axes") };
}

/** `axes`: counted from 0. */
export function reducedShape(shape: readonly number[], axes: readonly number[], keepDims: boolean): number[] {
  return shape.flatMap((size, axis) => (!axes.includes(axis) ? [size] : keepDims ? [1] : []));
}
