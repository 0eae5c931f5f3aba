import { Node, type Expression } from "ts-morph";
import { numberOf } from "./builtins.ts";
import { refine } from "./condition.ts";
import { entryOf, placeOf, withEntry } from "./entry.ts";
import { evaluateExpression } from "./expression.ts";
import { choose, itemsOf, poison, type Context, type Value } from "./value.ts";
import { declarationOf } from "./variable.ts";
import { item } from "../../src/ir/known.ts";

/** Where an assignment goes. What its expressions do, such as `i++` between brackets, has been done. */
export type Target =
  | { readonly kind: "variable"; readonly at: Expression }
  | { readonly kind: "item"; readonly at: Expression; readonly array: Value; readonly place: Value }
  | { readonly kind: "pattern"; readonly parts: readonly Target[] };

/** JavaScript looks at the left side of an assignment before the right one, and once. */
export function targetOf(context: Context, at: Expression): Target {
  if (Node.isNonNullExpression(at) || Node.isParenthesizedExpression(at)) {
    return targetOf(context, at.getExpression());
  }
  if (Node.isArrayLiteralExpression(at)) {
    return { kind: "pattern", parts: at.getElements().map((part) => targetOf(context, part)) };
  }
  if (!Node.isElementAccessExpression(at)) return { kind: "variable", at };
  const array = evaluateExpression(context, at.getExpression());
  return { kind: "item", at, array, place: placeOf(context, at.getArgumentExpressionOrThrow()) };
}

/** What is there before the assignment. */
export function currentValue(context: Context, target: Target): Value {
  switch (target.kind) {
    case "variable":
      return evaluateExpression(context, target.at);
    case "item":
      return itemAt(context, target.at, target.array, target.place);
    case "pattern":
      return poison;
  }
}

/** The item of an array at a place that is known now or computed. */
export function itemAt(context: Context, at: Node, array: Value, place: Value): Value {
  if (place.kind === "bits") return entryOf(context, at, array, place.node);
  const items = itemsOf(context, array);
  const index = numberOf(context, at, place);
  const item = items?.[index];
  if (items !== null && item === undefined) {
    context.reporter.reportUnlessKnown(at, "HLS011", `index ${index} of ${items.length} entries`);
  }
  if (item?.kind === "bits" || item?.kind === "bool") return { ...item, node: refine(context, item.node) };
  return item ?? poison;
}

export function assign(context: Context, target: Target, value: Value): void {
  switch (target.kind) {
    case "variable":
      assignVariable(context, target.at, value);
      return;
    case "item":
      assignItem(context, target.at, target.array, target.place, value);
      return;
    case "pattern": {
      const items = itemsOf(context, value) ?? [];
      for (const [i, part] of target.parts.entries()) assign(context, part, items[i] ?? poison);
    }
  }
}

function assignVariable(context: Context, at: Expression, value: Value): void {
  const declaration = Node.isIdentifier(at) ? declarationOf(at) : null;
  if (declaration !== null && context.state.variables.has(declaration)) {
    context.state.variables.set(declaration, named(at.getText(), value));
  } else {
    const found = `an assignment to \`${at.getText()}\` outside of the kernel`;
    context.reporter.reportUnlessKnown(at, "HLS007", found);
  }
}

function assignItem(context: Context, at: Expression, array: Value, place: Value, value: Value): void {
  const items = itemsOf(context, array);
  if (array.kind !== "array" || items === null) return;
  if (context.tables.has(array.cell)) {
    context.reporter.report(at, "HLS007", "a change of a module's constant");
    return;
  }
  if (context.shared.has(array.cell)) {
    context.reporter.report(at, "HLS007", "a change of an array that a condition chose, or could have");
    return;
  }
  const next = replaced(context, at, items, place, value);
  // A caller's array outlives a call that may have returned already.
  const frame = context.frames.at(-1);
  const isForeign = frame !== undefined && array.cell < frame.firstCell;
  const stored = isForeign ? items.map((old, i) => choose(context, frame.live, item(next, i), old)) : next;
  context.state.store.set(array.cell, stored);
}

/** The items with `value` at a place. */
function replaced(
  context: Context,
  at: Expression,
  items: readonly Value[],
  place: Value,
  value: Value,
): readonly Value[] {
  if (place.kind === "bits") return withEntry(context, at, items, place.node, value);
  const index = numberOf(context, at, place);
  if (items[index] !== undefined) return items.map((item, i) => (i === index ? value : item));
  context.reporter.reportUnlessKnown(at, "HLS011", `index ${index} of ${items.length} entries`);
  return items;
}

/** The source's name goes on to the hardware, unless the value has one. */
export function named(name: string, value: Value): Value {
  if (value.kind === "bits" || value.kind === "bool") value.node.name ??= name;
  return value;
}
