/** Runs a small engine's project through Yosys and nextpnr-ice40 as its Makefile does, and reads what they say. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { constraintsFile, mapCommands, placeArguments } from "../../codegen/small/flow.ts";
import { writeFiles } from "../../codegen/write.ts";
import type { Board } from "../../src/boards/schema.ts";
import { contentHash } from "../../src/platform/content-hash.ts";
import { assert } from "../../src/ir/errors.ts";
import { addResources, familyOf, noResources, type Resources } from "../../src/resources/family.ts";
import { smallUnitOf } from "../../src/resources/units.ts";
import { cached, keepOnly } from "../tools/cache.ts";
import { runTool } from "../tools/run-tool.ts";
import { countByInstance } from "./attribute.ts";
import { nextpnr, nextpnrVersion } from "./nextpnr.ts";
import { parseNextpnrReport, type Placement } from "./nextpnr-report.ts";
import { verilogOf } from "./parts.ts";
import { synthesisOf, type Synthesis } from "./synthesise.ts";
import { findYosys, type Yosys } from "./yosys.ts";

type Files = ReadonlyMap<string, string | Uint8Array>;

export interface ProjectOptions {
  readonly signal?: AbortSignal;
  /** Called before each tool that has to run: the cache lacks its result. */
  readonly onProgress?: (done: number, total: number, tool: string) => void;
}

export interface BuiltProject {
  readonly synthesis: Synthesis;
  readonly placement: Placement & { readonly tool: string };
}

/** A project's netlist and nextpnr's report of it, as files of the cache. */
export interface PlacedProject {
  readonly yosys: string;
  readonly nextpnr: string;
  readonly netlist: string;
  readonly warnings: readonly string[];
  readonly report: string;
}

/**
 * `files`: of an accelerator of the board. Results are kept by the content of what the tools read: the network lies in the
 * flash, so that all networks have them in common. Throws MissingToolError, ToolError, or the signal's reason.
 */
export async function placedProject(
  files: Files,
  board: Board,
  options: ProjectOptions,
): Promise<PlacedProject> {
  // Both first: who lacks one shall not wait for the other.
  const yosys = await findYosys({ signal: options.signal });
  const version = await nextpnrVersion(options.signal);
  const { path, warnings } = await mapProject(files, board, yosys, options);
  const report = await placeProject(files, board, path, version, options);
  return { yosys: yosys.version, nextpnr: version, netlist: path, warnings, report };
}

/** Throws as placedProject. */
export async function buildProject(
  files: Files,
  board: Board,
  options: ProjectOptions,
): Promise<BuiltProject> {
  const placed = await placedProject(files, board, options);
  const units = resourcesByUnit(await readFile(placed.netlist, "utf8"), board);
  return {
    synthesis: synthesisOf(placed.yosys, familyOf(board), units, placed.warnings),
    placement: { tool: placed.nextpnr, ...parseNextpnrReport(await readFile(placed.report, "utf8")) },
  };
}

interface Netlist {
  readonly path: string;
  readonly warnings: readonly string[];
}

async function mapProject(
  files: Files,
  board: Board,
  yosys: Yosys,
  { onProgress, signal }: ProjectOptions,
): Promise<Netlist> {
  const sources = new Map(verilogOf(files).map((path) => [path, textOf(files, path)]));
  const script = [
    `read_verilog ${[...sources.keys()].join(" ")}`,
    ...mapCommands(board),
    "write_json netlist.json",
  ].join("; ");
  const key = contentHash([yosys.version, script, ...sources.values()]);
  const folder = await cached(
    "netlist",
    key,
    async (partial) => {
      onProgress?.(0, 2, "Yosys");
      writeFiles(sources, partial);
      const warnings = await yosys.run(script, partial, signal);
      await writeFile(join(partial, "warnings.json"), JSON.stringify(warnings));
      await keepOnly(partial, ["netlist.json", "warnings.json"]);
    },
    signal,
  );
  const warnings = await readFile(join(folder, "warnings.json"), "utf8");
  return { path: join(folder, "netlist.json"), warnings: JSON.parse(warnings) as readonly string[] };
}

function resourcesByUnit(netlist: string, board: Board): ReadonlyMap<string, Resources> {
  const units = new Map<string, Resources>();
  for (const { path, ...taken } of countByInstance(netlist, familyOf(board), board.name)) {
    const unit = smallUnitOf(path);
    units.set(unit, addResources(units.get(unit) ?? noResources, taken));
  }
  return units;
}

async function placeProject(
  files: Files,
  board: Board,
  netlist: string,
  version: string,
  { onProgress, signal }: ProjectOptions,
): Promise<string> {
  const pins = textOf(files, constraintsFile(board));
  const place = (path: string) => [...placeArguments(board, "pins.pcf"), "--json", path];
  // A clock that is missed is a result here, not a failure.
  const report = ["--timing-allow-fail", "--quiet", "--report", "report.json"];
  const key = contentHash([version, ...place(""), ...report, pins, await readFile(netlist)]);
  const folder = await cached(
    "placement",
    key,
    async (partial) => {
      onProgress?.(1, 2, "nextpnr-ice40");
      await writeFile(join(partial, "pins.pcf"), pins);
      await runTool(nextpnr, [...place(netlist), ...report], {
        cwd: partial,
        owner: partial,
        ...(signal ? { signal } : {}),
      });
      await keepOnly(partial, ["report.json"]);
    },
    signal,
  );
  return join(folder, "report.json");
}

function textOf(files: Files, path: string): string {
  const content = files.get(path);
  assert(typeof content === "string", `${path} was generated`);
  return content;
}
