/** nextpnr's report, recorded from the small engine on an iCEBreaker (nextpnr-ice40 0.4), in the terms of the Verilog. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseNextpnrReport } from "../../../sim/synth/nextpnr-report.ts";
import { formatPlacement } from "../../../src/cli/synthesis.ts";

const text = readFileSync(new URL("nextpnr-report.json", import.meta.url), "utf8");

it("has what the device holds and the clock it reaches", () => {
  const { fmaxMHz, meetsTarget, targetMHz, utilization } = parseNextpnrReport(text);
  expect(utilization).toEqual([
    { cell: "ICESTORM_LC", used: 2906, available: 5280 },
    { cell: "ICESTORM_DSP", used: 8, available: 8 },
    { cell: "ICESTORM_RAM", used: 21, available: 30 },
    { cell: "ICESTORM_SPRAM", used: 4, available: 4 },
  ]);
  expect(fmaxMHz).toBeCloseTo(30.786, 3);
  expect([targetMHz, meetsTarget]).toEqual([24, true]);
});

it("tells the critical path by parts and signals; its time is a cycle of the fastest clock", () => {
  const { criticalPath, fmaxMHz } = parseNextpnrReport(text);
  const { ns, steps } = criticalPath;
  expect(ns).toBeCloseTo(1000 / fmaxMHz, 2);
  expect(steps.map(({ cells, instance, signal, unit }) => [unit, instance, signal, cells])).toEqual([
    ["engine control", "u_system.u_engine", "finished_q", 2],
    ["loader", "u_system.u_engine.u_loader", "ahead", 4],
    ["loader", "u_system.u_engine.u_loader", "take", 2],
    ["engine control", "u_system.u_engine", "shift_we", 1],
    ["engine control", "u_system.u_engine", "digit_we", 1],
    ["scaler multipliers", "u_system.u_engine.u_digits", "mem_q", 1],
  ]);
  const [first] = steps;
  // clock to output and a cell; both wires
  expect(first!.logicNs).toBeCloseTo(1.39 + 0.874, 3);
  expect(first!.routingNs).toBeCloseTo(2 * 1.761, 3);
  // set-up of the memory's write enable
  expect(steps.at(-1)).toMatchObject({ routingNs: 0 });
  expect(steps.at(-1)!.logicNs).toBeCloseTo(0.1, 3);
});

it("gives what nextpnr adds the name of its neighbour, and a block RAM that of its instance", () => {
  const digits = "u_system.u_engine.u_results.u_digits.gen_blocks.gen_column[8]";
  const scaler = "u_system.u_engine.u_results.gen_lane[0].u_scaler";
  const names = [`${scaler}.minus0`, "$nextpnr_ICESTORM_LC_46$O", `${scaler}.minus0_SB_CARRY_CI_CO[1]`];
  const end = { cell: `${digits}.u_ram_RAM` };
  const path = [
    ...names.flatMap((net) => [
      { type: "logic", delay: 0.5, from: end, to: end },
      { type: "routing", delay: 1, net, from: end, to: end },
    ]),
    { type: "setup", delay: 0.25, from: end, to: end },
  ];
  const paths = [{ from: "posedge clk", to: "posedge clk", path }];
  const report = JSON.stringify({ ...(JSON.parse(text) as object), critical_paths: paths });
  expect(parseNextpnrReport(report).criticalPath.steps).toEqual([
    { instance: scaler, unit: "scalers", signal: "minus0", cells: 3, logicNs: 1.5, routingNs: 3 },
    { instance: digits, unit: "scaler multipliers", signal: "u_ram", cells: 1, logicNs: 0.25, routingNs: 0 },
  ]);
});

it("says plainly when the clock is missed", () => {
  const shown = (report: string, clockMHz = 24): string =>
    formatPlacement({ tool: "nextpnr", ...parseNextpnrReport(report) }, clockMHz);
  expect(shown(text)).toContain("clock: 30.79 MHz, meets the board's 24 MHz\n");
  expect(shown(text)).toContain("ICESTORM_RAM: 21 of 30 (70.0 %)");
  expect(shown(text)).toMatch(
    /loader +│ u_system\.u_engine\.u_loader │ take +│ +2 │ +2\.08 │ +7\.17 │ +22\.19 │/,
  );
  expect(shown(text)).not.toContain("--clock");
  expect(shown(text, 48)).toContain("--clock 48 is more than it reaches");
  const missed = text.replace(/"constraint": 24/, '"constraint": 36');
  expect(parseNextpnrReport(missed).meetsTarget).toBe(false);
  expect(shown(missed)).toContain("clock: 30.79 MHz, MISSES the board's 36 MHz");
});
