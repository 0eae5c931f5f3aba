/** Mutants of TypeScript: of its operators, numbers and conditions. */
import { ts } from "ts-morph";
import type { Mutant } from "./mutant.ts";

const { SyntaxKind } = ts;

const OPERATORS = new Map<ts.SyntaxKind, string>([
  [SyntaxKind.PlusToken, "-"],
  [SyntaxKind.MinusToken, "+"],
  [SyntaxKind.AsteriskToken, "/"],
  [SyntaxKind.SlashToken, "*"],
  [SyntaxKind.PercentToken, "*"],
  [SyntaxKind.AsteriskAsteriskToken, "*"],
  [SyntaxKind.LessThanToken, "<="],
  [SyntaxKind.LessThanEqualsToken, "<"],
  [SyntaxKind.GreaterThanToken, ">="],
  [SyntaxKind.GreaterThanEqualsToken, ">"],
  [SyntaxKind.EqualsEqualsEqualsToken, "!=="],
  [SyntaxKind.ExclamationEqualsEqualsToken, "==="],
  [SyntaxKind.AmpersandAmpersandToken, "||"],
  [SyntaxKind.BarBarToken, "&&"],
  [SyntaxKind.LessThanLessThanToken, ">>"],
  [SyntaxKind.GreaterThanGreaterThanToken, "<<"],
  [SyntaxKind.AmpersandToken, "|"],
  [SyntaxKind.BarToken, "&"],
  [SyntaxKind.PlusEqualsToken, "-="],
  [SyntaxKind.MinusEqualsToken, "+="],
]);

const CALLS: Readonly<Record<string, string>> = {
  min: "max",
  max: "min",
  floor: "ceil",
  ceil: "floor",
  round: "floor",
};

/** All mutants of the text, in its order; types and messages have none. */
export function typescriptMutants(source: string): readonly Mutant[] {
  const file = ts.createSourceFile("mutated.ts", source, ts.ScriptTarget.ES2023, true);
  const mutants: Mutant[] = [];
  const add = (node: ts.Node, text: string): void => {
    mutants.push({ start: node.getStart(file), end: node.getEnd(), text });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || isMessage(node)) return;
    if (ts.isBinaryExpression(node)) {
      const operator = OPERATORS.get(node.operatorToken.kind);
      if (operator !== undefined) add(node.operatorToken, operator);
    } else if (ts.isNumericLiteral(node)) add(node, String(Number(node.text) + 1));
    else if (ts.isPrefixUnaryExpression(node) && /^[-!]/.test(node.getText(file)))
      add(node, node.operand.getText(file));
    else if (ts.isConditionalExpression(node)) {
      const [condition, yes, no] = [node.condition, node.whenTrue, node.whenFalse].map((part) =>
        part.getText(file),
      );
      add(node, `${condition} ? ${no} : ${yes}`);
    } else if (ts.isPropertyAccessExpression(node) && node.expression.getText(file) === "Math") {
      const other = CALLS[node.name.text];
      if (other !== undefined) add(node.name, other);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return mutants.sort((a, b) => a.start - b.start);
}

/** What a test need not tell apart: texts of assertions and errors, and conditions that only a bug breaks. */
function isMessage(node: ts.Node): boolean {
  if (ts.isThrowStatement(node) || ts.isTemplateExpression(node)) return true;
  return ts.isCallExpression(node) && ["assert", "known"].includes(node.expression.getText());
}
