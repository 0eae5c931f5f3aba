import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { inTemporaryFolder } from "../../cli/helper.ts";

/**
 * Cells that Yosys builds a module of, by type; buffers and constants are left out. Any warning is an error.
 * `flow`: its commands, such as `synth_ice40 -dsp -top NAME`.
 */
export function cellsOf(files: readonly string[], flow: string): Promise<Record<string, number>> {
  return inTemporaryFolder(async (folder) => {
    const out = join(folder, "stat.json");
    const script = `read_verilog ${files.join(" ")}; ${flow}; tee -q -o ${out} stat -json`;
    await execa("yosys", ["-q", "-e", ".*", "-p", script]);
    const text = readFileSync(out, "utf8");
    const stat = JSON.parse(text.slice(text.indexOf("{"))) as {
      design: { num_cells_by_type: Record<string, number> };
    };
    const cells = Object.entries(stat.design.num_cells_by_type);
    return Object.fromEntries(cells.filter(([type]) => !/BUF|^GND$|^VCC$/.test(type)));
  });
}
