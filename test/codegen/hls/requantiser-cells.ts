import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { compileKernels } from "../../../codegen/hls/compile.ts";
import { packagePath } from "../../../src/platform/package.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";
import { yosys } from "../../support/yosys.ts";

/** Tables, registers, carry cells and multipliers that Yosys makes of a module. */
export const families = {
  ice40: { synthesis: "synth_ice40 -dsp", cell: /^\s*SB_(?:LUT4|DFF\w*|CARRY|MAC16)\s+(\d+)$/gm },
  xc7: {
    synthesis: "synth_xilinx -flatten -noiopad -noclkbuf",
    cell: /^\s*(?:LUT\d|FD\w+|CARRY4|MUXF[78]|SRL16E|DSP48E1)\s+(\d+)$/gm,
  },
} as const;

async function cells(
  files: readonly string[],
  synthesis: string,
  cell: RegExp,
  top: string,
): Promise<number> {
  const script = (verilog: string) => `read_verilog ${verilog}; ${synthesis} -top ${top}; stat`;
  const said = await yosys(files, script, { strict: false });
  const statistics = said.slice(said.lastIndexOf("Number of cells"));
  const counts = [...statistics.matchAll(cell)].map(([, count]) => Number(count));
  expect(counts.length).toBeGreaterThanOrEqual(4);
  return counts.reduce((a, b) => a + b);
}

/** The module that was written by hand before the kernel took its place; its parameter tells whether it has a float mode. */
const yardstick = [
  packagePath("hw", "rtl", "shift_fields.v"),
  packagePath("test", "rtl", "yardstick", "requantizer.v"),
];

/** `name`: of the kernel; the one by hand has a float mode or not. */
export function expectFewCells(
  family: keyof typeof families,
  name: "requantise" | "requantiseFloat32",
): Promise<void> {
  const { cell, synthesis } = families[family];
  const float32 = name === "requantiseFloat32" ? 1 : 0;
  return inTemporaryFolder(async (folder) => {
    const kernels = compileKernels(packagePath("hw", "kernels", "requantise.ts"), {
      maxDepth: 8,
      ports: "plain",
    });
    const { names, report, verilog } = kernels.find(({ kernel }) => kernel.name === name)!;
    // As many stages as the one by hand, so that registers compare.
    expect(report.latency).toBe(7);
    const file = join(folder, `${names.top}.v`);
    writeFileSync(file, verilog);
    const ours = await cells([file], synthesis, cell, names.top);
    const byHand = await cells(
      yardstick,
      `chparam -set Float32 ${float32} requantizer; ${synthesis}`,
      cell,
      "requantizer",
    );
    expect(ours / byHand).toBeLessThanOrEqual(1.1);
    expect(ours).toBeGreaterThan(300);
  });
}
