import type { Identifier, Node } from "ts-morph";
import { Node as NodeGuard, VariableDeclarationKind } from "ts-morph";
import { newTable, poison, type Context, type Value } from "./value.ts";

/** Where an identifier's name was declared, across imports. */
export function declarationOf(identifier: Node): Node | null {
  const symbol = identifier.getSymbol();
  return (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations()[0] ?? null;
}

/** What an identifier stands for: a variable of a kernel, or a module's constant. */
export function variableValue(context: Context, identifier: Identifier): Value {
  const declaration = declarationOf(identifier);
  if (declaration === null) return unknown(context, identifier);
  const local = context.state.variables.get(declaration);
  if (local !== undefined) return local;
  const known = context.constants.get(declaration);
  if (known !== undefined) return known;
  const module = context.loaded.modules.get(declaration.getSourceFile().getFilePath());
  if (module === undefined || !NodeGuard.isVariableDeclaration(declaration))
    return unknown(context, identifier);
  const statement = declaration.getVariableStatement();
  if (statement?.getDeclarationKind() !== VariableDeclarationKind.Const) {
    context.reporter.report(identifier, "HLS007", `\`${identifier.getText()}\`, which can change`);
    return poison;
  }
  const value = fromJavaScript(context, module.constants[declaration.getName()]);
  if (value === null) {
    context.reporter.report(identifier, "HLS010", `\`${identifier.getText()}\`, which no kernel can hold`);
    return poison;
  }
  context.constants.set(declaration, value);
  return value;
}

function unknown(context: Context, identifier: Identifier): Value {
  context.reporter.reportUnlessKnown(identifier, "HLS016", `\`${identifier.getText()}\``);
  return poison;
}

function fromJavaScript(context: Context, value: unknown): Value | null {
  const { builder } = context;
  if (typeof value === "bigint") return { kind: "bits", node: builder.constant(value) };
  if (typeof value === "boolean") return { kind: "bool", node: builder.constant(value ? 1n : 0n) };
  if (typeof value === "number") return Number.isSafeInteger(value) ? { kind: "number", value } : null;
  if (!Array.isArray(value)) return null;
  const items = value.map((item: unknown) => fromJavaScript(context, item));
  return items.every((item) => item !== null) ? newTable(context, items) : null;
}
