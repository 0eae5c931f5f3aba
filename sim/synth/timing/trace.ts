/** A path in the words of the Verilog: cell by cell, the instance and signal that it drives, its delay and its wire's. */
import type { Netlist } from "../netlist.ts";
import type { Path, TracedBox } from "./analyse.ts";
import type { End, Start, Step } from "./graph.ts";
import { item } from "../../../src/ir/known.ts";
import { below, pathOfCell, type Names } from "./names.ts";

/** A cell of a path, and the wire in front of it. */
export interface Hop {
  /** Type, such as LUT6. */
  readonly cell: string;
  /** Instance names from the top, joined by dots; "" for the top. */
  readonly instance: string;
  /** What the cell drives, of the last one what the register holds; null for logic without a name. */
  readonly signal: string | null;
  readonly wirePs: number;
  readonly logicPs: number;
}

/** A module that stands in the netlist as a cell, with its insides. */
export interface Inside {
  readonly netlist: Netlist;
  readonly names: Names;
  readonly box: TracedBox;
}

export interface Tracer {
  readonly trace: (path: Path) => readonly Hop[];
}

/** `insides`: by the type of the cell that a module is here. */
export function tracer(netlist: Netlist, names: Names, insides: ReadonlyMap<string, Inside>): Tracer {
  const within = new Map(
    [...insides].map(([type, { box, names: own, netlist: inner }]) => {
      return [type, { box, tracer: hopsOf(inner, own) }] as const;
    }),
  );
  const { endHop, startHop, stepHop } = hopsOf(netlist, names);
  const boxAt = (cell: number) => within.get(typeOf(netlist, cell));
  const prefixed = (cell: number, hops: readonly Hop[]): readonly Hop[] => {
    const path = pathOfCell(item(netlist.cells, cell).name);
    return hops.map((hop) => ({ ...hop, instance: below(path, hop.instance) }));
  };
  return {
    trace({ end, start, steps }) {
      const from = boxAt(start.cell);
      const out = from?.box.outward(start.pin);
      const first =
        from && out
          ? prefixed(start.cell, [from.tracer.startHop(out.start), ...out.steps.map(from.tracer.stepHop)])
          : [startHop(start)];
      const to = boxAt(end.cell);
      const inward = to?.box.inward(end.pin);
      const last =
        to && inward
          ? prefixed(end.cell, [...inward.steps.map(to.tracer.stepHop), to.tracer.endHop(inward.end)])
          : [endHop(end)];
      // the wire to a module's pin is in front of the first cell inside
      const [entry, ...rest] = last;
      const joined =
        entry === undefined ? [] : [{ ...entry, wirePs: entry.wirePs + (inward ? end.wirePs : 0) }];
      return [...first, ...steps.map(stepHop), ...joined, ...rest];
    },
  };
}

function hopsOf(netlist: Netlist, { instanceOf, signalOf }: Names) {
  const name = (net: number): string | null => signalOf(net) ?? null;
  return {
    startHop: ({ cell, net, ps }: Start): Hop => ({
      cell: typeOf(netlist, cell),
      instance: instanceOf(cell),
      signal: name(net),
      wirePs: 0,
      logicPs: ps,
    }),
    stepHop: ({ cell, logicPs, to, wirePs }: Step): Hop => ({
      cell: typeOf(netlist, cell),
      instance: instanceOf(cell),
      signal: name(to),
      wirePs,
      logicPs,
    }),
    endHop: ({ cell, ps, wirePs }: End): Hop => ({
      cell: typeOf(netlist, cell),
      instance: instanceOf(cell),
      signal: registerOf(netlist, cell, signalOf),
      wirePs,
      logicPs: ps,
    }),
  };
}

function typeOf({ cells }: Netlist, cell: number): string {
  const type = cells[cell]?.type;
  return type === undefined ? "" : type;
}

/** What a register's output is called; of a memory, which has many, its own name. */
function registerOf({ cells }: Netlist, index: number, signalOf: Names["signalOf"]): string | null {
  const cell = cells[index];
  if (cell === undefined) return null;
  const outputs = Object.values(cell.outputs).flat();
  const [net] = outputs;
  const signal = outputs.length === 1 && typeof net === "number" ? signalOf(net) : undefined;
  return signal ?? /(\w+)(\.\d+)*$/.exec(cell.name)?.[1] ?? null;
}
