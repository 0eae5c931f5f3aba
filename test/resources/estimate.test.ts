import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cellsTable, resourcesPage } from "../../sim/synth/calibration/page.ts";
import { leastSquares } from "../../sim/synth/calibration/fit.ts";
import type { Measured } from "../../sim/synth/calibration/measure.ts";
import { packagePath } from "../../src/ir/package-root.ts";
import { estimateResources, readCoefficients } from "../../src/resources/estimate.ts";

/** What `npm run calibrate` had Yosys count. */
const measured = JSON.parse(
  readFileSync(new URL("measured.json", import.meta.url), "utf8"),
) as readonly Measured[];
const name = ({ busBytes, family, network, packed, pc, pk }: Measured): string =>
  `${network} on ${pk}x${pc}${packed ? ", packed" : ""}, ${8 * busBytes}-bit bus, ${family}`;
const validation = measured.filter(({ set }) => set === "validation");

describe("accelerators that the estimator was not calibrated on", () => {
  it.each(validation.map((one) => [name(one), one] as const))("%s: as Yosys counts", (_, one) => {
    const { total } = estimateResources(one, one.family);
    expect(Math.abs(total.lut / one.total.lut - 1), "look-up tables").toBeLessThan(0.15);
    expect(Math.abs(total.ff / one.total.ff - 1), "flip-flops").toBeLessThan(0.15);
    expect([total.dsp, total.blockRam]).toEqual([one.total.dsp, one.total.blockRam]);
  });

  it("are none of those that it was", () => {
    const calibrated = measured.filter(({ set }) => set === "calibration").map(name);
    expect(validation.map(name).filter((one) => calibrated.includes(one))).toEqual([]);
    expect(new Set(measured.map(({ tool }) => tool))).toEqual(new Set([readCoefficients().tool]));
  });
});

it("writes the page and the README's table from the counts", () => {
  const text = (...path: readonly string[]): string => readFileSync(packagePath(...path), "utf8");
  expect(text("docs", "resources.md")).toBe(resourcesPage(measured, readCoefficients()));
  expect(text("README.md")).toContain(cellsTable(measured, readCoefficients()));
});

it("finds the fewest quantities that explain the counts", () => {
  const rows = [
    [1, 4],
    [1, 8],
    [1, 16],
  ];
  expect(leastSquares(rows, [14, 18, 26])).toEqual([10, 1]);
  expect(leastSquares(rows, [8, 16, 32])).toEqual([0, 2]);
  expect(leastSquares([[1, 4]], [12])).toEqual([12, 0]);
});
