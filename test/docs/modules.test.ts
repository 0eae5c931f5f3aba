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

test("a module of more than 20 ports has them in groups of at most 12, each with a line that says what for", () => {
  const folder = packagePath("hw", "rtl");
  const texts = readdirSync(folder)
    .filter((file) => file.endsWith(".v"))
    .map((file) => readFileSync(`${folder}/${file}`, "utf8"))
    .filter((text) => !text.includes("by `npm run formats`"));
  const isPort = (line: string): boolean => /^ {4}(input|output) /.test(line);
  const isWrong = (group: string): boolean => {
    const lines = group.split("\n");
    // clock, reset and what goes with them say it themselves
    const plain = lines.every((line) => / (clk|rst|clear)_i,/.test(line));
    return !plain && (!/^ {4}\/\/ /.test(lines[0]!) || lines.filter(isPort).length > 12);
  };
  const wrong = texts.flatMap((text) => {
    const ports = /^(?:module \w+ |\) )\(\n([\s\S]*?)\n\);/m.exec(text)?.[1] ?? "";
    return ports.split("\n").filter(isPort).length > 20 ? ports.split("\n\n").filter(isWrong) : [];
  });
  expect(wrong).toEqual([]);
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
