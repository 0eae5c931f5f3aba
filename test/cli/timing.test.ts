/** The words of `report --synth` about times. */
import { expect, it } from "vitest";
import { formatTiming } from "../../src/cli/timing.ts";
import type { AcceleratorTiming, PartPath } from "../../sim/synth/timing/time.ts";

const step = (cell: string, instance: string, signal: string | null, wireNs: number, logicNs: number) => ({
  cell,
  part: "row writer",
  instance,
  signal,
  wireNs,
  logicNs,
});
const path: PartPath = {
  part: "row writer",
  ns: 8,
  logicNs: 3,
  wireNs: 5,
  levels: 1,
  steps: [
    step("FDRE", "u_accelerator.u_row_writer", "left_q[3]", 0, 1),
    step("LUT6", "u_accelerator.u_row_writer", null, 3, 1),
    step("FDRE", "u_accelerator.u_row_writer.u_splitter", "addr_q[0]", 2, 1),
  ],
};
const timing: AcceleratorTiming = {
  tool: "Yosys 0.23",
  family: "xc7",
  fmaxMHz: 125,
  paths: [path],
  loops: 0,
  limits: ["nothing is placed"],
};

it("says by how much the clock holds, the ends of each part's slowest path, and the slowest of all step by step", () => {
  const text = formatTiming(timing, 100);
  expect(text).toContain("timing estimate for xc7, not placed: 125.0 MHz, holds 100 MHz with 25 % to spare");
  expect(text).toMatch(
    /row writer +│ 8\.00 │ 125\.0 │ +1 │ +3\.00 │ +5\.00 │ u_row_writer\.left_q\[3\] │ u_splitter\.addr_q\[0\]/,
  );
  expect(text).toMatch(/LUT6 │ +3\.00 │ +1\.00 │ +5\.00/);
  expect(text).toMatch(/addr_q\[0\] │ FDRE │ +2\.00 │ +1\.00 │ +8\.00/);
  expect(text).toContain("what this does not know: nothing is placed");
  expect(text).not.toContain("loops");
});

it("says what a clock that is missed lacks, and what was not followed", () => {
  const text = formatTiming({ ...timing, loops: 3 }, 250);
  expect(text).toContain("MISSES 250 MHz by 50 %");
  expect(text).toContain("3 steps of loops without a register are not followed");
});
