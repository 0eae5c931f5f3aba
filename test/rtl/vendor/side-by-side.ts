import { execFileSync } from "node:child_process";
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { verilateModule, type Dut } from "../../../sim/bench/index.ts";
import { packagePath } from "../../../src/platform/package.ts";
import { inTemporaryFolder } from "../../cli/helper.ts";

/** A twin of hw/rtl, the folders that hold parts of its name, and the cells whose simulation models they need. */
export interface Twin {
  readonly name: string;
  readonly families: readonly string[];
  /** By the file of Yosys that has the model, such as `ice40/cells_sim.v`. */
  readonly cells: readonly { readonly cell: string; readonly file: string }[];
}

/** Folder of Yosys's cell models: +/ in its scripts. */
export function yosysShare(): string {
  const yosys = execFileSync("sh", ["-c", "command -v yosys"], { encoding: "utf8" }).trim();
  return join(dirname(realpathSync(yosys)), "..", "share", "yosys");
}

/** The text of one module of Yosys's models. */
function cellModel(cell: string, file: string): string {
  const text = readFileSync(join(yosysShare(), file), "utf8");
  const found = new RegExp(`^module ${cell}\\b[\\s\\S]*?^endmodule`, "m").exec(text);
  if (!found) throw new Error(`no module ${cell} in +/${file}`);
  // Verilog-2005 has no $fatal and no values of unconnected inputs
  const model = found[0]
    .replace(/\$fatal\(1, "[^"]*"\)/g, "$stop")
    .replace(/ `ICE40_DEFAULT_ASSIGNMENT_\w+(\([^)]*\))?/g, "");
  return `${model}\n`;
}

/**
 * Verilates `bench`, Verilog text of a module `bench` that instantiates the twin under its name and the parts as
 * NAME_FAMILY, and hands it to `test` with all inputs zero.
 */
export function sideBySide(twin: Twin, bench: string, test: (dut: Dut) => void): Promise<void> {
  const { name, families, cells } = twin;
  return inTemporaryFolder(async (folder) => {
    const write = (module: string, text: string): string => {
      const path = join(folder, `${module}.v`);
      writeFileSync(path, text);
      return path;
    };
    const files = [
      write("bench", bench),
      ...families.map((family) => {
        const text = readFileSync(packagePath("hw", "rtl", family, `${name}.v`), "utf8");
        return write(`${name}_${family}`, text.replace(`module ${name} `, `module ${name}_${family} `));
      }),
      ...cells.map(({ cell, file }) => write(cell, cellModel(cell, file))),
      packagePath("hw", "rtl", `${name}.v`),
    ];
    const dut = await verilateModule({ top: "bench", files, isShort: true });
    try {
      for (const port of dut.ports.values()) if (port.direction === "input") dut.poke(port.name, 0);
      test(dut);
    } finally {
      dut.close();
    }
  });
}
