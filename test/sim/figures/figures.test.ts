import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { boardCases, figureCases } from "../../../sim/figures/cases.ts";
import { commandOf } from "../../../sim/figures/measure.ts";
import { packagePath } from "../../../src/platform/package.ts";

const page = readFileSync(packagePath("docs", "figures.md"), "utf8");

/** Cells of a table's rows below its head. */
const rowsOf = (text: string): readonly (readonly string[])[] =>
  [...text.matchAll(/^\| (.*) \|$/gm)].map(([, row]) => row!.split(" | ")).slice(2);

const [arrays = "", boards = ""] = page.split("## On boards");

describe("docs/figures.md", () => {
  it.each([
    ["an array", arrays, figureCases()],
    ["a board", boards, boardCases()],
  ] as const)("has the command and a whole row of every network on %s", (_, text, cases) => {
    const rows = rowsOf(text);
    expect(rows).toHaveLength(cases.length);
    for (const [i, figure] of cases.entries()) {
      expect(text).toContain(`${commandOf(figure)}\n`);
      const { hardware } = figure;
      const [name, ...cells] = rows[i]!;
      const place = "board" in hardware ? [hardware.board] : [hardware.array, String(hardware.bytes)];
      expect([name, ...cells.slice(0, place.length)]).toEqual([figure.name, ...place]);
      const figures = cells.slice(place.length);
      expect(
        figures.every((cell) => /^[\d.]+( k)?$|^\d+x\d+$/.test(cell)),
        figures.join(" "),
      ).toBe(true);
    }
  });

  it("predicts cycles within 1 % on every row", () => {
    const ratios = [...rowsOf(arrays).map((row) => row[5]), ...rowsOf(boards).map((row) => row[5])].map(
      Number,
    );
    expect(ratios).toHaveLength(figureCases().length + boardCases().length);
    for (const ratio of ratios) expect(Math.abs(ratio - 1)).toBeLessThan(0.01);
  });

  it("holds the utilisation of every row of the README", () => {
    const readme = readFileSync(packagePath("README.md"), "utf8");
    let found = 0;
    for (const [name, array, bytes, utilization] of rowsOf(arrays)) {
      const start = `| ${name} | ${array} | ${bytes} | `;
      const row = readme.split("\n").find((line) => line.startsWith(start));
      if (row === undefined) continue;
      found++;
      expect(row).toContain(` | ${utilization} | `);
    }
    // all but MobileNet v2 at 8 bytes
    expect(found).toBe(figureCases().length - 1);
  });
});
