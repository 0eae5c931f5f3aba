import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { boardCases, figureCases } from "../../../sim/figures/cases.ts";
import { commandOf, type Figures } from "../../../sim/figures/measure.ts";
import { mlperfCases, mlperfHeading, mlperfSection } from "../../../sim/figures/mlperf-tiny.ts";
import { overPixels, zooCases, zooHeading, zooSection } from "../../../sim/figures/zoo-networks.ts";
import { packagePath } from "../../../src/platform/package.ts";

const page = readFileSync(packagePath("docs", "figures.md"), "utf8");

/** Cells of a table's rows below its head. */
const rowsOf = (text: string): readonly (readonly string[])[] =>
  [...text.matchAll(/^\| (.*) \|$/gm)].map(([, row]) => row!.split(" | ")).slice(2);

const [arrays = "", behind = ""] = page.split("## On boards");
const [boards = "", sections = ""] = behind.split(zooHeading);
const [zoo = "", mlperf = ""] = sections.split(mlperfHeading);

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

describe("its section on the zoo", () => {
  const rows = rowsOf(zoo);

  it("is what the generator makes of its rows, with a command each", () => {
    const commands = zooCases().map((figure) => `${commandOf(figure)}\n`);
    const head = /^\| (network .*) \|$/m.exec(zoo)![1]!.split(" | ");
    expect(`${zooHeading}${zoo.trimEnd()}\n`).toBe(zooSection({ head, rows }, commands.join("")));
  });

  it("has the utilisation that its networks are to reach, and cycles within 1 % of the predicted ones", () => {
    expect(rows.map(([name]) => name)).toEqual(zooCases().map(({ name }) => name));
    const of = (network: string): readonly number[] =>
      rows
        .find(([name]) => name === network)!
        .slice(1)
        .map(Number);
    expect(of("mobilenet-v3-large-1.0-224")[0]).toBeGreaterThanOrEqual(0.75);
    expect(of("googlenet")[0]).toBeGreaterThanOrEqual(0.85);
    expect(of("vgg-16")[3]).toBeGreaterThanOrEqual(0.95);
    expect(of("alexnet")[3]).toBeGreaterThanOrEqual(0.85);
    for (const [name] of rows) expect(Math.abs(of(name!)[2]! - 1), name).toBeLessThan(0.01);
  });

  it("leaves out the layers that use a weight once a picture", () => {
    const [alexnet] = zooCases().filter(({ name }) => name === "alexnet");
    const layers = [
      { name: "conv1", macs: 3000, cycles: 10 },
      { name: "pool1", macs: 0, cycles: 2 },
      { name: "conv2/0", macs: 4000, cycles: 20 },
      { name: "fc6", macs: 100, cycles: 10_000 },
    ];
    const figures = { layers, multipliers: 256 } as unknown as Figures;
    expect(overPixels.of(alexnet!, figures)).toBe((7000 / (256 * 32)).toFixed(3));
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
