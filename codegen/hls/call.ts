/** Calls: of functions of the user's, walked through again for every call, and of built-in ones. */
import { Node, type CallExpression } from "ts-morph";
import { callBuiltin } from "./builtins.ts";
import { evaluateExpression } from "./expression.ts";
import { isRuntimeFile } from "./load.ts";
import { bindName, execute } from "./statement.ts";
import { poison, type Context, type Value } from "./value.ts";
import { declarationOf } from "./variable.ts";

/** Functions inside of functions inside of functions: far beyond what a kernel needs. */
const deepest = 64;

export function call(context: Context, node: CallExpression): Value {
  const callee = node.getExpression();
  const values = node
    .getArguments()
    .map((argument) => (Node.isExpression(argument) ? evaluateExpression(context, argument) : poison));
  const declaration = declarationOf(callee);
  const isOwn = declaration !== null && context.loaded.modules.has(declaration.getSourceFile().getFilePath());
  if (isOwn && Node.isFunctionDeclaration(declaration)) {
    return callFunction(context, node, declaration, values);
  }
  const isBuiltin =
    declaration !== null &&
    (isRuntimeFile(declaration.getSourceFile()) || /^(BigInt|Number)/.test(callee.getText()));
  const name =
    isBuiltin && isRuntimeFile(declaration.getSourceFile())
      ? declaration.getSymbol()?.getName()
      : callee.getText();
  const result = isBuiltin ? callBuiltin(context, node, name ?? "", values) : null;
  if (result !== null) return result;
  context.reporter.reportUnlessKnown(node, "HLS016", `\`${callee.getText()}\``);
  return poison;
}

/** Walks through a function with these arguments. */
export function callFunction(context: Context, at: Node, declaration: Node, values: readonly Value[]): Value {
  if (!Node.isFunctionDeclaration(declaration)) return poison;
  if (context.frames.some((frame) => frame.declaration === declaration) || context.frames.length >= deepest) {
    context.reporter.report(at, "HLS004", `\`${declaration.getName() ?? "this function"}\` calls itself`);
    return poison;
  }
  const frame = {
    declaration,
    firstCell: context.nextCell,
    live: context.builder.constant(1n),
    result: null as Value | null,
  };
  context.frames.push(frame);
  const { facts } = context.state;
  // What a return in here proves holds only in here.
  context.state.facts = new Map(facts);
  for (const [i, parameter] of declaration.getParameters().entries()) {
    const initializer = parameter.getInitializer();
    const value =
      values[i] ?? (initializer === undefined ? poison : evaluateExpression(context, initializer));
    bindName(context, parameter.getNameNode(), parameter, value);
  }
  const body = declaration.getBody();
  if (Node.isBlock(body)) for (const statement of body.getStatements()) execute(context, statement);
  context.frames.pop();
  context.state.facts = facts;
  return frame.result ?? poison;
}
