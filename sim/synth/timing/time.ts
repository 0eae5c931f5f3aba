/** The slowest paths of an accelerator, part by part. Modules that the lanes have in common are timed once, and stand in the rest with their times. */
import { unitOf } from "../../../src/resources/units.ts";
import { item, known } from "../../../src/ir/known.ts";
import type { Divided, Division } from "../parts.ts";
import { divide } from "../parts.ts";
import { findYosys, type Yosys } from "../yosys.ts";
import type { End } from "./graph.ts";
import { analyse, type Analysis, type Path } from "./analyse.ts";
import { delayModels, type TimedFamily } from "./families.ts";
import { limitsOf } from "./limits.ts";
import { mapPart } from "./mapping.ts";
import type { Netlist } from "../netlist.ts";
import { below, namesOf, pathOfCell, type Names } from "./names.ts";
import { tracer, type Hop, type Inside } from "./trace.ts";

export interface TimingOptions {
  readonly family: TimedFamily;
  readonly signal?: AbortSignal | undefined;
  /** Called before each part that no cache has. */
  readonly onProgress?: ((done: number, total: number, module: string) => void) | undefined;
}

/** A cell of a path, and the wire in front of it. */
export interface TimingStep {
  /** Type, such as LUT6. */
  readonly cell: string;
  /** A name of unitOf. */
  readonly part: string;
  /** Instance names from the top, joined by dots. */
  readonly instance: string;
  /** What the cell drives, of the last one what the register holds; null for logic without a name. */
  readonly signal: string | null;
  readonly wireNs: number;
  readonly logicNs: number;
}

/** The slowest path that ends in a part. */
export interface PartPath {
  readonly part: string;
  readonly ns: number;
  readonly logicNs: number;
  readonly wireNs: number;
  /** Cells between the registers. */
  readonly levels: number;
  readonly steps: readonly TimingStep[];
}

export interface AcceleratorTiming {
  readonly tool: string;
  readonly family: TimedFamily;
  /** At which the slowest path takes a cycle. */
  readonly fmaxMHz: number;
  /** Of each part, the slowest first. */
  readonly paths: readonly PartPath[];
  /** Steps of loops without a register, which no path follows. */
  readonly loops: number;
  /** What the estimate does not know, a sentence each. */
  readonly limits: readonly string[];
}

/** `files`: of an accelerator. Throws MissingToolError, ToolError, or the signal's reason. */
export async function timeAccelerator(
  files: ReadonlyMap<string, string | Uint8Array>,
  options: TimingOptions,
): Promise<AcceleratorTiming> {
  const yosys = await findYosys({ signal: options.signal });
  const divided = await divide(files, yosys, options.signal);
  return timeParts(divided, yosys, options);
}

async function timeParts(
  { parts }: Divided,
  yosys: Yosys,
  options: TimingOptions,
): Promise<AcceleratorTiming> {
  const slowest = new Map<string, PartPath>();
  const insides = new Map<string, Inside>();
  let loops = 0;
  // those that others contain come behind them in the list
  for (const [done, part] of [...parts].reverse().entries()) {
    const onRun = () => options.onProgress?.(done, parts.length, `times of ${part.source}`);
    const netlist = await mapPart(part, options.family, yosys, { onRun, signal: options.signal });
    const within = insidesOf(part, insides);
    const boxes = new Map([...within].map(([type, { box }]) => [type, box]));
    const analysis = analyse(netlist, delayModels[options.family], boxes);
    loops += analysis.loops.length;
    const names = namesOf(netlist);
    const { trace } = tracer(netlist, names, within);
    const instanceOf = endInstances(netlist, names, within);
    for (const { instance, path } of slowestByInstance(analysis, instanceOf))
      for (const place of part.paths) {
        const unit = unitOf(below(place, instance));
        const so = slowest.get(unit);
        if (so === undefined || so.ns < path.ps / 1000) slowest.set(unit, partPath(unit, place, trace(path)));
      }
    if (done < parts.length - 1)
      insides.set(known(part.modules[0], "a part's module"), { netlist, names, box: analysis.box() });
  }
  const paths = [...slowest.values()].sort((a, b) => b.ns - a.ns || (a.part < b.part ? -1 : 1));
  const [first] = paths;
  return {
    tool: yosys.version,
    family: options.family,
    fmaxMHz: first === undefined ? Infinity : 1000 / first.ns,
    paths,
    loops,
    limits: limitsOf(options.family),
  };
}

/** `place`: of the module that the hops are in. */
function partPath(part: string, place: string, hops: readonly Hop[]): PartPath {
  const steps = hops.map(({ cell, instance, logicPs, signal, wirePs }): TimingStep => {
    const path = below(place, instance);
    return {
      cell,
      part: unitOf(path),
      instance: path,
      signal,
      wireNs: wirePs / 1000,
      logicNs: logicPs / 1000,
    };
  });
  const logicNs = steps.reduce((sum, step) => sum + step.logicNs, 0);
  const wireNs = steps.reduce((sum, step) => sum + step.wireNs, 0);
  return { part, ns: logicNs + wireNs, logicNs, wireNs, levels: steps.length - 2, steps };
}

/** By the type of cell that each is in the part's netlist. */
function insidesOf(part: Division, insides: ReadonlyMap<string, Inside>): ReadonlyMap<string, Inside> {
  return new Map(
    part.modules.flatMap((module, index) => {
      const inside = insides.get(module);
      return inside === undefined ? [] : [[`m${index}`, inside] as const];
    }),
  );
}

/** The instance of the register at a path's end, also where it lies in a module that the netlist holds as a cell. */
function endInstances(
  { cells }: Netlist,
  names: Names,
  within: ReadonlyMap<string, Inside>,
): (end: End) => string {
  return ({ cell, pin }) => {
    const { name, type } = item(cells, cell);
    const inside = within.get(type);
    const inner = inside?.box.inward(pin)?.end.cell;
    if (inside === undefined || inner === undefined) return names.instanceOf(cell);
    return below(pathOfCell(name), inside.names.instanceOf(inner));
  };
}

function slowestByInstance(
  { graph, paths }: Analysis,
  instanceOf: (end: End) => string,
): readonly { readonly instance: string; readonly path: Path }[] {
  const slowest = new Map<string, Path>();
  for (const end of graph.ends) {
    const path = paths(end);
    if (path === null) continue;
    const instance = instanceOf(end);
    const so = slowest.get(instance);
    if (so === undefined || so.ps < path.ps) slowest.set(instance, path);
  }
  return [...slowest].map(([instance, path]) => ({ instance, path }));
}
