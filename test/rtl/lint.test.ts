import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { kernelFolder } from "../../codegen/kernels.ts";
import { badIdentifiers } from "../../hw/lint/identifiers.ts";
import { lint, lintTools } from "../../hw/lint/lint.ts";
import { dependencies } from "../../sim/bench/sources.ts";
import { packagePath } from "../../src/platform/package.ts";
import { inTemporaryFolder } from "../cli/helper.ts";

const libraries = [packagePath("hw", "rtl"), kernelFolder()];
const files = libraries
  .flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))
  .filter((name) => name.endsWith(".v"));
const modules = files.map((file) => [basename(file, ".v"), file] as const);

/** Sizes that networks need, and where a module could complain that the defaults hide. */
const sizes: readonly (readonly [module: string, parameters: Readonly<Record<string, number>>])[] = [
  // a line-buffer word address of more bits than a byte position in a row has
  ["patch_packer", { AddrW: 14 }],
  // units that the defaults leave out
  ["operand_path", { Packer: 1, Phases: 3 }],
  ["operand_path", { Columns: 2, Lb0Pair: 100 }],
  ["window_shifter", { Columns: 2 }],
  ["step_walker", { Columns: 2 }],
  ["accelerator", { Lb0Pair: 512, Lb1Pair: 100 }],
  ["mac_lane", { SerialMax: 1 }],
  ["mac_lane", { Lanes: 2, Beside: 1, Pc: 16 }],
  ["pe_array", { Pc: 16, Paired: 3, WeightPartW: 3 }],
  ["requantizer", { SumW: 25, LeftShifts: 0, Averages: 0 }],
  ["requantizer", { SumW: 25, Float32: 1 }],
  ["lane", { Lanes: 2, SumW: 25, NarrowWeights: 1 }],
  ["lane", { Lanes: 2, SharedScale: 1 }],
  ["pe_array", { Paired: 2 }],
  ["pe_array", { PatchWords: 64, WeightPartW: 3 }],
  ["strip_walker", { Sparse: 1 }],
  ["accelerator", { PatchWords: 64, CodeBits: 6 }],
  ["step_walker", { Paired: 2 }],
  ["step_walker", { SerialMax: 1, EdgeRecords: 1 }],
  ["read_path", { Residual: 0, ChipDepth: 256 }],
  ["read_path", { WeightsYield: 1 }],
  ["map_reads", { Residual: 0 }],
  ["map_reads", { ChipDepth: 0 }],
  ["weight_decoder", { BusBytes: 8, Pk: 4, Pc: 32, CodeBits: 6 }],
  ["weight_expander", { BusBytes: 8, MapUnits: 8, MapBeats: 2 }],
  ["weight_loader", { Tables: 1, KeptWords: 300, KeptGroups: 20 }],
  ["weight_loader", { Tables: 1, PatchWords: 64 }],
  ["array_path", { Tables: 1, TokenW: 134 }],
  ["residual_add", { Operations: 1 }],
  ["result_path", { ResidualDepth: 512, ResidualOperations: 1, PoolGroups: 16, PoolDepth: 512 }],
  [
    "accelerator",
    {
      Packer: 1,
      SerialMax: 1,
      EdgeRecords: 1,
      ResidualDepth: 512,
      PoolGroups: 16,
      PoolDepth: 512,
      Phases: 3,
      Tables: 1,
      TokenW: 134,
      ChipDepth: 512,
      KeptWords: 300,
      KeptGroups: 20,
    },
  ],
];

describe.each(lintTools.filter((tool) => tool !== "identifiers"))("%s", (tool) => {
  // Each with what it can reach alone: reading all the others takes longer than the check.
  it.each(modules)("finds nothing in %s", async (top, file) => {
    expect(await lint(tool, top, dependencies([file], libraries))).toBe("");
  });

  it.each(sizes)("finds nothing in %s with %o", (top, parameters) =>
    inTemporaryFolder(async (root) => {
      const file = files.find((name) => basename(name) === `${top}.v`)!;
      let text = readFileSync(file, "utf8");
      for (const [parameter, value] of Object.entries(parameters)) {
        const other = text.replace(new RegExp(`(parameter ${parameter} += )\\d+`), `$1${value}`);
        expect(other).not.toBe(text);
        text = other;
      }
      writeFileSync(join(root, `${top}.v`), text);
      const rest = files.filter((name) => name !== file);
      expect(await lint(tool, top, [join(root, `${top}.v`), ...rest])).toBe("");
    }),
  );

  it("finds a port of the wrong width and a missing module", () =>
    inTemporaryFolder(async (root) => {
      const narrow =
        "module narrow (input wire [3:0] a_i, output wire [3:0] b_o);\n  assign b_o = a_i;\nendmodule\n";
      const top = (body: string) =>
        `module top (input wire [7:0] a_i, output wire [3:0] b_o);\n${body}endmodule\n`;
      const wrong = join(root, "top.v");
      const other = join(root, "narrow.v");
      writeFileSync(other, narrow);
      writeFileSync(wrong, top("  narrow u_narrow (.a_i(a_i), .b_o(b_o));\n"));
      expect(await lint(tool, "top", [wrong, other])).not.toBe("");
      writeFileSync(wrong, top("  absent u_absent (.a_i(a_i), .b_o(b_o));\n"));
      expect(await lint(tool, "top", [wrong, other])).not.toBe("");
      writeFileSync(
        wrong,
        top("  narrow u_narrow (.a_i(a_i[3:0]), .b_o(b_o));\n  wire unused = &{1'b0, a_i};\n"),
      );
      expect(await lint(tool, "top", [wrong, other])).toBe("");
    }));
});

describe("identifiers", () => {
  const hardware = packagePath("hw");
  const all = readdirSync(hardware, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".v"))
    .map((name) => join(hardware, name));

  it("of every module, those for one family of devices too, are no words of another language and no twins", async () => {
    expect(all.length).toBeGreaterThan(50);
    expect(await lint("identifiers", "", [...all, ...files])).toBe("");
  });

  it.each([
    ["wire before = 1'b0;", ["before is reserved in SystemVerilog or VHDL"]],
    ["module process (); endmodule", ["process is reserved in SystemVerilog or VHDL"]],
    ["localparam Signal = 1; // VHDL", ["Signal is reserved in SystemVerilog or VHDL"]],
    ["parameter Banks = 1; wire banks;", ["Banks and banks differ in case alone"]],
    ["// wire before\n/* program\n */ wire [7:0] a = 8'hAB; wire A_q;", []],
    ['initial $display("before", `next); SB_IO #(.PULLUP(1\'b1)) u_pin (.out(pin));', []],
  ])("%s", (verilog, complaints) => {
    expect(badIdentifiers(verilog)).toEqual(complaints);
  });
});
