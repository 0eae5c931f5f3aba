/** Files that import each other in a circle: none but those whose functions recurse through each other. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, it } from "vitest";
import { packagePath, packageRoot } from "../../src/platform/package.ts";

/** An expression contains calls, whose bodies are statements, which contain expressions. */
const recursion = ["assign", "builtins", "call", "entry", "expression", "statement"].map(
  (name) => `codegen/hls/${name}.ts`,
);

function sources(folder: string): string[] {
  return readdirSync(packagePath(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/(?:from |import\()"(\.[^"]+)"/g)].map(([, path]) =>
    resolve(dirname(file), path!),
  );
}

/** Files that lead back to themselves. */
function inCircles(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const leadsBack = (file: string): boolean => {
    const reached = new Set<string>();
    const next = [...(imports.get(file) ?? [])];
    for (let at = next.pop(); at !== undefined; at = next.pop()) {
      if (at === file) return true;
      if (reached.has(at)) continue;
      reached.add(at);
      next.push(...(imports.get(at) ?? []));
    }
    return false;
  };
  return [...imports.keys()].filter(leadsBack);
}

it("finds a circle", () => {
  const imports = new Map([
    ["a", ["b"]],
    ["b", ["c"]],
    ["c", ["b"]],
  ]);
  expect(inCircles(imports)).toEqual(["b", "c"]);
});

it("are the expression compiler of hls alone", () => {
  const files = ["src", "codegen", "sim", "hw/kernels"].flatMap(sources);
  const found = inCircles(new Map(files.map((file) => [file, importsOf(file)])));
  expect(found.map((file) => relative(packageRoot(), file).replaceAll("\\", "/")).toSorted()).toEqual(
    recursion,
  );
});
