/** The whole way on a small design for each family: Yosys, the lanes' times as cells of the rest, the ends of the slowest paths. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { timeAccelerator } from "../../../../sim/synth/timing/time.ts";

/** A 20-bit counter, whose lowest bits choose an operand; two lanes multiply it, and a register keeps the greater product. */
const verilog = `
module mac (input wire clk_i, input wire signed [7:0] x_i, input wire signed [8:0] w_i, output reg signed [16:0] product_o);
  reg signed [7:0] x_q;
  always @(posedge clk_i) begin
    x_q <= x_i;
    product_o <= x_q * w_i;
  end
endmodule
module counter (input wire clk_i, input wire rst_i, output reg [19:0] count_q);
  always @(posedge clk_i) count_q <= rst_i ? 20'd0 : count_q + 20'd1;
endmodule
module pe_array (input wire clk_i, input wire [7:0] x_i, input wire [8:0] w_i, output wire [33:0] p_o);
  genvar k;
  generate for (k = 0; k < 2; k = k + 1) begin : gen_lane
    mac u_mac (.clk_i(clk_i), .x_i(x_i ^ {8{k[0]}}), .w_i(w_i), .product_o(p_o[k*17+:17]));
  end endgenerate
endmodule
module greater (input wire clk_i, input wire signed [16:0] a_i, input wire signed [16:0] b_i, output reg signed [16:0] best_q);
  always @(posedge clk_i) best_q <= (a_i > b_i) ? a_i : b_i;
endmodule
`;
const top = `
module top (input wire clk, input wire rst, input wire [8:0] w, output wire [16:0] p);
  wire [19:0] count;
  wire [33:0] products;
  counter u_sequencer (.clk_i(clk), .rst_i(rst), .count_q(count));
  pe_array u_array (.clk_i(clk), .x_i(count[7:0]), .w_i(w), .p_o(products));
  greater u_max_pool (.clk_i(clk), .a_i(products[16:0]), .b_i(products[33:17]), .best_q(p));
endmodule
`;
const files = new Map([
  ["files.f", "rtl/parts.v\nrtl/top.v\n"],
  ["rtl/parts.v", verilog],
  ["rtl/top.v", top],
]);

let cache = "";
beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), "firebrick-cache-"));
});
beforeEach(() => vi.stubEnv("FIREBRICK_CACHE", cache));
afterEach(() => vi.unstubAllEnvs());
afterAll(() => {
  rmSync(cache, { recursive: true, force: true });
});

it.each([
  ["xc7", "CARRY4", "DSP48E1"],
  ["xcup", "CARRY4", "DSP48E2"],
  ["ecp5", "CCU2C", "MULT18X18D"],
] as const)("%s: the counter's carry, the comparison of two lanes", async (family, carry, multiplier) => {
  const runs: string[] = [];
  const onProgress = (_: number, __: number, part: string) => void runs.push(part);
  const { fmaxMHz, limits, loops, paths } = await timeAccelerator(files, { family, onProgress });
  expect(runs).toEqual(["times of mac", "times of top"]);
  expect(loops).toBe(0);
  expect(limits.length).toBeGreaterThan(3);
  expect(fmaxMHz).toBeCloseTo(1000 / Math.max(...paths.map(({ ns }) => ns)), 6);

  const sequencer = paths.find(({ part }) => part === "sequencer");
  const ends = [sequencer?.steps.at(0), sequencer?.steps.at(-1)];
  for (const end of ends) {
    expect(end?.instance).toBe("u_sequencer");
    expect(end?.signal).toMatch(/^count_q\[\d+\]$/);
  }
  expect(sequencer?.steps.some(({ cell }) => cell === carry)).toBe(true);

  // out of a lane, which was mapped alone, into a register of another part
  const pool = paths.find(({ part }) => part === "max pool");
  expect(pool?.steps.at(0)?.instance).toMatch(/^u_array\.gen_lane\[[01]\]\.u_mac$/);
  expect(pool?.steps.at(-1)).toMatchObject({ instance: "u_max_pool" });
  expect(pool?.steps.at(-1)?.signal).toMatch(/^(best_q|p)\b/);
  const sum = pool?.steps.reduce((ns, { logicNs, wireNs }) => ns + logicNs + wireNs, 0);
  expect(sum).toBeCloseTo(pool?.ns ?? NaN, 9);

  // the lane's operand is registered in the fabric, or in the block itself
  const inside = paths.find(({ part }) => part === "multipliers");
  expect(inside?.steps.map(({ cell }) => cell)).toContain(multiplier);

  const again = await timeAccelerator(files, { family, onProgress });
  expect(again.paths).toEqual(paths);
  expect(runs).toHaveLength(2);
});
