import type { BinaryOperation } from "./ssa.ts";
import { intRange, largest, span, uintRange, widthOf, type Range } from "./range.ts";

/** The range of an operation's result over all values of its operands, by interval arithmetic. */
export function resultRange(operation: BinaryOperation, a: Range, b: Range): Range {
  switch (operation) {
    case "add":
      return { low: a.low + b.low, high: a.high + b.high };
    case "sub":
      return { low: a.low - b.high, high: a.high - b.low };
    case "mul":
      return corners(a, b, (x, y) => x * y);
    case "shl":
      return corners(a, b, (x, y) => x << y);
    case "shr":
      return corners(a, b, (x, y) => x >> y);
    case "div":
      // A divisor's range never holds 0.
      return corners(a, b, (x, y) => x / y);
    case "rem":
      return remainder(a, b);
    case "and":
    case "or":
    case "xor":
      return bitwise(operation, a, b);
    case "lt":
    case "eq":
      return { low: 0n, high: 1n };
  }
}

/** Of |x|: -128..127 has 0..128. */
export function magnitudeRange({ low, high }: Range): Range {
  if (low >= 0n) return { low, high };
  if (high <= 0n) return { low: -high, high: -low };
  return { low: 0n, high: largest([-low, high]) };
}

/** Of x * x, which is never negative. */
export function squareRange(x: Range): Range {
  const { low, high } = magnitudeRange(x);
  return { low: low * low, high: high * high };
}

function corners(a: Range, b: Range, apply: (x: bigint, y: bigint) => bigint): Range {
  return span([apply(a.low, b.low), apply(a.low, b.high), apply(a.high, b.low), apply(a.high, b.high)]);
}

/** The remainder has the dividend's sign, is smaller than the divisor, and no larger than the dividend. */
function remainder(a: Range, b: Range): Range {
  const limit = (b.low < 0n && -b.low > b.high ? -b.low : b.high) - 1n;
  const low = a.low < -limit ? -limit : a.low;
  const high = a.high > limit ? limit : a.high;
  return { low: a.low < 0n ? low : 0n, high: a.high > 0n ? high : 0n };
}

function bitwise(operation: "and" | "or" | "xor", a: Range, b: Range): Range {
  const width = Math.max(widthOf(a), widthOf(b));
  const bothPositive = a.low >= 0n && b.low >= 0n;
  if (operation === "and") {
    if (bothPositive) return { low: 0n, high: a.high < b.high ? a.high : b.high };
    if (a.low >= 0n) return { low: 0n, high: a.high };
    if (b.low >= 0n) return { low: 0n, high: b.high };
  }
  if (bothPositive) return uintRange(width);
  // An unsigned operand needs one bit more as two's complement.
  const signed = Math.max(signedWidth(a), signedWidth(b));
  return intRange(signed);
}

function signedWidth(range: Range): number {
  return widthOf(range) + (range.low >= 0n ? 1 : 0);
}
