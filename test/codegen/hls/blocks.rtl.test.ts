import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { compileKernels } from "../../../codegen/hls/compile.ts";
import { packagePath } from "../../../src/platform/package.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";

const ice40 = "synth_ice40 -dsp";
const xc7 = "synth_xilinx -flatten -noiopad -noclkbuf";

/** How many cells of each kind Yosys makes of one kernel of a file. */
async function cells(
  file: string,
  name: string,
  synthesis: string,
  folder: string,
  maxDepth = 8,
): Promise<Record<string, number>> {
  const compiled = compileKernels(file, { maxDepth }).find(({ kernel }) => kernel.name === name)!;
  const verilog = join(folder, `${name}.v`);
  writeFileSync(verilog, compiled.verilog);
  const { stdout } = await execa("yosys", ["-p", `read_verilog ${verilog}; ${synthesis} -top ${name}; stat`]);
  const statistics = stdout.slice(stdout.lastIndexOf("Number of cells"));
  const found = [...statistics.matchAll(/^ +([A-Z]\w+) +(\d+)$/gm)];
  return Object.fromEntries(found.map(([, kind, count]) => [kind!, Number(count)]));
}

it.each([
  [ice40, "SB_RAM40_4K", 3, "SB_LUT4"],
  [xc7, "RAMB18E1", 1, "LUT2"],
])("a table of 1024 entries of 12 bits is block RAM alone: %s", (synthesis, block, blocks, table) =>
  inTemporaryFolder(async (folder) => {
    const file = packagePath("test", "codegen", "hls", "kernels", "tables.ts");
    const found = await cells(file, "sineOf", synthesis, folder);
    expect(found[block]).toBe(blocks);
    // The handshake's.
    expect(found[table]).toBeLessThanOrEqual(3);
    expect(Object.keys(found).length).toBe(3);
  }),
);

it("tables are block RAM also where one stage could hold them and all around them", () =>
  inTemporaryFolder(async (folder) => {
    const file = packagePath("test", "codegen", "hls", "kernels", "tables.ts");
    expect(await cells(file, "modulated", xc7, folder, 1000)).toMatchObject({ RAMB18E1: 2 });
  }));

it.each([
  [ice40, "SB_MAC16"],
  [xc7, "DSP48E1"],
])("a product goes onto a multiplier block when @dsp asks for it: %s", (synthesis, block) =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, "kernels.ts");
    const kernel = (name: string, tag: string): string =>
      `/** ${tag} */\nexport function ${name}(x: Int<12>): Int<20> {\n  return int(20, x * 65n);\n}\n`;
    const header = 'import { int, type Int } from "firebrick/hls";\n';
    writeFileSync(file, header + kernel("plain", "Shifts and sums.") + kernel("blocked", "@dsp"));
    expect(await cells(file, "plain", synthesis, folder)).not.toHaveProperty(block);
    expect(await cells(file, "blocked", synthesis, folder)).toMatchObject({ [block]: 1 });
  }),
);
