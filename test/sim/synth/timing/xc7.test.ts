/** Three routed paths that Vivado reported for 7 series of grade -1, as their authors published them, beside the model of the wires. */
import { expect, it } from "vitest";
import { xc7 } from "../../../../sim/synth/timing/xc7.ts";

interface Published {
  readonly design: string;
  /** Pins that each of its wires drives, but those without delay. */
  readonly fanouts: readonly number[];
  readonly luts: number;
  /** Of the wires and look-up tables, and of the whole path; the rest is carry chains and the register. */
  readonly wiresAndLutsNs: number;
  readonly ns: number;
}

const published: readonly Published[] = [
  // Zynq-7010, asked for 50 MHz and reached far more
  {
    design: "SHA-256, five-operand sum",
    fanouts: [7, 2, 2, 1, 3, 2, 4, 2, 1],
    luts: 9,
    wiresAndLutsNs: 9.641,
    ns: 12.663,
  },
  // Zynq-7010, asked for 71 MHz
  {
    design: "SHA-256, compression",
    fanouts: [4, 4, 62, 1, 2, 2, 3, 2, 1],
    luts: 9,
    wiresAndLutsNs: 8.818,
    ns: 11.941,
  },
  // Artix-7 with four cores of VexiiRiscv, asked for 100 MHz and missed
  { design: "VexiiRiscv, adder", fanouts: [129, 1, 2, 1, 64, 1], luts: 5, wiresAndLutsNs: 7.84, ns: 10.847 },
];

it.each(published)("$design: within 12 % of the whole path", ({ fanouts, luts, ns, wiresAndLutsNs }) => {
  const pin = { type: "LUT6", bit: 0 };
  const wire = (fanout: number): number =>
    xc7.wire({ ...pin, port: "O", fanout, registers: 0 }, { ...pin, port: "I0" });
  const lut = xc7.cell("LUT6", {})?.arcs[0]?.ps ?? NaN;
  const modelled = (fanouts.reduce((sum, fanout) => sum + wire(fanout), 0) + luts * lut) / 1000;
  expect(Math.abs((ns - wiresAndLutsNs + modelled) / ns - 1)).toBeLessThan(0.12);
});
