/** Layers of few different weights: codes stand for those in memory. */
import type { Operator } from "../plan.ts";

/** The widest codes that the hardware has tables for. */
const MOST_BITS = 6;

/** The different weights of a convolution less their zero point, and zero, ascending; null where they are too many for codes. */
export function codebookOf(weights: Int16Array): readonly number[] | null {
  const values = new Set([0]);
  for (const weight of weights) {
    values.add(weight);
    if (values.size > 2 ** MOST_BITS) return null;
  }
  return [...values].sort((a, b) => a - b);
}

/** Bits of a code that tells the values of a book apart. */
export function codeBitsOf({ length }: readonly number[]): number {
  return Math.max(1, Math.ceil(Math.log2(length)));
}

/** Bits of the widest codes that stand for weights of these operators; 0 where all weights stand for themselves. */
export function mostCodeBits(operators: readonly Operator[]): number {
  const bits = operators.flatMap(({ weights }) => {
    const book = weights && codebookOf(weights);
    return book ? [codeBitsOf(book)] : [];
  });
  return Math.max(0, ...bits);
}
