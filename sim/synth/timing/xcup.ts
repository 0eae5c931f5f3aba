/**
 * UltraScale+, speed grade -1. Neither AMD nor an open database publishes cells' delays; these are of routed paths that Vivado 2021.2
 * reports for an XCZU3EG-1 (github.com/gussmith23/lakeroad-evaluation). Not among those, and taken from 7 series by the ratio of the
 * others: multiplexers, distributed memory, the pre-adder, enables and resets. Block RAM is of a larger device; UltraRAM is taken as it.
 */
import { known } from "../../../src/ir/known.ts";
import { arcs, combinational, type CellTiming } from "./model.ts";
import { dsp48, type DspDelays } from "./dsp48.ts";
import { xilinxModel } from "./xilinx.ts";

/** A sum or carry depends on its own bit's inputs and on those below it. `last`: from the carry below to the one above. */
function chain(bits: number, last: number): CellTiming {
  const all = Array.from({ length: bits }, (_, bit) => bit);
  const upwards = (port: string, from: number) => all.slice(from).map((bit) => `${port}[${bit}]`);
  const top = `CO[${bits - 1}]`;
  return combinational([
    { from: "CI", to: top, ps: last },
    ...arcs(["CI"], upwards("CO", 0).slice(0, -1), 90),
    ...arcs(["CI"], ["O"], 146),
    ...arcs(["CYINIT", "CI_TOP"], ["O", "CO"], 238),
    ...all.flatMap((bit) => [
      ...arcs([`S[${bit}]`], [...upwards("O", bit), ...upwards("CO", bit)], 238),
      ...arcs([`DI[${bit}]`], [...upwards("O", bit + 1), ...upwards("CO", bit)], 260),
    ]),
  ]);
}

/** Yosys 0.23 makes two CARRY4 where the device has a CARRY8: its time and wire are shared between them. */
const carries: Readonly<Record<string, CellTiming>> = { CARRY4: chain(4, 12), CARRY8: chain(8, 23) };

/** An input 195, pre-adder 600, before the multiplier 92, multiplier 737, behind it 59, adder 699, output 141; a register's clock 263. */
const dsp: DspDelays = {
  setUp: {
    own: 250,
    control: 250,
    adder: 795,
    multiplier: 1083,
    preAdder: 600,
    result: 1782,
    sum: 894,
    cascade: 698,
  },
  launch: { result: 240, product: 1103, sum: 1103, operand: 1991, preAdder: 2591 },
  through: { operand: 1923, preAdder: 2523, sum: 1035, cascade: 839 },
  cascadeOut: 18,
};

export const xcup = xilinxModel({
  wire: { base: 200, perDoubling: 45, few: 1, most: 64 },
  carryWire: (type) => (type === "CARRY4" ? 14 : 28),
  cascadeWire: 42,
  lut: 100,
  muxData: 100,
  muxSelect: 120,
  register: { launch: 97, data: 0, enable: 43, reset: 75 },
  lutRam: { launch: 650, shiftLaunch: 650, data: 200, address: 160, write: 280 },
  blockRam: {
    launch: 1708,
    registeredLaunch: 400,
    address: 420,
    data: 420,
    enable: 420,
    write: 420,
    reset: 420,
  },
  carry: (type) => known(carries[type], `the delays of ${type}`),
  dsp: (parameters) => dsp48(parameters, dsp),
});
