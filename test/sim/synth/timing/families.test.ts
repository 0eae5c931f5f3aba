/** Hand-computed paths through each family's cells. */
import { expect, it } from "vitest";
import { analyse } from "../../../../sim/synth/timing/analyse.ts";
import { ecp5 } from "../../../../sim/synth/timing/ecp5.ts";
import { ice40 } from "../../../../sim/synth/timing/ice40.ts";
import type { DelayModel } from "../../../../sim/synth/timing/model.ts";
import { xc7 } from "../../../../sim/synth/timing/xc7.ts";
import { xcup } from "../../../../sim/synth/timing/xcup.ts";
import { circuit, type Cell } from "./circuit.ts";

/** The longest path from register to register, ps. */
function longest(cells: Readonly<Record<string, Cell>>, model: DelayModel): number {
  const { graph, paths } = analyse(circuit(cells), model);
  return Math.round(Math.max(...graph.ends.flatMap((end) => paths(end)?.ps ?? [])));
}

const fd = (d: string, q: string): Cell => ({
  type: "FDRE",
  in: { C: "clk", D: d, CE: "1", R: "0" },
  out: { Q: q },
});
const lut = (a: string, b: string, o: string): Cell => ({
  type: "LUT2",
  in: { I0: a, I1: b },
  out: { O: o },
});

it.each([
  // launch, wire to one pin, look-up table, beside its register
  [xc7, 518 + 550 + 124],
  [xcup, 97 + 200 + 100],
])("a look-up table between two registers of Xilinx", (model, ps) => {
  expect(longest({ r0: fd("x", "a"), l: lut("a", "1", "b"), r1: fd("b", "q") }, model)).toBe(ps);
});

it("a carry chain over two slices of 7 series: its own wires take no time", () => {
  const carry = (ci: string, s: string, o: string, co: string): Cell => ({
    type: "CARRY4",
    in: { CI: ci, CYINIT: "0", DI: ["1", "1", "1", "1"], S: [s, "0", "0", "0"] },
    out: { O: [o, `${o}1`, `${o}2`, `${o}3`], CO: [`${co}0`, `${co}1`, `${co}2`, co] },
  });
  const cells = {
    r0: fd("x", "a"),
    l: lut("a", "1", "s"),
    c0: carry("0", "s", "o", "co"),
    c1: carry("co", "0", "p", "cp"),
    r1: fd("p3", "q"),
  };
  // S[0] to CO[3], CI to O[3]
  expect(longest(cells, xc7)).toBe(518 + 550 + 124 + 508 + 313);
});

it("a DSP block of 7 series by its registers", () => {
  const dsp = (parameters: Readonly<Record<string, number>>): Readonly<Record<string, Cell>> => ({
    r0: fd("x", "a"),
    d: { type: "DSP48E1", parameters, in: { CLK: "clk", A: "a" }, out: { P: "p" } },
    r1: fd("p", "q"),
  });
  const none = { AREG: 0, BREG: 0, CREG: 0, MREG: 0, PREG: 0 };
  // 1.37 times 2823 from A to P; wires in front and behind
  expect(longest(dsp(none), xc7)).toBe(518 + 550 + 3868 + 550);
  // to the product's register 1416, from it to P 1671
  expect(longest(dsp({ ...none, MREG: 1 }), xc7)).toBe(Math.max(518 + 550 + 1940, 2289 + 550));
  expect(longest(dsp({ ...none, AREG: 1, MREG: 1, PREG: 1 }), xc7)).toBe(518 + 550 + 444);
});

it("a block RAM of 7 series with and without its output register", () => {
  const memory = (register: number): Readonly<Record<string, Cell>> => ({
    m: { type: "RAMB18E1", parameters: { DOA_REG: register }, in: { CLKARDCLK: "clk" }, out: { DOADO: "d" } },
    r: fd("d", "q"),
  });
  expect(longest(memory(0), xc7)).toBe(2454 + 550);
  expect(longest(memory(1), xc7)).toBe(882 + 550);
});

it("ECP5: look-up tables that a slice's multiplexers join, a carry chain, a product", () => {
  const ff = (d: string, q: string): Cell => ({
    type: "TRELLIS_FF",
    in: { CLK: "clk", DI: d },
    out: { Q: q },
  });
  const lut4 = (a: string, z: string): Cell => ({
    type: "LUT4",
    in: { A: a, B: "0", C: "0", D: "0" },
    out: { Z: z },
  });
  const five = {
    r0: ff("x", "a"),
    l0: lut4("a", "s"),
    l1: lut4("1", "t"),
    m: { type: "PFUMX", in: { ALUT: "s", BLUT: "t", C0: "0" }, out: { Z: "z" } },
    r1: ff("z", "q"),
  };
  expect(longest(five, ecp5)).toBe(525 + 800 + 236 + 165);
  const ccu = (a: string, cin: string, s: string, cout: string): Cell => ({
    type: "CCU2C",
    in: { A0: a, B0: "0", C0: "1", D0: "1", A1: "0", B1: "0", C1: "1", D1: "1", CIN: cin },
    out: { S0: s, S1: `${s}1`, COUT: cout },
  });
  const sum = {
    r0: ff("x", "a"),
    c0: ccu("a", "0", "s", "c"),
    c1: ccu("0", "c", "t", "d"),
    r1: ff("t1", "q"),
  };
  expect(longest(sum, ecp5)).toBe(525 + 800 + 447 + 474);
  const product = {
    r0: ff("x", "a"),
    m: { type: "MULT18X18D", in: { A0: "a" }, out: { P0: "p" } },
    r1: ff("p", "q"),
  };
  expect(longest(product, ecp5)).toBe(525 + 800 + 3931 + 800);
});

it("iCE40: a register and its look-up table are one cell, a lone register goes through an empty one", () => {
  const ff = (d: string, q: string): Cell => ({ type: "SB_DFF", in: { C: "clk", D: d }, out: { Q: q } });
  const lut4 = (a: string, o: string): Cell => ({
    type: "SB_LUT4",
    in: { I0: a, I1: "0", I2: "0", I3: "0" },
    out: { O: o },
  });
  const hx = ice40("hx8k", 1000);
  expect(longest({ r0: ff("x", "a"), l: lut4("a", "b"), r1: ff("b", "q") }, hx)).toBe(540 + 675 + 448 + 20);
  expect(longest({ r0: ff("x", "a"), r1: ff("a", "q") }, hx)).toBe(540 + 675 + 448 + 20);
  expect(longest({ r0: ff("x", "a"), r1: ff("a", "q") }, ice40("up5k", 1000))).toBe(1390 + 2300 + 1284 - 50);
  // sixteen times the cells, wires twice as long
  expect(longest({ r0: ff("x", "a"), r1: ff("a", "q") }, ice40("hx8k", 16_000))).toBe(540 + 1350 + 448 + 20);
});

it("refuses a cell that it has no delays of", () => {
  expect(() => longest({ r0: fd("x", "a"), l: { type: "LUT9", in: {}, out: {} } }, xc7)).toThrow(
    "no delays of cell LUT9",
  );
});
