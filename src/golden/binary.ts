import { residualAdd, residualOperation } from "../../hw/kernels/residual-add.ts";
import type { Int, UInt } from "../hls/index.ts";
import type { IntAdd, IntBinary, IntMap, IntMul } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { stretched } from "./maps.ts";
import type { Filled } from "./maps.ts";

/**
 * Two maps, value by value, [H, W, C] each; a side of 1 is stretched to the result's. Sums, differences and products are the
 * hardware's kernels.
 * Source: TFLite's reference_integer_ops::Add and Mul, reference_ops::Add, Mul, SubWithActivation and MaximumMinimumBroadcastSlow.
 */
export function binary(node: IntBinary, first: Filled, second: Filled, output: IntMap): Int8Array {
  const compute = pairwise(operation(node, first.map, second.map, output));
  const a = stretched(first, output);
  const b = stretched(second, output);
  return Int8Array.from(a, (x, i) => compute(x, item(b, i)));
}

/** A function of two int8 values, which is asked once for each pair. */
function pairwise(compute: (a: number, b: number) => number): (a: number, b: number) => number {
  const known = new Int16Array(65536).fill(UNKNOWN);
  return (a, b) => {
    const at = (a + 128) * 256 + b + 128;
    const before = item(known, at);
    if (before !== UNKNOWN) return before;
    const value = compute(a, b);
    known[at] = value;
    return value;
  };
}

const UNKNOWN = 256;

function operation(node: IntBinary, a: IntMap, b: IntMap, output: IntMap): (a: number, b: number) => number {
  switch (node.kind) {
    case "maximum":
      return Math.max;
    case "minimum":
      return Math.min;
    case "add":
      return sum(node, a, b, output);
    case "sub":
      return oneResult(SUB, operands(node, a, b), node, output);
    case "mul": {
      const plain = { multiplier: 0, exponent: -node.leftShift };
      return oneResult(MUL, [...operand(a, plain), ...operand(b, plain)], node, output);
    }
  }
}

/** As `residualOperation` numbers them. */
const SUB = 1n as UInt<3>;
const MUL = 5n as UInt<3>;

type Operand = readonly [zero: Int<8>, multiplier: UInt<31>, right: UInt<5>];

/** The verifier holds the exponents to right shifts. */
function operand({ zeroPoint }: IntMap, { multiplier, exponent }: IntAdd["result"]): Operand {
  return [value(zeroPoint), BigInt(multiplier) as UInt<31>, BigInt(-exponent) as UInt<5>];
}

function operands(node: IntAdd, a: IntMap, b: IntMap): readonly [...Operand, ...Operand] {
  return [...operand(a, node.input1), ...operand(b, node.input2)];
}

function value(x: number): Int<8> {
  return BigInt(x) as Int<8>;
}

function results({ max, min, result }: IntAdd | IntMul, output: IntMap) {
  const [zeroPoint, multiplier, right] = operand(output, result);
  return [multiplier, right, zeroPoint, value(min), value(max)] as const;
}

function sum(node: IntAdd, a: IntMap, b: IntMap, output: IntMap): (a: number, b: number) => number {
  const [aZero, aMultiplier, aRight, ...second] = operands(node, a, b);
  const end = results(node, output);
  return (x, y) => Number(residualAdd(value(x), aZero, aMultiplier, aRight, value(y), ...second, ...end));
}

function oneResult(
  operation: UInt<3>,
  [aZero, aMultiplier, aRight, ...second]: readonly [...Operand, ...Operand],
  node: IntAdd | IntMul,
  output: IntMap,
): (a: number, b: number) => number {
  const end = results(node, output);
  return (x, y) =>
    Number(residualOperation(operation, value(x), aZero, aMultiplier, aRight, value(y), ...second, ...end));
}
