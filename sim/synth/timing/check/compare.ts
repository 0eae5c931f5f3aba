/** The analysis beside nextpnr: the slowest path of a design by both. */
import { analyse } from "../analyse.ts";
import { ice40, logicCells, type Ice40Device } from "../ice40.ts";
import type { Placed } from "./place.ts";

export interface Compared {
  /** By nextpnr, and by the analysis. */
  readonly ns: number;
  readonly estimatedNs: number;
  /** What the estimate is off, of nextpnr's. */
  readonly error: number;
}

export function compare({ netlist, ns }: Placed, device: Ice40Device): Compared {
  const { graph, paths } = analyse(netlist, ice40(device, logicCells(netlist)));
  const longest = Math.max(...graph.ends.flatMap((end) => paths(end)?.ps ?? []));
  const estimatedNs = longest / 1000;
  return { ns, estimatedNs, error: estimatedNs / ns - 1 };
}
