import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { packagePath } from "../../src/platform/package.ts";

function sources(): ts.SourceFile[] {
  return ["src", "codegen", "sim", "hw/kernels"].flatMap((folder) =>
    readdirSync(packagePath(folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => {
        const file = packagePath(join(folder, name));
        return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
      }),
  );
}

/** What a function is called by: its own name, or that of the variable, property or type that holds it. */
function nameOf(node: ts.SignatureDeclaration): string | undefined {
  const holder = node.name ? node : node.parent;
  return "name" in holder ? (holder.name as ts.Node).getText() : undefined;
}

/** The last name of what a call calls. */
function calledName({ expression }: ts.CallExpression | ts.NewExpression): string {
  return ts.isPropertyAccessExpression(expression) ? expression.name.getText() : expression.getText();
}

/** The strings that an expression chooses from. */
function strings(expression: ts.Expression): string[] {
  if (ts.isStringLiteral(expression)) return [expression.text];
  if (ts.isConditionalExpression(expression))
    return [expression.whenTrue, expression.whenFalse].flatMap(strings);
  return [];
}

/**
 * Every problem code in the sources: the strings of properties called `code` and of arguments for parameters called `code`,
 * found by the names of functions alone. A string that is no code stands where another function of that name has something else.
 */
function codesInSources(): Set<string> {
  const places = new Map<string, Set<number>>();
  const calls: (ts.CallExpression | ts.NewExpression)[] = [];
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node)) {
      if (node.name.getText() === "code") found.push(...strings(node.initializer));
    } else if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      calls.push(node);
    } else if (ts.isFunctionLike(node)) {
      const at = node.parameters.findIndex(({ name }) => name.getText() === "code");
      const name = at < 0 ? undefined : nameOf(node);
      if (name !== undefined) places.set(name, (places.get(name) ?? new Set()).add(at));
    }
    ts.forEachChild(node, visit);
  };
  for (const file of sources()) visit(file);
  for (const call of calls) {
    for (const at of places.get(calledName(call)) ?? []) {
      const argument = call.arguments?.[at];
      if (argument) found.push(...strings(argument));
    }
  }
  return new Set(found.filter((text) => /^[a-z0-9]+(-[a-z0-9]+)+$/.test(text)));
}

it("docs/errors.md lists exactly the codes that the sources report", () => {
  const page = readFileSync(packagePath("docs", "errors.md"), "utf8");
  const listed = [...page.matchAll(/^\| `([a-z0-9-]+)` *\|/gm)].map((match) => match[1]);
  expect(listed.toSorted()).toEqual([...codesInSources()].toSorted());
  expect(listed).toEqual(listed.toSorted());
});
