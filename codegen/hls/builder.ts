/**
 * Makes SSA nodes. Folding, strength reduction and common subexpressions happen here, on the way in, so that every
 * later decision already sees the simplest form and the tightest range.
 */
import { assert } from "../../src/ir/errors.ts";
import { evaluate } from "./evaluate.ts";
import { isWithin, span, type Range } from "./range.ts";
import { resultRange, squareRange } from "./result-range.ts";
import { constantOf, type BinaryOperation, type Builder, type Operation, type SsaNode } from "./ssa.ts";
import { byConstant, restByConstant, signedDigits, timesDigits } from "./strength.ts";
import { item } from "../../src/ir/known.ts";

const commutative: ReadonlySet<Operation> = new Set(["add", "mul", "and", "or", "xor", "eq"]);

/** `keepsProducts`: products with constants stay products, for DSP blocks. */
export function ssaBuilder(keepsProducts: boolean): Builder {
  const known = new Map<string, SsaNode>();
  let count = 0;

  const make = (
    operation: Operation,
    operands: readonly SsaNode[],
    range: Range,
    table: readonly bigint[] = [],
    port = -1,
  ): SsaNode => {
    const single = range.low === range.high && operation !== "input";
    const parts = single ? [] : operands.map((node) => node.id);
    const key = `${single ? "const" : operation} ${parts.join()} ${range.low} ${range.high} ${single ? "" : table.join()} ${port}`;
    const existing = known.get(key);
    if (existing !== undefined) return existing;
    const node: SsaNode = single
      ? { id: count, operation: "const", operands: [], range, table: [], port, name: null }
      : { id: count, operation, operands, range, table, port, name: null };
    count += 1;
    known.set(key, node);
    return node;
  };

  const constant = (value: bigint): SsaNode => make("const", [], { low: value, high: value });

  const builder: Builder = {
    input(port, name, range) {
      const node = make("input", [], range, [], port);
      node.name = name;
      return node;
    },
    constant,
    binary(operation, a, b) {
      const swap = commutative.has(operation) && a.id > b.id;
      const [x, y] = swap ? [b, a] : [a, b];
      return (
        simplify(builder, operation, x, y, keepsProducts) ??
        make(
          operation,
          [x, y],
          x === y && operation === "mul" ? squareRange(x.range) : resultRange(operation, x.range, y.range),
        )
      );
    },
    not: (condition) => builder.binary("xor", condition, constant(1n)),
    mux(condition, yes, no) {
      const fixed = constantOf(condition);
      if (fixed !== null) return fixed === 1n ? yes : no;
      if (yes === no) return yes;
      if (constantOf(yes) === 1n && constantOf(no) === 0n) return condition;
      if (constantOf(yes) === 0n && constantOf(no) === 1n) return builder.not(condition);
      const range = span([yes.range.low, yes.range.high, no.range.low, no.range.high]);
      return make("mux", [condition, yes, no], range);
    },
    wrap(value, range) {
      if (isWithin(value.range, range)) return value;
      const fixed = constantOf(value);
      if (fixed !== null) return constant(evaluate("wrap", [fixed], range, []));
      return make("wrap", [value], range);
    },
    narrow(value, range) {
      const low = range.low > value.range.low ? range.low : value.range.low;
      const high = range.high < value.range.high ? range.high : value.range.high;
      // An impossible path: its value is never chosen.
      if (low > high || isWithin(value.range, { low, high })) return value;
      const node = make("narrow", [value], { low, high });
      node.name ??= value.name;
      return node;
    },
    lookup(table, index) {
      assert(isWithin(index.range, { low: 0n, high: BigInt(table.length - 1) }), "an index within the table");
      const fixed = constantOf(index);
      if (fixed !== null) return constant(item(table, Number(fixed)));
      const reached = table.slice(Number(index.range.low), Number(index.range.high) + 1);
      return make("lookup", [index], span(reached), table);
    },
  };
  return builder;
}

/** The node that is equal to an operation and cheaper; null when there is none. */
function simplify(
  builder: Builder,
  operation: BinaryOperation,
  a: SsaNode,
  b: SsaNode,
  keepsProducts: boolean,
): SsaNode | null {
  const x = constantOf(a);
  const y = constantOf(b);
  if (x !== null && y !== null && !((operation === "div" || operation === "rem") && y === 0n)) {
    return builder.constant(evaluate(operation, [x, y], { low: 0n, high: 0n }, []));
  }
  const flat = commutative.has(operation) && x !== null ? { value: x, other: b } : { value: y, other: a };
  switch (operation) {
    case "add":
    case "or":
    case "xor":
      return flat.value === 0n ? flat.other : a === b && operation === "or" ? a : null;
    case "sub":
      // (1 << n) - 1 is a mask of n bits: no subtraction.
      if (y === 1n && a.operation === "shl" && constantOf(item(a.operands, 0)) === 1n && a.range.low >= 0n) {
        const ones = builder.binary("shl", builder.constant(-1n), item(a.operands, 1));
        const mask = builder.binary("xor", ones, builder.constant(-1n));
        return builder.narrow(mask, { low: a.range.low - 1n, high: a.range.high - 1n });
      }
      // What ~b is.
      if (x === -1n)
        return builder.narrow(builder.binary("xor", b, a), {
          low: -1n - b.range.high,
          high: -1n - b.range.low,
        });
      return y === 0n ? a : a === b ? builder.constant(0n) : null;
    case "mul": {
      const { value, other } = flat;
      if (value === null || value === 0n) return value === null ? null : builder.constant(0n);
      const digits = signedDigits(value);
      return keepsProducts && digits.length > 1 ? null : timesDigits(builder, other, value, digits);
    }
    case "and":
      return flat.value === -1n ? flat.other : flat.value === 0n ? builder.constant(0n) : a === b ? a : null;
    case "shl":
    case "shr":
      return y === 0n ? a : null;
    case "div":
      return y === null ? null : byConstant(builder, a, y);
    case "rem":
      return y === null ? null : restByConstant(builder, a, y);
    case "lt":
      if (a.range.high < b.range.low) return builder.constant(1n);
      return a.range.low >= b.range.high ? builder.constant(0n) : null;
    case "eq":
      if (a === b) return builder.constant(1n);
      return a.range.high < b.range.low || b.range.high < a.range.low ? builder.constant(0n) : null;
  }
}
