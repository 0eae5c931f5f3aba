/** Constructs that are outside of the language wherever they stand, found without following the program. */
import { Node, SyntaxKind, type FunctionDeclaration, type SourceFile } from "ts-morph";
import type { Reporter, Rule } from "./diagnostics.ts";
import { declarationOf } from "./variable.ts";

const refused: ReadonlyMap<SyntaxKind, readonly [Rule, string]> = new Map([
  [SyntaxKind.WhileStatement, ["HLS003", "while"]],
  [SyntaxKind.DoStatement, ["HLS003", "do"]],
  [SyntaxKind.ForInStatement, ["HLS003", "for in"]],
  [SyntaxKind.ArrowFunction, ["HLS005", "an arrow function"]],
  [SyntaxKind.FunctionExpression, ["HLS005", "a function expression"]],
  [SyntaxKind.FunctionDeclaration, ["HLS005", "a function inside of a function"]],
  [SyntaxKind.AnyKeyword, ["HLS006", "any"]],
  [SyntaxKind.TypeAssertionExpression, ["HLS006", "a cast"]],
  [SyntaxKind.AwaitExpression, ["HLS007", "await"]],
  [SyntaxKind.YieldExpression, ["HLS007", "yield"]],
  [SyntaxKind.ThrowStatement, ["HLS007", "throw"]],
  [SyntaxKind.TryStatement, ["HLS007", "try"]],
  [SyntaxKind.DeleteExpression, ["HLS007", "delete"]],
  [SyntaxKind.ThisKeyword, ["HLS007", "this"]],
  [SyntaxKind.ClassDeclaration, ["HLS001", "a class"]],
  [SyntaxKind.ClassExpression, ["HLS001", "a class"]],
  [SyntaxKind.NewExpression, ["HLS001", "new"]],
  [SyntaxKind.SwitchStatement, ["HLS001", "switch"]],
  [SyntaxKind.BreakStatement, ["HLS001", "break"]],
  [SyntaxKind.ContinueStatement, ["HLS001", "continue"]],
  [SyntaxKind.LabeledStatement, ["HLS001", "a label"]],
  [SyntaxKind.StringLiteral, ["HLS001", "a string"]],
  [SyntaxKind.NoSubstitutionTemplateLiteral, ["HLS001", "a string"]],
  [SyntaxKind.TemplateExpression, ["HLS001", "a string"]],
  [SyntaxKind.RegularExpressionLiteral, ["HLS001", "a regular expression"]],
  [SyntaxKind.ObjectLiteralExpression, ["HLS001", "an object"]],
  [SyntaxKind.SpreadElement, ["HLS001", "a spread"]],
  [SyntaxKind.NullKeyword, ["HLS001", "null"]],
  [SyntaxKind.TypeOfExpression, ["HLS001", "typeof"]],
  [SyntaxKind.QuestionQuestionToken, ["HLS001", "??"]],
]);

/**
 * Looks at the bodies of these functions and of those of `files` that they call. What only makes a module's constants runs
 * in Node and may use anything.
 */
export function checkSubset(
  roots: readonly FunctionDeclaration[],
  files: ReadonlySet<SourceFile>,
  reporter: Reporter,
): void {
  const open = [...roots];
  const seen = new Set(roots);
  for (let declaration = open.pop(); declaration !== undefined; declaration = open.pop()) {
    checkFunction(declaration, reporter);
    for (const identifier of declaration.getDescendantsOfKind(SyntaxKind.Identifier)) {
      const called = declarationOf(identifier);
      const isOwn = called !== null && files.has(called.getSourceFile());
      if (!isOwn || !Node.isFunctionDeclaration(called) || seen.has(called)) continue;
      seen.add(called);
      open.push(called);
    }
  }
}

function checkFunction(declaration: FunctionDeclaration, reporter: Reporter): void {
  const at = declaration.getNameNode() ?? declaration;
  if (declaration.isAsync()) reporter.report(at, "HLS007", "async");
  if (declaration.isGenerator()) reporter.report(at, "HLS007", "a generator");
  declaration.forEachDescendant((node, traversal) => {
    const known = refused.get(node.getKind());
    if (known !== undefined) {
      reporter.report(node, ...known);
      traversal.skip();
    } else if (Node.isAsExpression(node) && node.getTypeNode()?.getText() !== "const") {
      reporter.report(node, "HLS006", `\`${node.getText()}\``);
      traversal.skip();
    } else if (Node.isNumericLiteral(node) && !Number.isSafeInteger(node.getLiteralValue())) {
      reporter.report(node, "HLS002", node.getText());
    } else if (Node.isCallExpression(node) && /^Math\./.test(node.getText())) {
      reporter.report(node, "HLS002", node.getExpression().getText());
      traversal.skip();
    }
  });
}
