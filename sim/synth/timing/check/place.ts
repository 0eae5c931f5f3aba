/** Designs through Yosys and nextpnr-ice40, kept by the content of what the tools read. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { modulesOf } from "../../../../codegen/modules.ts";
import { item, known } from "../../../../src/ir/known.ts";
import { contentHash } from "../../../../src/platform/content-hash.ts";
import { cached, keepOnly } from "../../../tools/cache.ts";
import { runTool } from "../../../tools/run-tool.ts";
import { readNetlist, type Netlist } from "../../netlist.ts";
import { nextpnr, nextpnrVersion } from "../../nextpnr.ts";
import { parseNextpnrReport } from "../../nextpnr-report.ts";
import { findYosys } from "../../yosys.ts";
import type { Ice40Device } from "../ice40.ts";
import type { CheckedModule } from "./designs.ts";
import { harnessOf, instanceOf, type Ports } from "./harness.ts";

export interface Placed {
  readonly netlist: Netlist;
  /** The slowest path from register to register by nextpnr, ns: the middle one of several placements. */
  readonly ns: number;
  /** Logic cells of the device. */
  readonly cells: number;
}

const packages: Readonly<Record<Ice40Device, string>> = { hx8k: "ct256", up5k: "sg48" };
/** MHz that nextpnr aims at. */
const aims: Readonly<Record<Ice40Device, number>> = { hx8k: 100, up5k: 40 };

/** Of placements: nextpnr begins at random, and the clock differs by up to a fifth from one to the next. */
const seeds = ["1", "2", "3"] as const;
const reportOf = (seed: string): string => `report-${seed}.json`;

/** Throws MissingToolError, or ToolError. */
export async function placeModule({ device, module, parameters }: CheckedModule): Promise<Placed> {
  const yosys = await findYosys();
  const version = await nextpnrVersion();
  const instance = instanceOf(module, parameters);
  const modules = modulesOf(instance)
    .map(({ text }) => text)
    .join("\n");
  const place = [
    ...[`--${device}`, "--package", packages[device], "--freq", String(aims[device])],
    ...["--pcf-allow-unconstrained", "--timing-allow-fail", "--quiet"],
  ];
  const key = contentHash([
    yosys.version,
    version,
    instance,
    modules,
    ...place,
    "harness of shift registers",
  ]);
  const folder = await cached("checked", key, async (partial) => {
    await writeFile(join(partial, "modules.v"), `${modules}\n${instance}`);
    await yosys.run(
      "read_verilog -noautowire modules.v; hierarchy -top harness; proc; write_json ports.json",
      partial,
    );
    const ports = portsOf(await readFile(join(partial, "ports.json"), "utf8"));
    await writeFile(join(partial, "design.v"), `${modules}\n${harnessOf(module, parameters, ports)}`);
    const map = "read_verilog -noautowire design.v; synth_ice40 -top harness; delete t:*scopeinfo";
    await yosys.run(`${map}; write_json netlist.json`, partial);
    for (const seed of seeds) {
      const run = ["--seed", seed, "--json", "netlist.json", "--report", reportOf(seed)];
      await runTool(nextpnr, [...place, ...run], { cwd: partial, owner: partial });
    }
    await keepOnly(partial, ["netlist.json", ...seeds.map(reportOf)]);
  });
  const reports = seeds.map((seed) => join(folder, reportOf(seed)));
  return readPlaced(join(folder, "netlist.json"), reports, "harness");
}

/** `reports`: of placements of the netlist; `top`: its module. */
export async function readPlaced(netlist: string, reports: readonly string[], top: string): Promise<Placed> {
  const placements = await Promise.all(
    reports.map(async (report) => parseNextpnrReport(await readFile(report, "utf8"))),
  );
  const ordered = placements.sort((a, b) => a.criticalPath.ns - b.criticalPath.ns);
  const { criticalPath, utilization } = item(ordered, Math.floor(ordered.length / 2));
  const cells = utilization.find(({ cell }) => cell === "ICESTORM_LC");
  return {
    netlist: readNetlist(await readFile(netlist, "utf8"), top),
    ns: criticalPath.ns,
    cells: known(cells, "nextpnr counts logic cells").used,
  };
}

const elaborated = z.object({
  modules: z.record(
    z.string(),
    z.object({
      ports: z.record(z.string(), z.object({ direction: z.string(), bits: z.array(z.unknown()) })),
      cells: z.record(z.string(), z.object({ type: z.string() })),
    }),
  ),
});

/** Of the module that the harness holds. `text`: JSON of the elaborated design. */
function portsOf(text: string): Ports {
  const { modules } = elaborated.parse(JSON.parse(text));
  const type = modules["harness"]?.cells["u_module"]?.type ?? "";
  const ports = Object.entries(modules[type]?.ports ?? {});
  const of = (direction: string) =>
    ports.flatMap(([name, port]) => (port.direction === direction ? [{ name, bits: port.bits.length }] : []));
  return { inputs: of("input"), outputs: of("output") };
}
