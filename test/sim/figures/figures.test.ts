import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { figureCases } from "../../../sim/figures/cases.ts";
import { commandOf } from "../../../sim/figures/measure.ts";
import { packagePath } from "../../../src/ir/package-root.ts";

describe("docs/figures.md", () => {
  const page = readFileSync(packagePath("docs", "figures.md"), "utf8");

  it("has the command and a whole row of figures for every network of `npm run bench`", () => {
    const rows = [...page.matchAll(/^\| (.*) \|$/gm)].map(([, row]) => row!.split(" | "));
    const cases = figureCases();
    expect(rows).toHaveLength(cases.length + 2);
    for (const [i, figure] of cases.entries()) {
      expect(page).toContain(`${commandOf(figure)}\n`);
      const [name, array, bytes, ...figures] = rows[i + 2]!;
      expect([name, array, bytes]).toEqual([figure.name, figure.array, String(figure.bytes)]);
      expect(
        figures.every((text) => /^[\d.]+( k)?$/.test(text)),
        figures.join(" "),
      ).toBe(true);
    }
  });

  it("holds the utilisation that the README shows", () => {
    const readme = readFileSync(packagePath("README.md"), "utf8");
    for (const [, name, array, bytes, utilization] of page.matchAll(
      /^\| (\S+) \| (\d+x\d+) \| (\d+) \| ([\d.]+) /gm,
    )) {
      expect(readme).toContain(`| ${name} | ${array} | ${bytes} | ${utilization} |`);
    }
  });
});
