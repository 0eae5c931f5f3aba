import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { synthesise } from "../../../sim/synth/synthesise.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";

/** An array of two equal lanes that differ in a number; beside it a counter, and a memory whose words pass a gate. */
const verilog = `
module mac (input wire clk_i, input wire signed [7:0] x_i, input wire signed [8:0] w_i, output reg signed [16:0] product_o);
  always @(posedge clk_i) product_o <= x_i * w_i;
endmodule
module lane #(parameter Lane = 0) (input wire clk_i, input wire [2:0] at_i, input wire [7:0] x_i, input wire [8:0] w_i, output wire [16:0] p_o);
  wire [16:0] product;
  mac u_mac (.clk_i(clk_i), .x_i(x_i), .w_i(w_i), .product_o(product));
  assign p_o = (at_i == Lane) ? product : 17'd0;
endmodule
module pe_array (input wire clk_i, input wire [2:0] at_i, input wire [7:0] x_i, input wire [17:0] w_i, output wire [33:0] p_o);
  genvar k;
  generate for (k = 0; k < 2; k = k + 1) begin : gen_lane
    lane #(.Lane(k)) u_lane (.clk_i(clk_i), .at_i(at_i), .x_i(x_i), .w_i(w_i[k*9+:9]), .p_o(p_o[k*17+:17]));
  end endgenerate
endmodule
module counter (input wire clk_i, input wire rst_i, output reg [2:0] count_o);
  always @(posedge clk_i) count_o <= rst_i ? 3'd0 : count_o + 3'd1;
endmodule
module memory (input wire clk_i, input wire we_i, input wire [9:0] a_i, input wire [9:0] b_i, input wire [35:0] d_i, output reg [35:0] q_o);
  reg [35:0] mem [0:1023];
  always @(posedge clk_i) begin if (we_i) mem[a_i] <= d_i; q_o <= mem[b_i]; end
endmodule
module row_select (input wire on_i, input wire [35:0] x_i, output wire [35:0] y_o);
  assign y_o = on_i ? x_i : 36'd0;
endmodule`;
const top = `
module top (input wire clk, input wire rst, input wire we, input wire [9:0] a, input wire [9:0] b, input wire [35:0] d, output wire [33:0] p);
  wire [2:0] count;
  wire [35:0] q;
  wire [35:0] y;
  counter u_sequencer (.clk_i(clk), .rst_i(rst), .count_o(count));
  genvar i;
  generate
    for (i = 0; i < 1; i = i + 1) begin : gen_buffer
      memory u_lb (.clk_i(clk), .we_i(we), .a_i(a), .b_i(b), .d_i(d), .q_o(q));
    end
  endgenerate
  row_select u_row_select (.on_i(we), .x_i(q), .y_o(y));
  pe_array u_array (.clk_i(clk), .at_i(count), .x_i(y[7:0]), .w_i(y[25:8]), .p_o(p));
endmodule`;
const design = (more = "") =>
  new Map([
    ["files.f", "rtl/parts.v\nrtl/top.v\n"],
    ["rtl/parts.v", `${verilog}\n${more}`],
    ["rtl/top.v", top],
  ]);

/** The cache of this file's tests: what another version of the product has counted must not answer for it. */
let cache = "";
beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), "firebrick-cache-"));
});
beforeEach(() => vi.stubEnv("FIREBRICK_CACHE", cache));
afterEach(() => vi.unstubAllEnvs());
afterAll(() => {
  rmSync(cache, { recursive: true, force: true });
});

it("counts what each part takes, once for lanes that are alike", async () => {
  const steps: string[] = [];
  const onProgress = (done: number, total: number, module: string) =>
    void steps.push(`${done}/${total} ${module}`);
  const { total, units } = await synthesise(design(), { family: "xc7", onProgress });
  const unit = (name: string) => units.find((each) => each.unit === name);
  expect(steps).toEqual(["0/2 top", "1/2 mac"]);
  expect(unit("multipliers")).toMatchObject({ dsp: 2, blockRam: 0 });
  expect(unit("sequencer")).toMatchObject({ ff: 3, dsp: 0 });
  expect(unit("line buffer 0")).toMatchObject({ blockRam: 2, dsp: 0 });
  // 17 bits of two lanes are let through
  expect(unit("array control")?.lut).toBe(34);
  expect(total).toMatchObject({ dsp: 2, blockRam: 2, ff: 3 });
  // comments and other modules change nothing: no part is synthesised again
  const again = await synthesise(design("// a comment\nmodule unused; endmodule"), {
    family: "xc7",
    onProgress,
  });
  expect(again.units).toEqual(units);
  expect(steps).toHaveLength(2);
});

it("gives a memory to its part where unnamed logic stands behind it", async () => {
  const { total, units } = await synthesise(design(), { family: "ecp5" });
  expect(units.find(({ unit }) => unit === "line buffer 0")).toMatchObject({ blockRam: 2 });
  expect(total).toMatchObject({ dsp: 2, blockRam: 2 });
});

const faults = [
  [
    "a width",
    "wire [3:0] wide; counter u_more (.clk_i(clk), .rst_i(rst), .count_o(wide));",
    /Resizing cell port top\.u_more\.count_o/,
  ],
  [
    "an undriven wire",
    "wire loose; assign spare = loose;",
    /top\.\\?\S*(loose|spare)\S* is used but has no driver/,
  ],
  ["two drivers", "assign spare = we; assign spare = rst;", /multiple conflicting drivers for top\./],
] as const;

it.each(faults)("says that Yosys warns of %s", async (_, fault, text) => {
  const broken = top.replace(
    "output wire [33:0] p);",
    `output wire [33:0] p, output wire spare);\n  ${fault}`,
  );
  const files = new Map([...design(), ["rtl/top.v", broken]]);
  expect((await synthesise(files, { family: "ecp5" })).warnings.join("\n")).toMatch(text);
  expect((await synthesise(design(), { family: "ecp5" })).warnings).toEqual([]);
});

it("stops when asked to, and keeps nothing half done", () =>
  inTemporaryFolder(async (folder) => {
    vi.stubEnv("FIREBRICK_CACHE", folder);
    const abort = new AbortController();
    const onProgress = () => abort.abort(new Error("stopped"));
    await expect(synthesise(design(), { family: "ice40", signal: abort.signal, onProgress })).rejects.toThrow(
      "stopped",
    );
    expect(readdirSync(folder)).toEqual([]);
  }));
