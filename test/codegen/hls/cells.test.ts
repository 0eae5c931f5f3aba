import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { compileKernels } from "../../../codegen/hls/compile.ts";
import { packagePath } from "../../../src/ir/package-root.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";

/** Tables, registers, carry cells and multipliers that Yosys makes of a module. */
const families = [
  ["synth_ice40 -dsp", /^\s*SB_(?:LUT4|DFF\w*|CARRY|MAC16)\s+(\d+)$/gm],
  [
    "synth_xilinx -flatten -noiopad -noclkbuf",
    /^\s*(?:LUT\d|FD\w+|CARRY4|MUXF[78]|SRL16E|DSP48E1)\s+(\d+)$/gm,
  ],
] as const;

async function cells(synthesis: string, cell: RegExp, file: string, top: string): Promise<number> {
  const script = `read_verilog ${file}; ${synthesis} -top ${top}; stat`;
  const { stdout } = await execa("yosys", ["-p", script]);
  const statistics = stdout.slice(stdout.lastIndexOf("Number of cells"));
  const counts = [...statistics.matchAll(cell)].map(([, count]) => Number(count));
  expect(counts.length).toBeGreaterThanOrEqual(4);
  return counts.reduce((a, b) => a + b);
}

/** The module that was written by hand before the kernel took its place, in its fixed-point form. */
const yardstick = packagePath("test", "rtl", "yardstick", "requantizer.v");

it.each(families)(
  "the requantiser needs at most 10 % more cells than the one by hand: %s",
  (synthesis, cell) =>
    inTemporaryFolder(async (folder) => {
      const kernels = compileKernels(packagePath("hw", "kernels", "requantise.ts"), {
        maxDepth: 8,
        ports: "plain",
      });
      const { names, report, verilog } = kernels.find(({ kernel }) => kernel.name === "requantise")!;
      // As many stages as the one by hand, so that registers compare.
      expect(report.latency).toBe(5);
      const file = join(folder, `${names.top}.v`);
      writeFileSync(file, verilog);
      const ours = await cells(synthesis, cell, file, names.top);
      const byHand = await cells(synthesis, cell, yardstick, "requantizer");
      expect(ours / byHand).toBeLessThanOrEqual(1.1);
      expect(ours).toBeGreaterThan(300);
    }),
);
