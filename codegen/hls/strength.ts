/** Products, quotients and remainders with a constant, by cheaper operations. */
import type { Builder } from "./ssa.ts";
import { bitLength, widest, widthOf, type Range } from "./range.ts";
import { resultRange } from "./result-range.ts";
import { depthOfSum, depthOfProduct } from "./schedule.ts";
import type { SsaNode } from "./ssa.ts";
import { item } from "../../src/ir/known.ts";

/** One digit of a number in canonical signed form: +1 or -1 times 2^place. */
export interface Digit {
  readonly place: number;
  readonly isNegative: boolean;
}

/** Digits of 0, 1 and -1, of which no two neighbours count: the fewest there are. From the highest place down. */
export function signedDigits(value: bigint): Digit[] {
  const digits: Digit[] = [];
  let rest = value;
  for (let place = 0; rest !== 0n; place += 1, rest >>= 1n) {
    if ((rest & 1n) === 0n) continue;
    const isNegative = (rest & 3n) === 3n;
    digits.unshift({ place, isNegative });
    rest += isNegative ? 1n : -1n;
  }
  return digits;
}

/**
 * `factor * node` as shifts and sums, `digits` being the factor's; null where a multiplier is not slower by the model of levels. A sum of a few shifted copies
 * is then also smaller than the rows of a multiplier.
 */
export function timesDigits(
  builder: Builder,
  node: SsaNode,
  factor: bigint,
  digits: readonly Digit[],
): SsaNode | null {
  const range = resultRange("mul", node.range, { low: factor, high: factor });
  const isNegated = digits.every(({ isNegative }) => isNegative);
  const sums = Math.ceil(Math.log2(digits.length)) + (isNegated ? 1 : 0);
  const width = widthOf(range);
  if (sums * depthOfSum(width) > depthOfProduct(width)) return null;
  const { value, isNegative } = sumOf(builder, node, digits);
  const signed = isNegative ? builder.binary("sub", builder.constant(0n), value) : value;
  return builder.narrow(signed, range);
}

/** The sum of a node's shifted copies as a tree, or what is to be negated to be it. */
function sumOf(
  builder: Builder,
  node: SsaNode,
  digits: readonly Digit[],
): { readonly value: SsaNode; readonly isNegative: boolean } {
  const first = item(digits, 0);
  if (digits.length === 1)
    return { value: shifted(builder, node, first.place), isNegative: first.isNegative };
  const middle = digits.length >> 1;
  const high = sumOf(builder, node, digits.slice(0, middle));
  const low = sumOf(builder, node, digits.slice(middle));
  if (high.isNegative === low.isNegative) {
    return { value: builder.binary("add", high.value, low.value), isNegative: high.isNegative };
  }
  const [plus, minus] = low.isNegative ? [high, low] : [low, high];
  return { value: builder.binary("sub", plus.value, minus.value), isNegative: false };
}

function shifted(builder: Builder, node: SsaNode, places: number): SsaNode {
  return places === 0 ? node : builder.binary("shl", node, builder.constant(BigInt(places)));
}

/**
 * The quotient by a constant other than 0, truncated as JavaScript does it: a shift, or a product with a reciprocal that is
 * rounded up far enough behind the point to be exact for the whole range. Source: Granlund and Montgomery, Division by invariant
 * integers using multiplication, 1994. Null where the product would be too wide.
 */
export function byConstant(builder: Builder, node: SsaNode, divisor: bigint): SsaNode | null {
  const constant = (value: bigint): SsaNode => builder.constant(value);
  if (divisor < 0n) {
    const quotient = byConstant(builder, node, -divisor);
    return quotient && builder.binary("sub", constant(0n), quotient);
  }
  const range = resultRange("div", node.range, { low: divisor, high: divisor });
  const isNegative = builder.binary("lt", node, constant(0n));
  const places = BigInt(bitLength(divisor) - 1);
  if (divisor === 1n << places) {
    const towardsZero = builder.mux(isNegative, constant(divisor - 1n), constant(0n));
    return builder.narrow(
      builder.binary("shr", builder.binary("add", node, towardsZero), constant(places)),
      range,
    );
  }
  const { factor, shift } = reciprocal(divisor, node.range);
  const product = builder.binary("mul", node, constant(factor));
  if (widthOf(product.range) > widest) return null;
  // Rounded up, a negative product lies below its quotient, and never on it.
  const floor = builder.binary("shr", product, constant(BigInt(shift)));
  return builder.narrow(builder.binary("add", floor, isNegative), range);
}

/** The remainder by a constant, with the dividend's sign; null where the quotient is. */
export function restByConstant(builder: Builder, node: SsaNode, divisor: bigint): SsaNode | null {
  const size = divisor < 0n ? -divisor : divisor;
  const isPower = size === 1n << BigInt(bitLength(size) - 1);
  if (isPower && node.range.low >= 0n) return builder.binary("and", node, builder.constant(size - 1n));
  const quotient = byConstant(builder, node, size);
  if (quotient === null) return null;
  const rest = builder.binary("sub", node, builder.binary("mul", quotient, builder.constant(size)));
  return builder.narrow(rest, resultRange("rem", node.range, { low: size, high: size }));
}

/** The smallest 2^shift whose ceil(2^shift / divisor) divides every dividend of the range. */
function reciprocal(divisor: bigint, { low, high }: Range): { factor: bigint; shift: number } {
  const most = -low > high ? -low : high;
  for (let shift = bitLength(divisor); ; shift += 1) {
    const unit = 1n << BigInt(shift);
    const factor = (unit + divisor - 1n) / divisor;
    if (most * (factor * divisor - unit) < unit) return { factor, shift };
  }
}
