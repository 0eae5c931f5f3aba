/** Expressions of a kernel to values. */
import { Node, SyntaxKind, type Expression } from "ts-morph";
import { applyOperator } from "./arithmetic.ts";
import { nodeOf } from "./builtins.ts";
import { call } from "./call.ts";
import { placeOf } from "./entry.ts";
import { assume, refine } from "./condition.ts";
import type { SsaNode } from "./ssa.ts";
import { assign, currentValue, itemAt, targetOf } from "./assign.ts";
import { choose, copyState, itemsOf, newArray, poison, type Context, type Value } from "./value.ts";
import { joinStates } from "./join.ts";
import { variableValue } from "./variable.ts";

const assignments: ReadonlyMap<SyntaxKind, SyntaxKind> = new Map([
  [SyntaxKind.PlusEqualsToken, SyntaxKind.PlusToken],
  [SyntaxKind.MinusEqualsToken, SyntaxKind.MinusToken],
  [SyntaxKind.AsteriskEqualsToken, SyntaxKind.AsteriskToken],
  [SyntaxKind.SlashEqualsToken, SyntaxKind.SlashToken],
  [SyntaxKind.PercentEqualsToken, SyntaxKind.PercentToken],
  [SyntaxKind.AmpersandEqualsToken, SyntaxKind.AmpersandToken],
  [SyntaxKind.BarEqualsToken, SyntaxKind.BarToken],
  [SyntaxKind.CaretEqualsToken, SyntaxKind.CaretToken],
  [SyntaxKind.LessThanLessThanEqualsToken, SyntaxKind.LessThanLessThanToken],
  [SyntaxKind.GreaterThanGreaterThanEqualsToken, SyntaxKind.GreaterThanGreaterThanToken],
]);

export function evaluateExpression(context: Context, node: Expression): Value {
  const { builder } = context;
  if (
    Node.isParenthesizedExpression(node) ||
    Node.isNonNullExpression(node) ||
    Node.isSatisfiesExpression(node)
  ) {
    return evaluateExpression(context, node.getExpression());
  }
  if (Node.isBigIntLiteral(node)) {
    return { kind: "bits", node: builder.constant(BigInt(node.getText().replace(/[n_]/g, ""))) };
  }
  if (Node.isNumericLiteral(node)) return { kind: "number", value: node.getLiteralValue() };
  if (Node.isTrueLiteral(node) || Node.isFalseLiteral(node)) {
    return { kind: "bool", node: builder.constant(Node.isTrueLiteral(node) ? 1n : 0n) };
  }
  if (Node.isIdentifier(node)) {
    const value = variableValue(context, node);
    return value.kind === "bits" || value.kind === "bool"
      ? { ...value, node: refine(context, value.node) }
      : value;
  }
  if (Node.isPrefixUnaryExpression(node) || Node.isPostfixUnaryExpression(node)) return unary(context, node);
  if (Node.isBinaryExpression(node)) {
    const operator = node.getOperatorToken().getKind();
    if (operator === SyntaxKind.EqualsToken) {
      const target = targetOf(context, node.getLeft());
      const value = evaluateExpression(context, node.getRight());
      assign(context, target, value);
      return value;
    }
    const plain = assignments.get(operator);
    if (operator === SyntaxKind.AmpersandAmpersandToken || operator === SyntaxKind.BarBarToken) {
      return logical(
        context,
        node.getLeft(),
        node.getRight(),
        operator === SyntaxKind.AmpersandAmpersandToken,
      );
    }
    if (plain === undefined) {
      const left = evaluateExpression(context, node.getLeft());
      return applyOperator(context, node, operator, left, evaluateExpression(context, node.getRight()));
    }
    const target = targetOf(context, node.getLeft());
    const left = currentValue(context, target);
    const value = applyOperator(context, node, plain, left, evaluateExpression(context, node.getRight()));
    assign(context, target, value);
    return value;
  }
  if (Node.isConditionalExpression(node)) {
    const condition = condit(context, node.getCondition());
    return branch(
      context,
      condition,
      () => evaluateExpression(context, node.getWhenTrue()),
      () => evaluateExpression(context, node.getWhenFalse()),
    );
  }
  if (Node.isArrayLiteralExpression(node)) {
    return newArray(
      context,
      node.getElements().map((item) => evaluateExpression(context, item)),
    );
  }
  if (Node.isElementAccessExpression(node)) {
    const array = evaluateExpression(context, node.getExpression());
    return itemAt(context, node, array, placeOf(context, node.getArgumentExpressionOrThrow()));
  }
  if (Node.isPropertyAccessExpression(node) && node.getName() === "length") {
    const items = itemsOf(context, evaluateExpression(context, node.getExpression()));
    return items === null ? poison : { kind: "number", value: items.length };
  }
  if (Node.isCallExpression(node)) return call(context, node);
  if (Node.isAsExpression(node) && node.getTypeNode()?.getText() === "const") {
    return evaluateExpression(context, node.getExpression());
  }
  context.reporter.reportUnlessKnown(
    node,
    "HLS001",
    `\`${node.getText().split("\n")[0] ?? ""}\` (${node.getKindName()})`,
  );
  return poison;
}

/** A condition as a truth value. */
export function condit(context: Context, node: Expression): SsaNode {
  return nodeOf(context, node, evaluateExpression(context, node));
}

/** Both ways of a condition, each with what it proves, and then their results as one. */
export function branch(context: Context, condition: SsaNode, yes: () => Value, no: () => Value): Value {
  if (condition.range.low === condition.range.high) return condition.range.low === 1n ? yes() : no();
  const before = context.state;
  const walk = (holds: boolean, way: () => Value): [Value, typeof before] => {
    context.state = copyState(before);
    assume(context, condition, holds);
    return [way(), context.state];
  };
  const [first, after] = walk(true, yes);
  const [second, otherwise] = walk(false, no);
  joinStates(context, condition, before, after, otherwise);
  return choose(context, condition, first, second);
}

function logical(context: Context, left: Expression, right: Expression, isAnd: boolean): Value {
  const first = condit(context, left);
  const constant = (value: bigint): Value => ({ kind: "bool", node: context.builder.constant(value) });
  const second = (): Value => ({ kind: "bool", node: condit(context, right) });
  if (first.range.low === first.range.high) {
    return (first.range.low === 1n) === isAnd ? second() : constant(isAnd ? 0n : 1n);
  }
  const before = context.state;
  context.state = copyState(before);
  assume(context, first, isAnd);
  const other = condit(context, right);
  const skipped = copyState(before);
  const [yes, no] = isAnd ? [context.state, skipped] : [skipped, context.state];
  joinStates(context, first, before, yes, no);
  return { kind: "bool", node: context.builder.binary(isAnd ? "and" : "or", first, other) };
}

function unary(
  context: Context,
  node: Node & { getOperand(): Expression; getOperatorToken(): SyntaxKind },
): Value {
  const operand = node.getOperand();
  const operator = node.getOperatorToken();
  const isStep = operator === SyntaxKind.PlusPlusToken || operator === SyntaxKind.MinusMinusToken;
  const target = isStep ? targetOf(context, operand) : null;
  const value = target === null ? evaluateExpression(context, operand) : currentValue(context, target);
  if (value.kind === "poison") return poison;
  const { builder } = context;
  const bits = (result: SsaNode): Value => ({ kind: "bits", node: result });
  switch (operator) {
    case SyntaxKind.ExclamationToken:
      return { kind: "bool", node: builder.not(nodeOf(context, node, value)) };
    case SyntaxKind.MinusToken:
      if (value.kind === "number") return { kind: "number", value: -value.value };
      return bits(builder.binary("sub", builder.constant(0n), nodeOf(context, node, value)));
    case SyntaxKind.TildeToken:
      if (value.kind === "number") return { kind: "number", value: ~value.value };
      return bits(builder.binary("sub", builder.constant(-1n), nodeOf(context, node, value)));
    case SyntaxKind.PlusPlusToken:
    case SyntaxKind.MinusMinusToken: {
      const one: Value = value.kind === "number" ? { kind: "number", value: 1 } : bits(builder.constant(1n));
      const step = operator === SyntaxKind.PlusPlusToken ? SyntaxKind.PlusToken : SyntaxKind.MinusToken;
      const next = applyOperator(context, node, step, value, one);
      if (target !== null) assign(context, target, next);
      return Node.isPostfixUnaryExpression(node) ? value : next;
    }
    default:
      context.reporter.report(node, "HLS001", `\`${node.getText()}\``);
      return poison;
  }
}
