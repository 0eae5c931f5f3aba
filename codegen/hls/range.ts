/** What is known of an integer value: the interval that holds it. A negative lower end makes it signed. */
export interface Range {
  readonly low: bigint;
  readonly high: bigint;
}

/** Bits of values that the compiler accepts in between; the operands and results of a kernel have at most 64. */
export const widest = 512;

/** Bits of a magnitude: 0 for 0. */
export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

/** Bits that hold every value of the range, at least 1; two's complement when it has negative values. */
export function widthOf({ low, high }: Range): number {
  if (low >= 0n) return Math.max(1, bitLength(high));
  return Math.max(bitLength(-low - 1n), bitLength(high < 0n ? -high - 1n : high)) + 1;
}

export function intRange(bits: number): Range {
  const limit = 1n << BigInt(bits - 1);
  return { low: -limit, high: limit - 1n };
}

export function uintRange(bits: number): Range {
  return { low: 0n, high: (1n << BigInt(bits)) - 1n };
}

export function isWithin(inner: Range, outer: Range): boolean {
  return inner.low >= outer.low && inner.high <= outer.high;
}

/** The smallest range that holds all these values. */
export function span(values: readonly bigint[]): Range {
  return { low: smallest(values), high: largest(values) };
}

export function smallest(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => (b < a ? b : a));
}

export function largest(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => (b > a ? b : a));
}

/** Text such as `-128..127`. */
export function rangeText({ low, high }: Range): string {
  return `${low}..${high}`;
}
