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
import { runTool, type ToolName } from "../tools/run-tool.ts";
import { countByInstance } from "./attribute.ts";
import { parseNextpnrReport, type Placement } from "./nextpnr-report.ts";
import { synthesisOf, verilogOf, type Synthesis } from "./synthesise.ts";
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

const nextpnr: ToolName = { command: "nextpnr-ice40", install: "sudo apt-get install nextpnr-ice40" };

/**
 * `files`: of an accelerator of the board. Results are kept by the content of what the tools read: the network lies in the
 * flash, so that all networks have them in common. Throws MissingToolError, ToolError, or the signal's reason.
 */
export async function buildProject(
  files: Files,
  board: Board,
  options: ProjectOptions,
): Promise<BuiltProject> {
  // Both first: who lacks one shall not wait for the other.
  const yosys = await findYosys({ signal: options.signal });
  const version = await nextpnrVersion(options.signal);
  const netlist = await mapProject(files, board, yosys, options);
  const units = resourcesByUnit(await readFile(netlist.path, "utf8"), board);
  const synthesis = synthesisOf(yosys.version, familyOf(board), units, netlist.warnings);
  return { synthesis, placement: await placeProject(files, board, netlist.path, version, options) };
}

async function nextpnrVersion(signal?: AbortSignal): Promise<string> {
  const { stderr, stdout } = await runTool(nextpnr, ["--version"], signal ? { signal } : {});
  return `nextpnr-ice40 ${/Version (\S+?)\)/.exec(stdout + stderr)?.[1] ?? "of unknown version"}`;
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
): Promise<BuiltProject["placement"]> {
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
  return { tool: version, ...parseNextpnrReport(await readFile(join(folder, "report.json"), "utf8")) };
}

function textOf(files: Files, path: string): string {
  const content = files.get(path);
  assert(typeof content === "string", `${path} was generated`);
  return content;
}
