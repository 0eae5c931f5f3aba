/** Products on Gowin's multipliers: the mapped netlist computes what the Verilog says. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { gowinProducts } from "../../../codegen/board/gowin-products.ts";
import { packagePath } from "../../../src/platform/package.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";
import { yosysShare } from "../../rtl/vendor/side-by-side.ts";

/** As the array, the requantiser and the sequencer multiply; the last is wider than any multiplier. */
const products = `
module products (
    input wire signed [7:0] x, input wire signed [8:0] w, output wire signed [16:0] array,
    input wire signed [31:0] acc, input wire [30:0] scale, output wire signed [63:0] scaled,
    input wire [16:0] row, input wire [8:0] words, output wire [25:0] address,
    input wire signed [39:0] wide, input wire signed [19:0] narrow, output wire signed [59:0] whole,
    input wire [1:0] phase, output wire [18:0] few
);
  assign array = x * w;
  assign scaled = acc * $signed({1'b0, scale});
  assign address = row * words;
  assign whole = wide * narrow;
  assign few = row * phase;
endmodule
`;

/** Gowin UG287: without its registers a multiplier gives A * B, each signed or not. Yosys has no model of them. */
const models = [9, 18, 36]
  .map((bits) => {
    const chain =
      bits === 36
        ? ""
        : `input [${bits - 1}:0] SIA, input [${bits - 1}:0] SIB, input ASEL, input BSEL, output [${bits - 1}:0] SOA, output [${bits - 1}:0] SOB,`;
    return `module MULT${bits}X${bits} (input [${bits - 1}:0] A, input [${bits - 1}:0] B, ${chain} input ASIGN, input BSIGN, input CE, input CLK, input RESET, output [${2 * bits - 1}:0] DOUT);
  wire signed [${bits}:0] a = {ASIGN & A[${bits - 1}], A};
  wire signed [${bits}:0] b = {BSIGN & B[${bits - 1}], B};
  assign DOUT = a * b;
endmodule
`;
  })
  .join("");

const ports = ["x:8", "w:9", "acc:32", "scale:31", "row:17", "words:9", "wide:40", "narrow:20", "phase:2"];
const results = ["array:17", "scaled:64", "address:26", "whole:60", "few:19"];
const declare = (kind: string, prefix: string, list: readonly string[]): string =>
  list
    .map((port) => port.split(":"))
    .map(([name, bits]) => `${kind} [${Number(bits) - 1}:0] ${prefix}${name};`)
    .join(" ");
const connect = (prefix: string): string =>
  [...ports.map((p) => ["", p]), ...results.map((p) => [prefix, p])]
    .map(([of, port = ""]) => `.${port.split(":")[0]}(${of}${port.split(":")[0]})`)
    .join(", ");
const bench = `module bench;
  ${declare("reg", "", ports)} ${declare("wire", "want_", results)} ${declare("wire", "got_", results)}
  products u_want (${connect("want_")});
  mapped u_got (${connect("got_")});
  integer i, bad;
  initial begin
    bad = 0;
    for (i = 0; i < 500; i = i + 1) begin
      {x, w, acc, scale, row, words, wide, narrow, phase} = {$random, $random, $random, $random, $random, $random};
      if (i % 4 == 1) {x, w, acc, wide, narrow} = {8'h80, 9'h100, 32'h80000000, 40'h8000000000, 20'h80000};
      #1 if ({${results.map((r) => `want_${r.split(":")[0]}`).join(", ")}} !== {${results.map((r) => `got_${r.split(":")[0]}`).join(", ")}}) bad = bad + 1;
    end
    $display("bad %0d", bad);
  end
endmodule
`;

it("computes what the Verilog says, and puts each product onto the least multiplier that holds it", () =>
  inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, "products.v"), products);
    writeFileSync(join(folder, "models.v"), models);
    writeFileSync(join(folder, "bench.v"), bench);
    const script = [
      "read_verilog products.v",
      "hierarchy -top products",
      ...gowinProducts(`${packagePath("hw", "yosys")}/`),
      "synth_gowin -noiopads -run coarse:vout",
      "tee -q -o stat.txt stat",
      "rename products mapped",
      "write_verilog -noattr mapped.v",
    ];
    await execa("yosys", ["-q", "-e", ".*", "-p", script.join("; ")], { cwd: folder });
    const counts = readFileSync(join(folder, "stat.txt"), "utf8");
    const count = (cell: string) => Number(new RegExp(`^ *${cell} +(\\d+)$`, "m").exec(counts)?.[1] ?? 0);
    // 40 x 20 bits: one of 36 x 20, one of 4 x 20
    expect([count("MULT9X9"), count("MULT18X18"), count("MULT36X36")]).toEqual([1, 1, 2]);

    const sources = [
      "bench.v",
      "products.v",
      "models.v",
      "mapped.v",
      join(yosysShare(), "gowin", "cells_sim.v"),
    ];
    await execa("iverilog", ["-g2005", "-o", "bench", "-s", "bench", ...sources], { cwd: folder });
    const { stdout } = await execa("vvp", ["bench"], { cwd: folder });
    expect(stdout.trim()).toBe("bad 0");
  }));
