import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { boardCases, figureCases } from "../../../sim/figures/cases.ts";
import { commandOf } from "../../../sim/figures/measure.ts";
import { mlperfCases, mlperfHeading, mlperfSection } from "../../../sim/figures/mlperf-tiny.ts";
import { packagePath } from "../../../src/platform/package.ts";

const page = readFileSync(packagePath("docs", "figures.md"), "utf8");

/** Cells of a table's rows below its head. */
const rowsOf = (text: string): readonly (readonly string[])[] =>
  [...text.matchAll(/^\| (.*) \|$/gm)].map(([, row]) => row!.split(" | ")).slice(2);

const [arrays = "", behind = ""] = page.split("## On boards");
const [boards = "", mlperf = ""] = behind.split(mlperfHeading);

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

describe("its section on MLPerf Tiny", () => {
  const rows = rowsOf(mlperf).slice(0, mlperfCases().length);

  it("is what the generator makes of its rows, with a command each", () => {
    const commands = mlperfCases().map((figure) => `${commandOf(figure)}\n`);
    const head = /^\| (network .*) \|$/m.exec(mlperf)![1]!.split(" | ");
    // cells behind the reason of a refusal are empty, and fall off the match
    const cells = rows.map((row) => row.flatMap((cell) => cell.split(/ \|(?: |$)/)));
    expect(`${mlperfHeading}${mlperf}`).toBe(mlperfSection({ head, rows: cells }, commands.join("")));
  });

  it("has the figures of every network on an array and on two boards, but one that has sums on the small engine", () => {
    const refused = rows.filter(([, , array]) => !/^\d+x\d+$/.test(array!));
    expect(refused.map(([name, place]) => [name, place])).toEqual([["mlperf-tiny-ic", "icebreaker"]]);
    expect(refused[0]![2]).toContain("add of two maps");
    for (const [i, { name, hardware }] of mlperfCases().entries()) {
      const place = "board" in hardware ? hardware.board : hardware.array;
      expect(rows[i]!.slice(0, 2)).toEqual([name, place]);
      if (refused.includes(rows[i]!)) continue;
      const [cycles, ratio, rate] = rows[i]!.slice(4).map(Number);
      expect(Math.abs(ratio! - 1)).toBeLessThan(0.01);
      const megahertz = place === "icebreaker" ? 24 : 100;
      expect(rate).toBeCloseTo((megahertz * 1e6) / cycles!, 1);
    }
  });
});
