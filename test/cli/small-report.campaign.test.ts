/** `report --synth` for a board with a small engine, with the real Yosys and nextpnr-ice40. */
import { expect, it } from "vitest";
import type { BuiltProject } from "../../sim/synth/project.ts";
import type { ModelReport } from "../../src/report/model-report.ts";
import { firebrick } from "./helper.ts";

const pictures = ["report", "pictures", "--board", "icebreaker"];

it("places and routes: what the parts take, the clock, and the path that limits it", async () => {
  const run = await firebrick(...pictures, "--synth", "--json");
  expect(run.status).toBe(0);
  const { placement, resources, synthesis } = JSON.parse(run.stdout) as ModelReport & BuiltProject;
  // what the report counts without synthesis is what Yosys makes
  expect(synthesis.total).toMatchObject({ dsp: 8, blockRam: 21, singlePortRam: 4, lutRam: 0 });
  expect(resources.slice(0, 2).map(({ needed }) => needed)).toEqual([8, 21]);
  const unit = (name: string) => synthesis.units.find((one) => one.unit === name)!;
  expect(unit("array").dsp).toBe(8);
  expect(unit("maps").singlePortRam).toBe(4);
  expect(unit("weight ring").blockRam).toBe(8);
  // four lanes' products of 32 bits and more
  expect(unit("scalers").ff).toBeGreaterThanOrEqual(4 * 32);

  const { criticalPath, fmaxMHz, meetsTarget, targetMHz, utilization } = placement;
  const used = Object.fromEntries(utilization.map(({ cell, ...counts }) => [cell, counts]));
  expect(used).toMatchObject({
    ICESTORM_LC: { available: 5280 },
    ICESTORM_DSP: { used: 8, available: 8 },
    ICESTORM_RAM: { used: 21, available: 30 },
    ICESTORM_SPRAM: { used: 4, available: 4 },
  });
  // a logic cell holds a look-up table and a flip-flop, or one of them
  expect(used.ICESTORM_LC!.used).toBeGreaterThanOrEqual(synthesis.total.lut);
  expect(used.ICESTORM_LC!.used).toBeLessThanOrEqual(5280);
  expect([targetMHz, meetsTarget]).toEqual([24, true]);
  expect(fmaxMHz).toBeGreaterThanOrEqual(24);

  expect(criticalPath.ns).toBeCloseTo(1000 / fmaxMHz, 2);
  expect(criticalPath.steps.length).toBeGreaterThan(1);
  const parts = new Set([...synthesis.units.map((one) => one.unit), "board"]);
  for (const { cells, instance, logicNs, signal, unit: part } of criticalPath.steps) {
    expect(parts).toContain(part);
    expect(instance).toMatch(/^u_system\b/);
    expect(signal).toMatch(/^[a-z]\w*$/);
    expect(signal).not.toContain("SB_");
    expect([cells, logicNs].every((value) => value > 0)).toBe(true);
  }
  // now from the cache
  const text = await firebrick(...pictures, "--synth");
  expect(text.stderr).toBe("");
  expect(text.stdout).toContain(`ICESTORM_LC: ${used.ICESTORM_LC!.used} of 5280`);
  expect(text.stdout).toContain(`clock: ${fmaxMHz.toFixed(2)} MHz, meets the board's 24 MHz`);
});
