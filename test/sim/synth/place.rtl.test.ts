/** Yosys and nextpnr-ice40 on a design of a few cells: what they write is what buildProject reads. */
import { expect, it } from "vitest";
import { buildProject } from "../../../sim/synth/project.ts";
import { boardByName } from "../../../src/boards/index.ts";

const counter = `module icebreaker (input wire clk_osc, output wire led0_n);
  reg [19:0] count_q;
  always @(posedge clk_osc) count_q <= count_q + 1'b1;
  assign led0_n = count_q[19];
endmodule
`;

it("counts a counter's cells, and finds its carry chain to be the slowest path", async () => {
  const files = new Map([
    ["board/files.f", "board/icebreaker.v\n"],
    ["board/icebreaker.v", counter],
    ["board/icebreaker.pcf", "set_io clk_osc 35\nset_io led0_n 11\n"],
  ]);
  const { placement, synthesis } = await buildProject(files, boardByName("icebreaker"), {});
  expect(synthesis.tool).toMatch(/^Yosys /);
  expect(synthesis.total).toMatchObject({ ff: 20, dsp: 0, blockRam: 0, singlePortRam: 0 });
  expect(placement.tool).toMatch(/^nextpnr-ice40 \d/);
  const { criticalPath, fmaxMHz, meetsTarget, targetMHz, utilization } = placement;
  expect(utilization[0]).toMatchObject({ cell: "ICESTORM_LC", available: 5280 });
  expect(utilization[0]!.used).toBeGreaterThanOrEqual(20);
  expect([targetMHz, meetsTarget]).toEqual([24, true]);
  expect(criticalPath.ns).toBeCloseTo(1000 / fmaxMHz, 2);
  expect(criticalPath.steps.length).toBeGreaterThan(1);
  for (const { cells, instance, logicNs, signal } of criticalPath.steps) {
    expect([instance, signal]).toEqual(["", expect.stringMatching(/^[a-z]\w*$/)]);
    expect([cells, logicNs].every((value) => value > 0)).toBe(true);
  }
});
