/**
 * Synthesises an accelerator: Yosys elaborates the whole; then what its lanes have in common is mapped once, and everything
 * else flattened together. Counts are kept by the content of the elaborated Verilog: a second call is instant.
 */
import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { GOWIN_LIBRARY, gowinProducts } from "../../codegen/board/gowin-products.ts";
import { packagePath } from "../../src/platform/package.ts";
import { addResources, noResources, type Family, type Resources } from "../../src/resources/family.ts";
import { unitOf } from "../../src/resources/units.ts";
import { contentHash } from "../../src/platform/content-hash.ts";
import { assert } from "../../src/ir/errors.ts";
import { cached, keepOnly } from "../tools/cache.ts";
import { inTemporaryFolder } from "../tools/temporary-folder.ts";
import { countByInstance, type InstanceResources } from "./attribute.ts";
import { parseDesign, partOf, type Design, type Module, type Part } from "./rtlil.ts";
import { findYosys, type Yosys } from "./yosys.ts";

export interface SynthesisOptions {
  readonly family: Family;
  readonly signal?: AbortSignal;
  /** Called before each part that no cache has. */
  readonly onProgress?: (done: number, total: number, module: string) => void;
}

/** What a part of the accelerator takes, by its name in unitOf. */
export interface UnitResources extends Resources {
  readonly unit: string;
}

export interface Synthesis {
  readonly tool: string;
  readonly family: Family;
  /** Most look-up tables first. */
  readonly units: readonly UnitResources[];
  readonly total: Resources;
  /** What Yosys warned of, with the modules' names in the Verilog. */
  readonly warnings: readonly string[];
}

/** The mapping of each family, as docs/boards.md gives it; `m0` is the part's module. */
const mappings: Readonly<Record<Family, string>> = {
  xc7: "synth_xilinx -flatten -noiopad -noclkbuf -family xc7 -top m0 -run begin:check",
  xcup: "synth_xilinx -flatten -noiopad -noclkbuf -family xcup -top m0 -run begin:check",
  ecp5: "synth_ecp5 -top m0 -run begin:check",
  ice40: "synth_ice40 -dsp -top m0 -run begin:check",
  gowin: ["hierarchy -top m0", ...gowinProducts(""), "synth_gowin -noiopads -run coarse:vout"].join("; "),
};

/**
 * `files`: of an accelerator. Throws MissingToolError, ToolError, or the signal's reason.
 */
export async function synthesise(
  files: ReadonlyMap<string, string | Uint8Array>,
  options: SynthesisOptions,
): Promise<Synthesis> {
  // Debian's takes half as many look-up tables more for Gowin: it maps without abc9
  const yosys = await findYosys({ signal: options.signal, preferPackage: options.family === "gowin" });
  const { design, warnings: first } = await elaborate(files, yosys, options.signal);
  const warnings = new Set(first);
  const top = [...design.values()].find(({ source }) => source === "top");
  assert(top, "the design has a top");
  const lanes = laneParts(instancesOf(design, top));
  const isApart = ({ name }: Module): boolean => lanes.has(name);
  const units = new Map<string, Resources>();
  const add = (unit: string, resources: Resources) =>
    units.set(unit, addResources(units.get(unit) ?? noResources, resources));
  let done = 0;
  for (const type of [top.name, ...lanes.keys()]) {
    const source = design.get(type)?.source ?? "";
    const show = () => options.onProgress?.(done, lanes.size + 1, source);
    const part = partOf(design, type, isApart);
    const { counts, warnings: more } = await synthesisePart(part, yosys, options, show);
    for (const warning of more) warnings.add(named(warning, part));
    done++;
    if (type === top.name) for (const count of counts) add(unitOf(count.path), count);
    const whole = counts.reduce((sum, count) => addResources(sum, count), noResources);
    for (const path of lanes.get(type) ?? []) add(unitOf(path), whole);
  }
  return synthesisOf(yosys.version, options.family, units, [...warnings]);
}

/** Parts in order, and their sum. */
export function synthesisOf(
  tool: string,
  family: Family,
  parts: ReadonlyMap<string, Resources>,
  warnings: readonly string[],
): Synthesis {
  const units = [...parts]
    .map(([unit, resources]) => ({ unit, ...resources }))
    .sort((a, b) => b.lut - a.lut || (a.unit < b.unit ? -1 : 1));
  return {
    tool,
    family,
    units,
    total: units.reduce((sum, unit) => addResources(sum, unit), noResources),
    warnings,
  };
}

/** A warning about m3 as one about the module of the Verilog. */
const named = (warning: string, { sources }: Part): string =>
  warning.replace(/\bm(\d+)\b/g, (name, index: string) => sources[Number(index)] ?? name);

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

interface PartCounts {
  readonly counts: readonly InstanceResources[];
  readonly warnings: readonly string[];
}

async function synthesisePart(
  { empty, text }: Part,
  yosys: Yosys,
  { family, signal }: SynthesisOptions,
  show: () => void,
): Promise<PartCounts> {
  const script = [
    "read_rtlil part.il",
    ...(empty.length > 0 ? [`blackbox ${empty.join(" ")}`] : []),
    mappings[family],
    // the library's models hold processes, which no netlist can
    "blackbox =A:whitebox",
    "write_json netlist.json",
  ].join("; ");
  const library = family === "gowin" ? await gowinLibrary() : [];
  const key = contentHash([
    yosys.version,
    script,
    text,
    ...library.flat(),
    "by instance, with warnings and single-port RAM",
  ]);
  const folder = await cached(
    "synthesis",
    key,
    async (partial) => {
      show();
      await writeFile(join(partial, "part.il"), text);
      for (const [name, content] of library) await writeFile(join(partial, name), content);
      const warnings = await yosys.run(script, partial, signal);
      const counts = countByInstance(await readFile(join(partial, "netlist.json"), "utf8"), family);
      await writeFile(join(partial, "counts.json"), JSON.stringify({ counts, warnings }));
      await keepOnly(partial, ["counts.json"]);
    },
    signal,
  );
  return JSON.parse(await readFile(join(folder, "counts.json"), "utf8")) as PartCounts;
}

/** Name and text of what the mapping of Gowin's products reads. */
async function gowinLibrary(): Promise<readonly (readonly [string, string])[]> {
  return Promise.all(
    GOWIN_LIBRARY.map(
      async (name) => [name, await readFile(packagePath("hw", "yosys", name), "utf8")] as const,
    ),
  );
}
