/**
 * Synthesises an accelerator: Yosys elaborates the whole; then what its lanes have in common is mapped once, and everything
 * else flattened together. Counts are kept by the content of the elaborated Verilog: a second call is instant.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GOWIN_LIBRARY, gowinProducts } from "../../codegen/board/gowin-products.ts";
import { packagePath } from "../../src/platform/package.ts";
import { addResources, noResources, type Family, type Resources } from "../../src/resources/family.ts";
import { unitOf } from "../../src/resources/units.ts";
import { contentHash } from "../../src/platform/content-hash.ts";
import { cached, keepOnly } from "../tools/cache.ts";
import { countByInstance, type InstanceResources } from "./attribute.ts";
import { divide } from "./parts.ts";
import type { Part } from "./rtlil.ts";
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
  const { parts, warnings: first } = await divide(files, yosys, options.signal);
  const warnings = new Set(first);
  const units = new Map<string, Resources>();
  const add = (unit: string, resources: Resources) =>
    units.set(unit, addResources(units.get(unit) ?? noResources, resources));
  for (const [done, part] of parts.entries()) {
    const show = () => options.onProgress?.(done, parts.length, part.source);
    const { counts, warnings: more } = await synthesisePart(part, yosys, options, show);
    for (const warning of more) warnings.add(named(warning, part));
    for (const path of part.paths)
      for (const count of counts) add(unitOf(path === "" ? count.path : path), count);
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
