import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { configurations } from "../../sim/synth/calibration/configurations.ts";
import { boardRows, cellsTable, resourcesPage } from "../../sim/synth/calibration/page.ts";
import { leastSquares } from "../../sim/synth/calibration/fit.ts";
import { InputError } from "../../src/ir/errors.ts";
import { packagePath } from "../../src/platform/package.ts";
import { familyOf } from "../../src/resources/family.ts";
import { estimateResources, readCoefficients, uncounted } from "../../src/resources/estimate.ts";
import { expectSameSizes, isLarge, measured, nameOf } from "./measured.ts";

const validation = measured.filter(({ set }) => set === "validation");

describe("the family of a device", () => {
  it("is not guessed where the device is unknown", () => {
    expect(familyOf({ vendor: "xilinx", device: "xcup" })).toBe("xcup");
    expect(() => familyOf({ vendor: "xilinx", device: "versal" })).toThrow(InputError);
  });
});

describe("accelerators that the estimator was not calibrated on", () => {
  it.each(validation.map((one) => [nameOf(one), one] as const))("%s: as Yosys counts", (_, one) => {
    const { total } = estimateResources(one, one.family);
    expect(Math.abs(total.lut / one.total.lut - 1), "look-up tables").toBeLessThan(0.15);
    expect(Math.abs(total.ff / one.total.ff - 1), "flip-flops").toBeLessThan(0.15);
    expect([total.dsp, total.blockRam]).toEqual([one.total.dsp, one.total.blockRam]);
  });

  it("are at least 20, on every family that arrays are for", () => {
    expect(validation.length).toBeGreaterThanOrEqual(20);
    expect([...new Set(validation.map(({ family }) => family))].sort()).toEqual([
      "ecp5",
      "gowin",
      "xc7",
      "xcup",
    ]);
    expect(measured.map(nameOf)).toEqual(configurations.map((one) => nameOf(one)));
  });

  it("are none of those that it was", () => {
    const calibrated = measured.filter(({ set }) => set === "calibration").map(nameOf);
    expect(validation.map(nameOf).filter((one) => calibrated.includes(one))).toEqual([]);
  });
});

// counts.campaign.test.ts has the large networks, and Yosys count the smallest accelerator again.
describe("the counts are those of today's accelerators", () => {
  const small = measured.filter(({ network }) => !isLarge(network));
  it.each(small.map((one) => [nameOf(one), one] as const))("%s: the same sizes", (_, one) =>
    expectSameSizes(one),
  );
});

describe("the boards of the README's table", () => {
  it.each(boardRows(measured).map((row) => [`${row.board.name}, ${nameOf(row.counted)}`, row] as const))(
    "%s: two multipliers a DSP block, one for taps beside another window, and Yosys warns of nothing",
    (_, { counted: { pc, pk, units, warnings } }) => {
      expect(units.find(({ unit }) => unit === "multipliers")?.dsp).toBe(
        (pk * pc) / 2 + (pc === 16 ? pk : 0),
      );
      expect(warnings).toEqual([]);
    },
  );
});

it("counts kernels behind the lanes, and says which it does not count", () => {
  const [one] = validation;
  const plain = estimateResources({ ...one!, activations: [] }, "xc7").total;
  const two = [{ spec: "hard-swish" }, { spec: "sigmoid" }];
  const more = estimateResources({ ...one!, activations: two }, "xc7").total;
  const { "hard-swish": swish, sigmoid } = readCoefficients().activations["xc7"]!;
  expect(more.lut - plain.lut).toBe(one!.pk * (swish!.lut + sigmoid!.lut));
  expect(more.dsp - plain.dsp).toBe(one!.pk * (swish!.dsp + sigmoid!.dsp));
  expect(uncounted([...two, { spec: "/own/swish.ts" }])).toEqual(["/own/swish.ts"]);
});

it("counts tables behind the lanes: a block RAM a lane, and what brings them", () => {
  const one = validation.find(({ family }) => family === "xc7")!;
  const plain = estimateResources(one, "xc7").total;
  const more = estimateResources({ ...one, hardware: { ...one.hardware, tables: true } }, "xc7").total;
  expect(more.blockRam - plain.blockRam).toBe(one.pk);
  expect(more.lut - plain.lut).toBe((one.busBytes === 8 ? 334 : 354) + 9 * one.pk);
});

it("writes the page and the README's table from the counts", () => {
  const text = (...path: readonly string[]): string => readFileSync(packagePath(...path), "utf8");
  expect(text("docs", "resources.md")).toBe(resourcesPage(measured, readCoefficients()));
  expect(text("README.md")).toContain(cellsTable(measured));
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
