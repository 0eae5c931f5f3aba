import { readFileSync } from "node:fs";
import ts from "typescript";
import { expect, it } from "vitest";
import { packagePath, packageRoot } from "../../src/platform/package.ts";

/**
 * Every problem code in the sources: the values of properties called `code` and the arguments for parameters
 * called `code`, as far as their type is a literal.
 */
function codesInSources(): Map<string, string> {
  const config = ts.getParsedCommandLineOfConfigFile(
    packagePath("tsconfig.build.json"),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (problem) => {
        throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, "\n"));
      },
    },
  );
  const program = ts.createProgram(config?.fileNames ?? [], config?.options ?? {});
  const checker = program.getTypeChecker();
  const codes = new Map<string, string>();

  const collect = (expression: ts.Expression): void => {
    const type = checker.getTypeAtLocation(expression);
    for (const part of type.isUnion() ? type.types : [type]) {
      if (part.isStringLiteral()) codes.set(part.value, expression.getSourceFile().fileName);
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === "code") collect(node.initializer);
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const parameters = checker.getResolvedSignature(node)?.parameters ?? [];
      const at = parameters.findIndex((parameter) => parameter.name === "code");
      const argument = node.arguments?.[at];
      if (argument !== undefined) collect(argument);
    }
    ts.forEachChild(node, visit);
  };
  for (const file of program.getSourceFiles()) {
    if (file.fileName.startsWith(packageRoot()) && !file.fileName.includes("node_modules")) visit(file);
  }
  return codes;
}

it("docs/errors.md lists exactly the codes that the sources report", () => {
  const page = readFileSync(packagePath("docs", "errors.md"), "utf8");
  const listed = [...page.matchAll(/^\| `([a-z0-9-]+)` *\|/gm)].map((match) => match[1]);
  expect(listed.toSorted()).toEqual([...codesInSources().keys()].toSorted());
  expect(listed).toEqual(listed.toSorted());
});
