/** Statements of a kernel: loops are unrolled, both ways of an `if` are walked, a return ends a path. */
import { Node, type Expression, type Statement } from "ts-morph";
import { named } from "./assign.ts";
import { assume } from "./condition.ts";
import { branch, condit, evaluateExpression } from "./expression.ts";
import { constantOf } from "./ssa.ts";
import { choose, itemsOf, poison, type Context, type Value } from "./value.ts";
import { lastItem } from "../../src/ir/known.ts";

/** Iterations of one loop: more hardware than any device has. */
const mostIterations = 4096;

export function execute(context: Context, statement: Statement): void {
  const frame = lastItem(context.frames);
  if (constantOf(frame.live) === 0n) return;
  if (Node.isVariableStatement(statement)) {
    declare(context, statement.getDeclarations());
  } else if (Node.isExpressionStatement(statement)) {
    evaluateExpression(context, statement.getExpression());
  } else if (Node.isReturnStatement(statement)) {
    const expression = statement.getExpression();
    if (expression !== undefined) giveBack(context, evaluateExpression(context, expression));
    frame.live = context.builder.constant(0n);
  } else if (Node.isBlock(statement)) {
    for (const inner of statement.getStatements()) execute(context, inner);
  } else if (Node.isIfStatement(statement)) {
    executeIf(
      context,
      condit(context, statement.getExpression()),
      statement.getThenStatement(),
      statement.getElseStatement(),
    );
  } else if (Node.isForStatement(statement)) {
    executeFor(context, statement);
  } else if (Node.isForOfStatement(statement)) {
    const initializer = statement.getInitializer();
    const array = evaluateExpression(context, statement.getExpression());
    const items = itemsOf(context, array);
    if (items === null || !Node.isVariableDeclarationList(initializer)) {
      context.reporter.reportUnlessKnown(
        statement.getExpression(),
        "HLS003",
        "a loop over something that is no array",
      );
      return;
    }
    const [declaration] = initializer.getDeclarations();
    for (const i of items.keys()) {
      // The body may change the items that come later.
      const item = itemsOf(context, array)?.[i] ?? poison;
      if (declaration !== undefined) bindName(context, declaration.getNameNode(), declaration, item);
      execute(context, statement.getStatement());
    }
  } else if (!Node.isEmptyStatement(statement)) {
    context.reporter.reportUnlessKnown(statement, "HLS001", statement.getKindName());
  }
}

/** Binds a name, or every name of an array pattern. */
export function bindName(context: Context, name: Node, declaration: Node, value: Value): void {
  if (Node.isIdentifier(name)) {
    context.state.variables.set(declaration, named(name.getText(), value));
    return;
  }
  if (!Node.isArrayBindingPattern(name)) {
    context.reporter.reportUnlessKnown(name, "HLS001", "an object pattern");
    return;
  }
  const items = itemsOf(context, value) ?? [];
  for (const [i, element] of name.getElements().entries()) {
    if (Node.isBindingElement(element)) bindName(context, element.getNameNode(), element, items[i] ?? poison);
  }
}

function declare(
  context: Context,
  declarations: readonly (Node & { getNameNode(): Node; getInitializer(): Expression | undefined })[],
): void {
  for (const declaration of declarations) {
    const initializer = declaration.getInitializer();
    const value = initializer === undefined ? poison : evaluateExpression(context, initializer);
    bindName(context, declaration.getNameNode(), declaration, value);
  }
}

function giveBack(context: Context, value: Value): void {
  const frame = lastItem(context.frames);
  frame.result = frame.result === null ? value : choose(context, frame.live, value, frame.result);
}

function executeIf(
  context: Context,
  condition: ReturnType<typeof condit>,
  yes: Statement,
  no: Statement | undefined,
): void {
  const frame = lastItem(context.frames);
  const { live, result } = frame;
  const walk = (statement: Statement | undefined) => (): Value => {
    frame.live = live;
    frame.result = result;
    if (statement !== undefined) execute(context, statement);
    ways.push({ live: frame.live, result: frame.result });
    return poison;
  };
  const ways: { readonly live: typeof live; readonly result: Value | null }[] = [];
  branch(context, condition, walk(yes), walk(no));
  const [first, second] = ways;
  if (first === undefined || second === undefined) return;
  frame.live = context.builder.mux(condition, first.live, second.live);
  const results = [first.result, second.result];
  frame.result =
    first.result !== null && second.result !== null
      ? choose(context, condition, first.result, second.result)
      : (results.find((other) => other !== null) ?? null);
  // What follows runs only where neither way returned.
  if (constantOf(first.live) === 0n && constantOf(second.live) !== 0n) assume(context, condition, false);
  if (constantOf(second.live) === 0n && constantOf(first.live) !== 0n) assume(context, condition, true);
}

function executeFor(context: Context, statement: Statement): void {
  if (!Node.isForStatement(statement)) return;
  const initializer = statement.getInitializer();
  if (Node.isVariableDeclarationList(initializer)) declare(context, initializer.getDeclarations());
  else if (Node.isExpression(initializer)) evaluateExpression(context, initializer);
  for (let count = 0; ; count += 1) {
    const test = statement.getCondition();
    const holds = test === undefined ? null : constantOf(condit(context, test));
    if (holds === null || count > mostIterations) {
      const found =
        test === undefined
          ? "no condition"
          : `\`${test.getText()}\`${holds === null ? "" : `, still true after ${mostIterations}`}`;
      context.reporter.reportUnlessKnown(test ?? statement, "HLS003", found);
      return;
    }
    if (holds === 0n) return;
    execute(context, statement.getStatement());
    const incrementor = statement.getIncrementor();
    if (incrementor !== undefined) evaluateExpression(context, incrementor);
  }
}
