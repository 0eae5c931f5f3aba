/** An accelerator in parts for Yosys: what its lanes have in common, each once, and everything else flattened together. */
import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { assert } from "../../src/ir/errors.ts";
import { inTemporaryFolder } from "../tools/temporary-folder.ts";
import { parseDesign, partOf, type Design, type Module, type Part } from "./rtlil.ts";
import type { Yosys } from "./yosys.ts";

/** A part, and where it stands. */
export interface Division extends Part {
  /** Name in the Verilog. */
  readonly source: string;
  /** Instance names from the top of each place; the top's is "". */
  readonly paths: readonly string[];
}

export interface Divided {
  /** The top first. */
  readonly parts: readonly Division[];
  readonly warnings: readonly string[];
}

/** `files`: of an accelerator. */
export async function divide(
  files: ReadonlyMap<string, string | Uint8Array>,
  yosys: Yosys,
  signal?: AbortSignal,
): Promise<Divided> {
  const { design, warnings } = await elaborate(files, yosys, signal);
  const top = [...design.values()].find(({ source }) => source === "top");
  assert(top, "the design has a top");
  const lanes = laneParts(instancesOf(design, top));
  const isApart = ({ name }: Module): boolean => lanes.has(name);
  const parts = [[top.name, [""]] as const, ...lanes].map(([type, paths]): Division => {
    const part = partOf(design, type, isApart);
    const [source] = part.sources;
    assert(source, "a part has a module");
    return { ...part, source, paths };
  });
  return { parts, warnings };
}

interface Instance {
  readonly path: string;
  readonly type: string;
}

/** Every instance below the top. */
function instancesOf(design: Design, top: Module): readonly Instance[] {
  const visit = (module: Module, path: string): readonly Instance[] =>
    module.cells.flatMap(({ name, type }) => {
      const child = design.get(type);
      assert(child, `the design has module ${type}`);
      const below = path === "" ? name : `${path}.${name}`;
      return [{ path: below, type }, ...visit(child, below)];
    });
  return visit(top, "");
}

/**
 * The largest modules that the lanes have in common, with the paths of their instances: registers stand at their borders, so
 * little is lost by making them once, and an array of 32 lanes takes hardly longer than one of four.
 */
function laneParts(instances: readonly Instance[]): ReadonlyMap<string, readonly string[]> {
  const byType = new Map<string, string[]>();
  for (const { path, type } of instances) byType.set(type, [...(byType.get(type) ?? []), path]);
  const common = [...byType].filter(
    ([, paths]) => paths.length > 1 && paths.every((path) => /\bgen_(lane|activation)\b/.test(path)),
  );
  const whole = common.flatMap(([, paths]) => paths);
  const inside = (path: string): boolean => whole.some((outer) => path.startsWith(`${outer}.`));
  return new Map(common.filter(([, paths]) => !paths.every(inside)));
}

/** Paths of the board's Verilog, or of any device's. */
export function verilogOf(files: ReadonlyMap<string, string | Uint8Array>): readonly string[] {
  const list = files.get("board/files.f") ?? files.get("files.f");
  assert(typeof list === "string", "the compiled files list their Verilog");
  return list.split("\n").filter((path) => path !== "");
}

/** The design with all parameters applied; nothing is optimised yet. */
async function elaborate(
  files: ReadonlyMap<string, string | Uint8Array>,
  yosys: Yosys,
  signal?: AbortSignal,
): Promise<{ readonly design: Design; readonly warnings: readonly string[] }> {
  return inTemporaryFolder(async (folder) => {
    const names: string[] = [];
    for (const path of verilogOf(files)) {
      const content = files.get(path);
      assert(content !== undefined, `${path} was generated`);
      names.push(basename(path));
      await writeFile(join(folder, basename(path)), content);
    }
    // no -check: the device's own cells become known only when it is mapped
    const script = `read_verilog -noautowire ${names.join(" ")}; hierarchy -top top; write_rtlil design.il`;
    const warnings = await yosys.run(script, folder, signal);
    return { design: parseDesign(await readFile(join(folder, "design.il"), "utf8")), warnings };
  });
}
