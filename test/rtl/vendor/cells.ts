import { yosys } from "../../support/yosys.ts";

/**
 * Cells that Yosys builds a module of, by type; buffers and constants are left out. Any warning is an error.
 * `flow`: its commands, such as `synth_ice40 -dsp -top NAME`.
 */
export async function cellsOf(files: readonly string[], flow: string): Promise<Record<string, number>> {
  const said = await yosys(files, (verilog) => `read_verilog ${verilog}; ${flow}; stat -json`, {
    strict: true,
  });
  const stat = JSON.parse(/^\{$[^]*?^\}$/m.exec(said)?.[0] ?? "") as {
    design: { num_cells_by_type: Record<string, number> };
  };
  const cells = Object.entries(stat.design.num_cells_by_type);
  return Object.fromEntries(cells.filter(([type]) => !/BUF|^GND$|^VCC$/.test(type)));
}
