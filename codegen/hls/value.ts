/** What an expression stands for while the compiler walks through a kernel. */
import type { Node } from "ts-morph";
import type { Builder } from "./ssa.ts";
import type { LoadedFile } from "./load.ts";
import type { Range } from "./range.ts";
import type { Reporter } from "./diagnostics.ts";
import type { SsaNode } from "./ssa.ts";
import { item } from "../../src/ir/known.ts";

export type Value =
  | { readonly kind: "bits"; readonly node: SsaNode }
  | { readonly kind: "bool"; readonly node: SsaNode }
  /** Known at compile time: loop counters, widths. */
  | { readonly kind: "number"; readonly value: number }
  /** A cell of the store: arrays are shared, as in JavaScript. */
  | { readonly kind: "array"; readonly cell: number }
  /** Something was wrong and has been told of, or no single value could stand for those of two paths. */
  | { readonly kind: "poison" };

export const poison: Value = { kind: "poison" };

/** What changes along a path through the program; copied where paths part. */
export interface State {
  variables: Map<Node, Value>;
  store: Map<number, readonly Value[]>;
  /** What the conditions of this path prove, by node id. */
  facts: Map<number, Range>;
}

/** One call of a function. */
export interface Frame {
  readonly declaration: Node;
  /** Arrays with a smaller number belong to a caller. */
  readonly firstCell: number;
  /** Whether the function has not returned yet: a truth value. */
  live: SsaNode;
  result: Value | null;
}

export interface Context {
  readonly builder: Builder;
  readonly reporter: Reporter;
  readonly loaded: LoadedFile;
  state: State;
  readonly frames: Frame[];
  nextCell: number;
  /** Constants of modules, made once. */
  readonly constants: Map<Node, Value>;
  /** The items of constant arrays, by cell: the same on every path. */
  readonly tables: Map<number, readonly Value[]>;
  /** Arrays for which a second name may stand, so that nobody may change them. */
  readonly shared: Set<number>;
}

export function newArray(context: Context, items: readonly Value[]): Value {
  const cell = context.nextCell;
  context.nextCell += 1;
  context.state.store.set(cell, items);
  return { kind: "array", cell };
}

/** An array of a module's constant. */
export function newTable(context: Context, items: readonly Value[]): Value {
  const cell = context.nextCell;
  context.nextCell += 1;
  context.tables.set(cell, items);
  return { kind: "array", cell };
}

/** The items of an array as the current path has them; null for another value. */
export function itemsOf({ state, tables }: Context, value: Value | undefined): readonly Value[] | null {
  return value?.kind === "array" ? (state.store.get(value.cell) ?? tables.get(value.cell) ?? null) : null;
}

export function copyState({ variables, store, facts }: State): State {
  return { variables: new Map(variables), store: new Map(store), facts: new Map(facts) };
}

/** The value of one of two paths. Arrays of both are chosen item by item. */
export function choose(context: Context, condition: SsaNode, yes: Value, no: Value): Value {
  if (yes === no) return yes;
  if (yes.kind === "bits" && no.kind === "bits") {
    return { kind: "bits", node: context.builder.mux(condition, yes.node, no.node) };
  }
  if (yes.kind === "bool" && no.kind === "bool") {
    return { kind: "bool", node: context.builder.mux(condition, yes.node, no.node) };
  }
  if (yes.kind === "number" && no.kind === "number" && yes.value === no.value) return yes;
  if (yes.kind === "array" && no.kind === "array") {
    if (yes.cell === no.cell) return yes;
    const first = itemsOf(context, yes) ?? [];
    const second = itemsOf(context, no) ?? [];
    if (first.length !== second.length) return poison;
    const chosen = newArray(
      context,
      first.map((value, i) => choose(context, condition, value, item(second, i))),
    );
    for (const array of [yes, no, chosen]) if (array.kind === "array") context.shared.add(array.cell);
    return chosen;
  }
  return poison;
}
