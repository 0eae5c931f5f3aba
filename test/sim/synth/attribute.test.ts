import { expect, it } from "vitest";
import { countByInstance } from "../../../sim/synth/attribute.ts";
import { readNetlist } from "../../../sim/synth/netlist.ts";

/** A look-up table, by its name, from one net to another. */
const lut = (input: number, output: number) => ({
  type: "LUT2",
  port_directions: { I0: "input", O: "output" },
  connections: { I0: [input], O: [output] },
});

function netlist(cells: object, names: Readonly<Record<string, number>>): string {
  const netnames = Object.fromEntries(Object.entries(names).map(([name, bit]) => [name, { bits: [bit] }]));
  return JSON.stringify({ modules: { m0: { cells, netnames } } });
}

it("counts what Yosys made inside an instance as the instance's, under whatever name", () => {
  const text = netlist(
    { a: lut(1, 2), b: lut(2, 3) },
    { "u_row_reader.u_splitter.$ge$n$1.genblk1.slice[0].C": 2, "u_row_reader.u_splitter.last_q": 3 },
  );
  expect(countByInstance(text, "xc7").map(({ lut: luts, path }) => [path, luts])).toEqual([
    ["u_row_reader.u_splitter", 2],
  ]);
});

it("reads no cell that only remembers where an instance stood", () => {
  const scope = { type: "$scopeinfo", port_directions: {}, connections: {} };
  expect(readNetlist(netlist({ a: lut(1, 2), scope }, {})).cells.map(({ name }) => name)).toEqual(["a"]);
});
