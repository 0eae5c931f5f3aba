import { assert } from "../../src/ir/errors.ts";
import { widthOf, type Range } from "./range.ts";
import type { Operation } from "./ssa.ts";
import { item } from "../../src/ir/known.ts";

/** What an operation makes of known values; `range` is the result's, for `wrap`. */
export function evaluate(
  operation: Operation,
  values: readonly bigint[],
  range: Range,
  table: readonly bigint[],
): bigint {
  const [a = 0n, b = 0n, c = 0n] = values;
  switch (operation) {
    case "add":
      return a + b;
    case "sub":
      return a - b;
    case "mul":
      return a * b;
    case "div":
      return a / b;
    case "rem":
      return a % b;
    case "and":
      return a & b;
    case "or":
      return a | b;
    case "xor":
      return a ^ b;
    case "shl":
      return a << b;
    case "shr":
      return a >> b;
    case "lt":
      return a < b ? 1n : 0n;
    case "eq":
      return a === b ? 1n : 0n;
    case "mux":
      return a === 1n ? b : c;
    case "wrap":
      return range.low < 0n ? BigInt.asIntN(widthOf(range), a) : BigInt.asUintN(widthOf(range), a);
    case "narrow":
      return a;
    case "lookup":
      return item(table, Number(a));
    case "input":
    case "const":
      assert(false, `${operation} computes nothing`);
  }
}
