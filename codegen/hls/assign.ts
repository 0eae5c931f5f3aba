import { Node, type Expression } from "ts-morph";
import { numberOf } from "./builtins.ts";
import { evaluateExpression } from "./expression.ts";
import { choose, itemsOf, type Context, type Value } from "./value.ts";
import { declarationOf } from "./variable.ts";

/** `target = value`, of a variable or of an array's item at a known place. */
export function assign(context: Context, target: Expression, value: Value): void {
  if (Node.isNonNullExpression(target) || Node.isParenthesizedExpression(target)) {
    assign(context, target.getExpression(), value);
    return;
  }
  if (Node.isIdentifier(target)) {
    const declaration = declarationOf(target);
    if (declaration !== null && context.state.variables.has(declaration)) {
      context.state.variables.set(declaration, named(target.getText(), value));
    } else
      context.reporter.report(
        target,
        "HLS007",
        `an assignment to \`${target.getText()}\` outside of the kernel`,
      );
    return;
  }
  if (!Node.isElementAccessExpression(target)) {
    context.reporter.reportUnlessKnown(target, "HLS007", `an assignment to \`${target.getText()}\``);
    return;
  }
  const array = evaluateExpression(context, target.getExpression());
  const index = numberOf(context, target, evaluateExpression(context, target.getArgumentExpressionOrThrow()));
  const items = itemsOf(context, array);
  if (array.kind !== "array" || items === null) return;
  const old = items[index];
  if (old === undefined) {
    context.reporter.reportUnlessKnown(target, "HLS011", `index ${index} of ${items.length} entries`);
    return;
  }
  const frame = context.frames.at(-1);
  if (context.tables.has(array.cell)) {
    context.reporter.report(target, "HLS007", "a change of a module's constant");
    return;
  }
  if (context.shared.has(array.cell)) {
    context.reporter.report(target, "HLS007", "a change of an array that a condition chose, or could have");
    return;
  }
  // A caller's array outlives a call that may have returned already.
  const isForeign = frame !== undefined && array.cell < frame.firstCell;
  const next = isForeign ? choose(context, frame.live, value, old) : value;
  context.state.store.set(
    array.cell,
    items.map((item, i) => (i === index ? next : item)),
  );
}

/** The source's name goes on to the hardware, unless the value has one. */
export function named(name: string, value: Value): Value {
  if (value.kind === "bits" || value.kind === "bool") value.node.name ??= name;
  return value;
}
