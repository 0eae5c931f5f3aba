/** Shares the cells of a flattened netlist out among the instances that they came from, by the names of their nets. */
import { addResources, noResources, type Family, type Resources } from "../../src/resources/family.ts";
import { isWiring } from "../../src/resources/units.ts";
import { resourcesOfCell } from "./cells.ts";
import { netsOf, readNetlist, type Netlist } from "./netlist.ts";
import { assert } from "../../src/ir/errors.ts";

/** What the cells of an instance take; `path`: instance names from the top, joined by dots, "" for the top itself. */
export interface InstanceResources extends Resources {
  readonly path: string;
}

interface Cell {
  /** Of a cell that kept its name through the mapping, such as a memory's. */
  readonly path: string | undefined;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** `text`: JSON netlist whose flattened module is `top`. */
export function countByInstance(text: string, family: Family, top = "m0"): readonly InstanceResources[] {
  const netlist = readNetlist(text, top);
  const owners = instancesOf(netlist);
  const counts = new Map<string, Resources>();
  for (const [index, { type }] of netlist.cells.entries()) {
    const taken = resourcesOfCell(type, family);
    if (taken === null) continue;
    const path = owners[index] ?? "";
    counts.set(path, addResources(counts.get(path) ?? noResources, { ...noResources, ...taken }));
  }
  return [...counts].map(([path, resources]) => ({ path, ...resources }));
}

/** The instance of each cell: names from the top, joined by dots, "" for the top itself. */
export function instancesOf({ cells, names }: Netlist): readonly string[] {
  const ends = cells.map(({ inputs, name, outputs }): Cell => {
    return { path: instanceOf(name), inputs: netsOf(inputs), outputs: netsOf(outputs) };
  });
  return instancesOfCells(ends, instancesOfNets(names));
}

/**
 * Instance names of `u_array.gen_lane[0].u_lane.acc_q`, also of what Yosys made inside, whose names begin with `$`; undefined for a
 * name of no part, or one that Yosys made of a neighbour's.
 */
function instanceOf(name: string): string | undefined {
  if (/_SB_[A-Z]/.test(name)) return undefined;
  const path = /^(?:\$flatten\\)?(.*)\.[^.]+$/
    .exec(name)?.[1]
    ?.replaceAll("\\", "")
    .replace(/\.\$.*$/, "");
  return path !== undefined && /^(u_|gen_)/.test(path) && !isWiring(path) ? path : undefined;
}

/** The instance that drives each net: of a net's names the deepest that is no input of its instance. */
function instancesOfNets(
  nets: readonly { readonly name: string; readonly bits: readonly (number | string)[] }[],
): ReadonlyMap<number, string> {
  const paths = new Map<number, string>();
  const depth = (path: string): number => (path === "" ? 0 : path.split(".").length);
  for (const { bits: ends, name } of nets) {
    const path = instanceOf(name);
    if (path === undefined || name.endsWith("_i")) continue;
    for (const bit of ends) {
      if (typeof bit === "number" && depth(path) > depth(paths.get(bit) ?? "")) paths.set(bit, path);
    }
  }
  return paths;
}

/** Cells that drive a net of an instance are its own; those between belong to whom they feed. */
function instancesOfCells(cells: readonly Cell[], nets: ReadonlyMap<number, string>): readonly string[] {
  const owners = cells.map(
    ({ outputs, path }) => path ?? outputs.map((bit) => nets.get(bit)).find((unit) => unit),
  );
  const drivers = new Map(cells.flatMap(({ outputs }, index) => outputs.map((bit) => [bit, index] as const)));
  const open = owners.flatMap((owner, index) => (owner === undefined ? [] : [index]));
  for (let index = open.shift(); index !== undefined; index = open.shift()) {
    const cell = cells[index];
    assert(cell, "a cell of the netlist");
    for (const bit of cell.inputs) {
      const driver = drivers.get(bit);
      if (driver === undefined || owners[driver] !== undefined) continue;
      owners[driver] = owners[index];
      open.push(driver);
    }
  }
  return owners.map((owner) => owner ?? "");
}
