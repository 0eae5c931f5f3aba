/** Tables become block RAM and marked products multiplier blocks: kernels side by side in one design, cells by kernel. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { compileKernels } from "../../../codegen/hls/compile.ts";
import { benchTop, benchVerilog } from "../../../sim/kernel/index.ts";
import { packagePath } from "../../../src/platform/package.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";
import { yosys } from "../../support/yosys.ts";
import { written } from "./check-folder.ts";

const tables = packagePath("test", "codegen", "hls", "kernels", "tables.ts");
const kernel = (name: string, tag: string): string =>
  `/** ${tag} */\nexport function ${name}(x: Int<12>): Int<20> {\n  return int(20, x * 65n);\n}\n`;
const products =
  'import { int, type Int } from "firebrick/hls";\n' +
  kernel("plain", "Shifts and sums.") +
  kernel("blocked", "@dsp");

/** How many cells of each kind Yosys makes of the kernels `sineOf`, `modulated` (of one stage), `plain` and `blocked`. */
async function cells(
  synthesis: string,
  folder: string,
): Promise<(name: string) => Readonly<Record<string, number>>> {
  const file = join(folder, "products.ts");
  writeFileSync(file, products);
  const named = (path: string, name: string, maxDepth: number) =>
    compileKernels(path, { maxDepth }).filter((one) => one.kernel.name === name);
  const modules = written(
    [
      ...named(tables, "sineOf", 8),
      ...named(tables, "modulated", 1000),
      ...compileKernels(file, { maxDepth: 8 }),
    ],
    folder,
  );
  const top = benchTop(modules);
  const wrapper = join(folder, `${top}.v`);
  writeFileSync(wrapper, benchVerilog(modules));
  const files = [wrapper, ...modules.map((one) => one.file)];
  const script = (verilog: string) => `read_verilog ${verilog}; ${synthesis} -top ${top}; stat`;
  const said = await yosys(files, script, { strict: false });
  return (name) => {
    const [, statistics = ""] = said.slice(said.lastIndexOf("Printing statistics")).split(`=== ${name} ===`);
    const [own = ""] = statistics.split("===");
    const found = [...own.matchAll(/^ +([A-Z]\w+) +(\d+)$/gm)];
    return Object.fromEntries(found.map(([, kind, count]) => [kind!, Number(count)]));
  };
}

it.each([
  {
    synthesis: "synth_ice40 -dsp -noflatten",
    memory: { SB_RAM40_4K: 3 },
    logic: "SB_LUT4",
    multiplier: "SB_MAC16",
  },
  {
    synthesis: "synth_xilinx -noiopad -noclkbuf",
    memory: { RAMB18E1: 1 },
    logic: "LUT2",
    multiplier: "DSP48E1",
  },
])("$synthesis", ({ logic, memory, multiplier, synthesis }) =>
  inTemporaryFolder(async (folder) => {
    const of = await cells(synthesis, folder);
    // A table of 1024 entries of 12 bits is block RAM alone, beside the handshake.
    const sine = of("sineOf");
    expect(sine).toMatchObject(memory);
    expect(sine[logic]).toBeLessThanOrEqual(3);
    expect(Object.keys(sine).length).toBe(3);
    // Also where one stage could hold the tables and all around them.
    const [block = "", blocks = 0] = Object.entries(memory)[0] ?? [];
    expect(of("modulated")[block]).toBe(2 * blocks);
    // A product goes onto a multiplier block when @dsp asks for it.
    expect(of("plain")).not.toHaveProperty(multiplier);
    expect(of("blocked")).toMatchObject({ [multiplier]: 1 });
  }),
);
