/** Small netlists by hand: a cell a line, nets by name. */
import type { Netlist, NetlistCell, Parameters } from "../../../../sim/synth/netlist.ts";

type Connections = Readonly<Record<string, string | readonly string[]>>;

/** `type`, then inputs and outputs: a net for a port of one bit, or a net for each bit; "0" and "1" are constants. */
export interface Cell {
  readonly type: string;
  readonly parameters?: Parameters;
  readonly in: Connections;
  readonly out: Connections;
}

/** `ports`: nets that come from outside, and nets that leave. Each net is a signal of the Verilog by its name. */
export function circuit(
  cells: Readonly<Record<string, Cell>>,
  ports: { readonly in?: readonly string[]; readonly out?: readonly string[] } = {},
): Netlist {
  const nets = new Map<string, number>();
  const bit = (name: string): number | string => {
    if (name === "0" || name === "1") return name;
    const known = nets.get(name) ?? nets.size + 2;
    nets.set(name, known);
    return known;
  };
  const ends = (connections: Connections): NetlistCell["inputs"] =>
    Object.fromEntries(Object.entries(connections).map(([port, names]) => [port, [names].flat().map(bit)]));
  return {
    inputs: Object.fromEntries((ports.in ?? []).map((name) => [name, [bit(name)]])),
    outputs: Object.fromEntries((ports.out ?? []).map((name) => [name, [bit(name)]])),
    cells: Object.entries(cells).map(([name, cell]) => ({
      name,
      type: cell.type,
      parameters: cell.parameters ?? {},
      inputs: ends(cell.in),
      outputs: ends(cell.out),
    })),
    names: [...nets].map(([name, net]) => ({ name, bits: [net] })),
  };
}
