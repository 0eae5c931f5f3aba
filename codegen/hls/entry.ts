/** Arrays at computed places. */
import { Node, type Expression } from "ts-morph";
import { nodeOf } from "./builtins.ts";
import { evaluateExpression } from "./expression.ts";
import { isWithin, rangeText } from "./range.ts";
import { constantOf, type SsaNode } from "./ssa.ts";
import { choose, itemsOf, newArray, poison, type Context, type Value } from "./value.ts";
import { item } from "../../src/ir/known.ts";

/** The entry of an array at a computed place: a ROM for constants, a choice among values otherwise. Of rows, a row. */
export function entryOf(context: Context, at: Node, table: Value | undefined, index: SsaNode): Value {
  const items = itemsOf(context, table);
  if (items === null) {
    if (table?.kind !== "poison")
      context.reporter.report(at, "HLS001", "a lookup in something that is no array");
    return poison;
  }
  if (!isInside(context, at, index, items)) return poison;
  return entry(context, at, items, index);
}

function entry(context: Context, at: Node, items: readonly Value[], index: SsaNode): Value {
  const [first] = items.map((item) => itemsOf(context, item));
  if (first !== undefined && first !== null) return rowOf(context, at, items, first.length, index);
  const { builder } = context;
  const kind = items[0]?.kind === "bool" ? "bool" : "bits";
  const nodes = items.map((item) => nodeOf(context, at, item));
  const constants = nodes.map(constantOf);
  if (constants.every((value) => value !== null)) return { kind, node: builder.lookup(constants, index) };
  const chosen = nodes.reduce((other, node, i) =>
    builder.mux(builder.binary("eq", index, builder.constant(BigInt(i))), node, other),
  );
  return { kind, node: chosen };
}

/** A row: the entry of each column. In TypeScript it is the table's own, so nobody may change either. */
function rowOf(context: Context, at: Node, rows: readonly Value[], length: number, index: SsaNode): Value {
  const lists = rows.map((row) => itemsOf(context, row) ?? []);
  if (lists.some((list) => list.length !== length)) {
    context.reporter.report(at, "HLS001", "a lookup in rows of different lengths");
    return poison;
  }
  const columns = Array.from({ length }, (_, i) => lists.map((list) => item(list, i)));
  const row = newArray(
    context,
    columns.map((column) => entry(context, at, column, index)),
  );
  for (const array of [...rows, row]) if (array.kind === "array") context.shared.add(array.cell);
  return row;
}

/** The items of an array after `value` came to a computed place. */
export function withEntry(
  context: Context,
  at: Node,
  items: readonly Value[],
  index: SsaNode,
  value: Value,
): readonly Value[] {
  if (!isInside(context, at, index, items)) return items;
  const { builder } = context;
  return items.map((item, i) =>
    choose(context, builder.binary("eq", index, builder.constant(BigInt(i))), value, item),
  );
}

/** What stands between brackets: a place that is known now, or `Number(x)` of a computed value. */
export function placeOf(context: Context, argument: Expression): Value {
  const inner = Node.isCallExpression(argument) && argument.getExpression().getText() === "Number";
  const [computed] = inner ? argument.getArguments() : [];
  if (!Node.isExpression(computed)) return evaluateExpression(context, argument);
  const value = evaluateExpression(context, computed);
  if (value.kind !== "bits" && value.kind !== "bool") return value;
  const fixed = constantOf(value.node);
  return fixed === null ? { kind: "bits", node: value.node } : { kind: "number", value: Number(fixed) };
}

function isInside(context: Context, at: Node, index: SsaNode, items: readonly Value[]): boolean {
  if (isWithin(index.range, { low: 0n, high: BigInt(items.length - 1) })) return true;
  const found = `an index of ${rangeText(index.range)} into ${items.length} entries`;
  context.reporter.report(at, "HLS011", found);
  return false;
}
