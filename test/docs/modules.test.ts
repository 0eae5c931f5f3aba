import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { packagePath } from "../../src/platform/package.ts";

/** Names and parameters in the table of docs/modules.md. */
function documented(): string[] {
  const rows = readFileSync(packagePath("docs", "modules.md"), "utf8").matchAll(
    /^\| \[(\w+)\]\(..\/hw\/rtl\/\w+.v\) .*\|$/gm,
  );
  return [...rows].map(([row, name]) => {
    const parameters = row
      .split("|")
      .at(-2)!
      .matchAll(/`(\w+)`/g);
    return `${name}: ${[...parameters].map((found) => found[1]).join(" ")}`;
  });
}

function modules(): string[] {
  const folder = packagePath("hw", "rtl");
  return readdirSync(folder)
    .filter((file) => file.endsWith(".v"))
    .sort()
    .map((file) => {
      const text = readFileSync(`${folder}/${file}`, "utf8");
      const parameters = text.matchAll(/^\s*parameter (?:\[[^\]]*\] )?(\w+)/gm);
      return `${file.replace(/\.v$/, "")}: ${[...parameters].map((found) => found[1]).join(" ")}`;
    });
}

test("docs/modules.md lists every module of hw/rtl with its parameters", () => {
  expect(documented()).toEqual(modules());
});

test("docs/modules.md lists every vendor's part, whose parameters and ports are its twin's", () => {
  const folder = packagePath("hw", "rtl");
  const parts = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((f) => /\/.*\.v$/.test(f));
  const table = readFileSync(packagePath("docs", "modules.md"), "utf8").matchAll(
    /\]\(..\/hw\/rtl\/(\w+\/\S+)\)/g,
  );
  expect([...table].map(([, file]) => file).sort()).toEqual(parts.sort());
  const interfaceOf = (file: string) =>
    /\nmodule [\s\S]*?\n\);/.exec(readFileSync(`${folder}/${file}`, "utf8"))![0].replace(/ *\/\/.*/g, "");
  for (const part of parts) expect(interfaceOf(part), part).toBe(interfaceOf(basename(part)));
});

test("every document that README.md and docs/ link to exists", () => {
  const pages = [
    "README.md",
    "CONTRIBUTING.md",
    ...readdirSync(packagePath("docs")).map((name) => `docs/${name}`),
  ];
  for (const page of pages.filter((name) => name.endsWith(".md"))) {
    const links = readFileSync(packagePath(page), "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g);
    for (const [, link] of links) {
      const folder = page.startsWith("docs/") ? "docs" : ".";
      expect(existsSync(packagePath(folder, link!)), `${page}: ${link}`).toBe(true);
    }
  }
});
