import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { packagePath } from "../../src/platform/package.ts";

const pages = readdirSync(packagePath("docs")).filter((file) => file.endsWith(".md"));

/** Targets of the links of a page, without addresses of the web and places within a page. */
function linksOf(path: string): string[] {
  const links = [...readFileSync(path, "utf8").matchAll(/\]\(([^)#\s]+)/g)].map(([, link]) => link!);
  return links.filter((link) => !/^https?:/.test(link));
}

it("every link of the documentation leads somewhere", () => {
  const all = [
    packagePath("README.md"),
    packagePath("CONTRIBUTING.md"),
    ...pages.map((page) => packagePath("docs", page)),
  ];
  const broken = all.flatMap((path) =>
    linksOf(path)
      .filter((link) => !existsSync(join(dirname(path), link)))
      .map((link) => `${path}: ${link}`),
  );
  expect(broken).toEqual([]);
});

it("the index lists every page", () => {
  const listed = linksOf(packagePath("docs", "README.md"));
  expect(pages.filter((page) => page !== "README.md" && !listed.includes(page))).toEqual([]);
});
