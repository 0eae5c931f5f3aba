/** Which layers of two reports differ most. */
import { expect, it } from "vitest";
import { formatComparison } from "../../src/report/compare-text.ts";
import { compareReports, parseReport } from "../../src/report/compare.ts";

const report = (layers: Record<string, number>) =>
  parseReport(
    "r.json",
    JSON.stringify({
      ...{ model: "net", array: { pk: 8, pc: 8 }, board: "none", clockMHz: 100, multipliers: 64, macs: 1 },
      ...{ parameters: 1, cycles: 1, milliseconds: 1, framesPerSecond: 1, utilization: 1, limit: "compute" },
      traffic: { readBytes: 1, writeBytes: 1, megabytesPerSecond: 1 },
      layers: Object.entries(layers).map(([name, cycles]) => ({ name, cycles, utilization: 1 })),
    }),
  );

it("lists what changed most first, with ratios; what did not change is not among it", () => {
  const comparison = compareReports(
    report({ a: 100, b: 5000, c: 700, gone: 300 }),
    report({ a: 100, b: 4000, c: 1400, fresh: 20 }),
  );
  expect(comparison.changed).toEqual([
    { name: "b", first: 5000, second: 4000 },
    { name: "c", first: 700, second: 1400 },
    { name: "gone", first: 300, second: null },
    { name: "fresh", first: null, second: 20 },
  ]);
  expect(formatComparison(comparison)).toContain(
    "changed most: b -1,000 cycles (0.800 times); c +700 cycles (2.000 times); gone -300 cycles; fresh +20 cycles\n",
  );
});

it("says nothing of change where there is none, and names five at most", () => {
  const same = report({ a: 1, b: 2 });
  expect(formatComparison(compareReports(same, same))).not.toContain("changed most");
  const many = (factor: number) =>
    report(Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`l${n}`, factor * n])));
  expect(compareReports(many(1), many(3)).changed.map(({ name }) => name)).toEqual([
    "l6",
    "l5",
    "l4",
    "l3",
    "l2",
  ]);
});
