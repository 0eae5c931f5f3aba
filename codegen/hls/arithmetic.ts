/** Operators on values: compile-time numbers, hardware integers, truth values. */
import { SyntaxKind, type Node } from "ts-morph";
import type { BinaryOperation } from "./ssa.ts";
import { widest, widthOf } from "./range.ts";
import type { SsaNode } from "./ssa.ts";
import { poison, type Context, type Value } from "./value.ts";

const integerOperators: ReadonlyMap<SyntaxKind, BinaryOperation> = new Map([
  [SyntaxKind.PlusToken, "add"],
  [SyntaxKind.MinusToken, "sub"],
  [SyntaxKind.AsteriskToken, "mul"],
  [SyntaxKind.SlashToken, "div"],
  [SyntaxKind.PercentToken, "rem"],
  [SyntaxKind.AmpersandToken, "and"],
  [SyntaxKind.BarToken, "or"],
  [SyntaxKind.CaretToken, "xor"],
  [SyntaxKind.LessThanLessThanToken, "shl"],
  [SyntaxKind.GreaterThanGreaterThanToken, "shr"],
]);

/** `left OPERATOR right`; `at` is where complaints point. */
export function applyOperator(
  context: Context,
  at: Node,
  operator: SyntaxKind,
  left: Value,
  right: Value,
): Value {
  if (left.kind === "poison" || right.kind === "poison") return poison;
  if (left.kind === "number" && right.kind === "number")
    return onNumbers(context, at, operator, left.value, right.value);
  if (!isNode(left) || !isNode(right) || left.kind !== right.kind) {
    context.reporter.report(at, "HLS001", `an operator on ${left.kind} and ${right.kind}`);
    return poison;
  }
  const truth = compare(context, operator, left.node, right.node);
  if (truth !== null) return { kind: "bool", node: truth };
  const operation = integerOperators.get(operator);
  if (operation === undefined || left.kind === "bool") {
    context.reporter.report(at, "HLS001", `the operator of \`${at.getText()}\``);
    return poison;
  }
  const node = integerOperation(context, at, operation, left.node, right.node);
  return node === null ? poison : { kind: "bits", node };
}

/** Null when something was wrong, which has been told of. */
export function integerOperation(
  context: Context,
  at: Node,
  operation: BinaryOperation,
  a: SsaNode,
  b: SsaNode,
): SsaNode | null {
  if ((operation === "shl" || operation === "shr") && (b.range.low < 0n || b.range.high > 255n)) {
    context.reporter.report(at, "HLS012", `an amount of ${b.range.low}..${b.range.high}`);
    return null;
  }
  if ((operation === "div" || operation === "rem") && b.range.low <= 0n && b.range.high >= 0n) {
    context.reporter.report(at, "HLS013", `a divisor of ${b.range.low}..${b.range.high}`);
    return null;
  }
  const node = context.builder.binary(operation, a, b);
  if (widthOf(node.range) > widest) {
    context.reporter.report(at, "HLS014", `${widthOf(node.range)} bits`);
    return null;
  }
  return node;
}

function compare({ builder }: Context, operator: SyntaxKind, a: SsaNode, b: SsaNode): SsaNode | null {
  switch (operator) {
    case SyntaxKind.LessThanToken:
      return builder.binary("lt", a, b);
    case SyntaxKind.GreaterThanToken:
      return builder.binary("lt", b, a);
    case SyntaxKind.LessThanEqualsToken:
      return builder.not(builder.binary("lt", b, a));
    case SyntaxKind.GreaterThanEqualsToken:
      return builder.not(builder.binary("lt", a, b));
    case SyntaxKind.EqualsEqualsEqualsToken:
    case SyntaxKind.EqualsEqualsToken:
      return builder.binary("eq", a, b);
    case SyntaxKind.ExclamationEqualsEqualsToken:
    case SyntaxKind.ExclamationEqualsToken:
      return builder.not(builder.binary("eq", a, b));
    default:
      return null;
  }
}

function onNumbers(context: Context, at: Node, operator: SyntaxKind, a: number, b: number): Value {
  const truth = compareNumbers(operator, a, b);
  if (truth !== null) return { kind: "bool", node: context.builder.constant(truth ? 1n : 0n) };
  const value = calculate(operator, a, b);
  if (value === null) context.reporter.report(at, "HLS001", `the operator of \`${at.getText()}\``);
  else if (!Number.isSafeInteger(value)) context.reporter.report(at, "HLS002", `a number that is ${value}`);
  else return { kind: "number", value };
  return poison;
}

function compareNumbers(operator: SyntaxKind, a: number, b: number): boolean | null {
  switch (operator) {
    case SyntaxKind.LessThanToken:
      return a < b;
    case SyntaxKind.GreaterThanToken:
      return a > b;
    case SyntaxKind.LessThanEqualsToken:
      return a <= b;
    case SyntaxKind.GreaterThanEqualsToken:
      return a >= b;
    case SyntaxKind.EqualsEqualsEqualsToken:
      return a === b;
    case SyntaxKind.ExclamationEqualsEqualsToken:
      return a !== b;
    default:
      return null;
  }
}

function calculate(operator: SyntaxKind, a: number, b: number): number | null {
  switch (operator) {
    case SyntaxKind.PlusToken:
      return a + b;
    case SyntaxKind.MinusToken:
      return a - b;
    case SyntaxKind.AsteriskToken:
      return a * b;
    case SyntaxKind.SlashToken:
      return a / b;
    case SyntaxKind.PercentToken:
      return a % b;
    case SyntaxKind.AsteriskAsteriskToken:
      return a ** b;
    case SyntaxKind.LessThanLessThanToken:
      return a << b;
    case SyntaxKind.GreaterThanGreaterThanToken:
      return a >> b;
    case SyntaxKind.AmpersandToken:
      return a & b;
    case SyntaxKind.BarToken:
      return a | b;
    case SyntaxKind.CaretToken:
      return a ^ b;
    default:
      return null;
  }
}

function isNode(value: Value): value is Extract<Value, { kind: "bits" | "bool" }> {
  return value.kind === "bits" || value.kind === "bool";
}
