/** What nextpnr wrote of a placed and routed design (--report), in the terms of the design. */
import { z } from "zod";
import { assert } from "../../src/ir/errors.ts";
import { smallUnitOf } from "../../src/resources/units.ts";

/** Cells of the device of one kind, such as ICESTORM_LC. */
export interface CellUse {
  readonly cell: string;
  readonly used: number;
  readonly available: number;
}

/** Neighbouring cells of a path that make one signal. */
export interface PathStep {
  /** Instance names from the board's top, joined by dots; "" for the top itself. */
  readonly instance: string;
  /** The instance's part of the small engine, a name of smallUnitOf. */
  readonly unit: string;
  /** A signal of the instance: what the cells drive, or for logic without a name what is nearest to it. */
  readonly signal: string;
  readonly cells: number;
  /** Nanoseconds through the cells, the first one's clock to output and the last one's set-up included. */
  readonly logicNs: number;
  /** Nanoseconds on the wires behind the cells. */
  readonly routingNs: number;
}

export interface Placement {
  readonly utilization: readonly CellUse[];
  readonly fmaxMHz: number;
  readonly targetMHz: number;
  readonly meetsTarget: boolean;
  /** The slowest way from register to register; its nanoseconds are a cycle at fmaxMHz. */
  readonly criticalPath: {
    readonly ns: number;
    readonly logicNs: number;
    readonly routingNs: number;
    readonly steps: readonly PathStep[];
  };
}

const end = z.object({ cell: z.string() });

const reportSchema = z.object({
  fmax: z.record(z.string(), z.object({ achieved: z.number(), constraint: z.number() })),
  utilization: z.record(z.string(), z.object({ used: z.number(), available: z.number() })),
  critical_paths: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      path: z.array(
        z.object({ type: z.string(), delay: z.number(), net: z.string().optional(), from: end, to: end }),
      ),
    }),
  ),
});

type Segment = z.infer<typeof reportSchema>["critical_paths"][number]["path"][number];

/** What a design can run out of; the other kinds are pins, clocks and hard blocks. */
const counted = ["ICESTORM_LC", "ICESTORM_DSP", "ICESTORM_RAM", "ICESTORM_SPRAM"] as const;

/** `text`: nextpnr-ice40's report of a design with one clock. */
export function parseNextpnrReport(text: string): Placement {
  const { critical_paths: paths, fmax, utilization } = reportSchema.parse(JSON.parse(text));
  const [clock, ...others] = Object.entries(fmax);
  assert(clock && others.length === 0, "the design has one clock");
  const [name, { achieved, constraint }] = clock;
  const path = paths.find(({ from, to }) => [from, to].every((side) => side.endsWith(` ${name}`)));
  assert(path, `the report has the critical path of ${name}`);
  const steps = stepsOf(path.path);
  const logicNs = steps.reduce((sum, step) => sum + step.logicNs, 0);
  const routingNs = steps.reduce((sum, step) => sum + step.routingNs, 0);
  return {
    utilization: counted.map((cell) => ({ cell, used: 0, available: 0, ...utilization[cell] })),
    fmaxMHz: achieved,
    targetMHz: constraint,
    meetsTarget: achieved >= constraint,
    criticalPath: { ns: logicNs + routingNs, logicNs, routingNs, steps },
  };
}

/** A cell's logic and the wire behind it are a step; those of one signal that follow one another are one. */
function stepsOf(path: readonly Segment[]): readonly PathStep[] {
  const steps: PathStep[] = [];
  let logicNs = 0;
  const add = (name: string, routingNs: number): void => {
    const last = steps.at(-1);
    const { instance, signal } = placeOf(name) ?? last ?? { instance: "", signal: "logic without a name" };
    const step = { instance, unit: smallUnitOf(instance), signal, cells: 1, logicNs, routingNs };
    if (last?.instance === instance && last.signal === signal) steps.splice(-1, 1, joined(last, step));
    else steps.push(step);
    logicNs = 0;
  };
  for (const { delay, net, type } of path) {
    if (type === "routing") add(net ?? "", delay);
    else logicNs += delay;
  }
  const last = path.at(-1);
  if (last && logicNs > 0) add(last.to.cell, 0);
  return steps;
}

function joined(a: PathStep, b: PathStep): PathStep {
  return {
    ...a,
    cells: a.cells + b.cells,
    logicNs: a.logicNs + b.logicNs,
    routingNs: a.routingNs + b.routingNs,
  };
}

/**
 * `u_system.u_engine.u_loader` and `ahead` of `u_system.u_engine.u_loader.ahead_SB_LUT4_O_I3[1]`: Yosys names what has no name
 * after a neighbour and its cell, nextpnr adds `$...` or `_RAM` to what it makes of it. Undefined for what has no other name,
 * such as a cell that feeds a carry chain.
 */
function placeOf(name: string): { readonly instance: string; readonly signal: string } | undefined {
  const instance = /^(?:(?:u_\w+|gen_\w+(?:\[\d+\])?)\.)*/.exec(name)?.[0] ?? "";
  const signal = /^\w+?(?=_SB_[A-Z]|_RAM$|\W|$)/.exec(name.slice(instance.length))?.[0];
  return signal === undefined ? undefined : { instance: instance.replace(/\.$/, ""), signal };
}
