/** Yosys's JSON netlist of a flattened, mapped module, as far as cells and times are read from it. */
import { z } from "zod";
import { assert } from "../../src/ir/errors.ts";

const bits = z.array(z.union([z.number(), z.string()]));

const moduleSchema = z.object({
  ports: z.record(z.string(), z.object({ direction: z.string(), bits })).default({}),
  cells: z.record(
    z.string(),
    z.object({
      type: z.string(),
      parameters: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
      port_directions: z.record(z.string(), z.string()),
      connections: z.record(z.string(), bits),
    }),
  ),
  netnames: z.record(z.string(), z.object({ bits })),
});

/** Bits of a port in order, lowest first: numbers of nets, or words for constants. */
export type Bits = readonly (number | string)[];

/** What a cell is set to, as Yosys writes it: a number in binary, or text. */
export type Parameters = Readonly<Record<string, string | number>>;

export interface NetlistCell {
  readonly name: string;
  readonly type: string;
  readonly parameters: Parameters;
  readonly inputs: Readonly<Record<string, Bits>>;
  readonly outputs: Readonly<Record<string, Bits>>;
}

export interface Netlist {
  readonly inputs: Readonly<Record<string, Bits>>;
  readonly outputs: Readonly<Record<string, Bits>>;
  readonly cells: readonly NetlistCell[];
  readonly names: readonly { readonly name: string; readonly bits: Bits }[];
}

/** `text`: JSON whose flattened module is `top`. */
export function readNetlist(text: string, top = "m0"): Netlist {
  const netlist = z.object({ modules: z.object({ [top]: moduleSchema }) }).parse(JSON.parse(text));
  const found = netlist.modules[top];
  assert(found, `the netlist has module ${top}`);
  const ports = (direction: string) =>
    Object.fromEntries(
      Object.entries(found.ports).flatMap(([name, port]) =>
        port.direction === direction ? [[name, port.bits]] : [],
      ),
    );
  return {
    inputs: ports("input"),
    outputs: ports("output"),
    cells: cellsOf(found.cells).map(([name, { connections, parameters, port_directions, type }]) => {
      const ends = (direction: string) =>
        Object.fromEntries(
          Object.entries(connections).filter(([port]) => port_directions[port] === direction),
        );
      return { name, type, parameters, inputs: ends("input"), outputs: ends("output") };
    }),
    names: Object.entries(found.netnames).map(([name, net]) => ({ name, bits: net.bits })),
  };
}

/** Without those by which Yosys 0.37 and later remember where a flattened instance stood: they are no hardware. */
function cellsOf<Cell extends { readonly type: string }>(cells: Readonly<Record<string, Cell>>) {
  return Object.entries(cells).filter(([, { type }]) => type !== "$scopeinfo");
}

/** The nets among bits. */
export function netsOf(ports: Readonly<Record<string, Bits>>): readonly number[] {
  return Object.values(ports).flatMap((ends) => ends.filter((bit) => typeof bit === "number"));
}
