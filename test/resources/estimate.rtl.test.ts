import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { configurations, type Configuration } from "../../sim/synth/calibration/configurations.ts";
import { boardRows, cellsTable, resourcesPage } from "../../sim/synth/calibration/page.ts";
import { leastSquares } from "../../sim/synth/calibration/fit.ts";
import type { Measured } from "../../sim/synth/calibration/measure.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { loadModel } from "../../src/load.ts";
import { InputError } from "../../src/ir/errors.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { packagePath } from "../../src/platform/package.ts";
import { familyOf } from "../../src/resources/family.ts";
import { estimateResources, readCoefficients, uncounted } from "../../src/resources/estimate.ts";

/** What `npm run calibrate` had Yosys count. */
const measured = JSON.parse(
  readFileSync(new URL("measured.json", import.meta.url), "utf8"),
) as readonly Measured[];
const name = ({ activation, busBytes, family, network, packed, pc, pk }: Configuration): string =>
  `${network}${activation === null ? "" : ` with ${activation}`} on ${pk}x${pc}${packed ? ", packed" : ""}, ${8 * busBytes}-bit bus, ${family}`;
const validation = measured.filter(({ set }) => set === "validation");

describe("the family of a device", () => {
  it("is not guessed where the device is unknown", () => {
    expect(familyOf({ vendor: "xilinx", device: "xcup" })).toBe("xcup");
    expect(() => familyOf({ vendor: "xilinx", device: "versal" })).toThrow(InputError);
  });
});

describe("accelerators that the estimator was not calibrated on", () => {
  it.each(validation.map((one) => [name(one), one] as const))("%s: as Yosys counts", (_, one) => {
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
    expect(measured.map(name)).toEqual(configurations.map((one) => name(one)));
  });

  it("are none of those that it was", () => {
    const calibrated = measured.filter(({ set }) => set === "calibration").map(name);
    expect(validation.map(name).filter((one) => calibrated.includes(one))).toEqual([]);
  });
});

// counts.campaign.test.ts has Yosys count the smallest again.
describe("the counts are those of today's accelerators", () => {
  const graphs = new Map<string, IntGraph>();
  const graphOf = ({ activation, network }: Measured): IntGraph => {
    const key = `${network} ${activation}`;
    const graph = graphs.get(key) ?? loadModel(network, { activation: activation ?? undefined });
    graphs.set(key, graph);
    return graph;
  };

  it.each(measured.map((one) => [name(one), one] as const))("%s: the same sizes", (_, one) => {
    const { activations, busBytes, hardware, packed, pc, pk } = one;
    const plan = schedule(graphOf(one), { pk, pc, packed, busBytes });
    expect(plan.hardware).toEqual(hardware);
    expect(plan.activations.map(({ spec }) => ({ spec }))).toEqual(activations);
  });
});

describe("the boards of the README's table", () => {
  it.each(boardRows(measured).map((row) => [`${row.board.name}, ${name(row.counted)}`, row] as const))(
    "%s: two multipliers a DSP block, and Yosys warns of nothing",
    (_, { counted: { pc, pk, units, warnings } }) => {
      expect(units.find(({ unit }) => unit === "multipliers")?.dsp).toBe((pk * pc) / 2);
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
