/** Names of a netlist's nets and cells as the Verilog has them: the instance, and a signal of it. */
import { instancesOf } from "../attribute.ts";
import { item } from "../../../src/ir/known.ts";
import type { Netlist } from "../netlist.ts";

export interface Names {
  /** Instance names from the module's top, joined by dots; "" for the top. */
  readonly instanceOf: (cell: number) => string;
  /** What the Verilog calls the net, in its deepest instance; undefined for what has no name there. */
  readonly signalOf: (net: number) => string | undefined;
}

export function namesOf(netlist: Netlist): Names {
  const instances = instancesOf(netlist);
  const signals = signalsOf(netlist);
  return {
    // what Yosys made of an operator lies in instances of its own library
    instanceOf: (cell) => item(instances, cell).replace(/(^|\.)\$.*$/, ""),
    signalOf: (net) => signals.get(net),
  };
}

/** Inputs of instances are named as what drives them, if that has a name. */
function signalsOf({ names }: Netlist): ReadonlyMap<number, string> {
  const found = new Map<number, { readonly signal: string; readonly rank: number }>();
  for (const { bits, name } of names) {
    const path = /^(?:.*\.)?(\w+)$/.exec(name);
    const signal = path?.[1];
    if (signal === undefined || /\$|_SB_[A-Z]/.test(name)) continue;
    const rank = name.split(".").length - (name.endsWith("_i") ? 100 : 0);
    for (const [index, bit] of bits.entries()) {
      if (typeof bit !== "number") continue;
      const so = found.get(bit);
      if (so === undefined || so.rank < rank)
        found.set(bit, { signal: bits.length === 1 ? signal : `${signal}[${index}]`, rank });
    }
  }
  return new Map([...found].map(([net, { signal }]) => [net, signal]));
}

/** Instance names of a cell that is a module. */
export function pathOfCell(name: string): string {
  return name.replace(/^\$flatten/, "").replaceAll("\\", "");
}

/** An instance inside another; "" is none. */
export function below(outer: string, inner: string): string {
  return [outer, inner].filter((path) => path !== "").join(".");
}
