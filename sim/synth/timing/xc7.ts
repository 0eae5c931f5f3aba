/**
 * 7 series, speed grade -1. Cells: Yosys's models (share/yosys/xilinx/cells_sim.v), whose times are Project X-Ray's; the DSP block's
 * there are of a faster grade and here 1.37 times as long, as reports of Vivado for grade -1 have them (A to PCOUT 4.036 ns for 2.970,
 * PCIN to P 1.518 for 1.107). Wires, look-up tables and registers: routed paths that Vivado reports for grade -1, of which
 * test/sim/synth/timing/xc7.test.ts has three.
 */
import { combinational, type Arc } from "./model.ts";
import { dsp48, type DspDelays } from "./dsp48.ts";
import { xilinxModel } from "./xilinx.ts";

/** From each input to O[0..3] and CO[0..3], ps; 0 where there is no way. */
const carry: Readonly<Record<string, readonly [readonly number[], readonly number[]]>> = {
  CYINIT: [
    [482, 598, 584, 642],
    [536, 494, 592, 580],
  ],
  CI: [
    [222, 334, 239, 313],
    [271, 157, 228, 114],
  ],
  "S[0]": [
    [223, 400, 523, 582],
    [340, 433, 512, 508],
  ],
  "S[1]": [
    [0, 205, 558, 618],
    [0, 469, 548, 528],
  ],
  "S[2]": [
    [0, 0, 226, 330],
    [0, 0, 292, 378],
  ],
  "S[3]": [
    [0, 0, 0, 227],
    [0, 0, 0, 380],
  ],
  "DI[0]": [
    [0, 407, 556, 615],
    [379, 465, 540, 526],
  ],
  "DI[1]": [
    [0, 0, 537, 596],
    [0, 445, 520, 507],
  ],
  "DI[2]": [
    [0, 0, 0, 438],
    [0, 0, 356, 398],
  ],
  "DI[3]": [
    [0, 0, 0, 0],
    [0, 0, 0, 385],
  ],
};

const carry4 = combinational(
  Object.entries(carry).flatMap(([from, [sums, carries]]): readonly Arc[] => {
    const to = (port: string, times: readonly number[]) =>
      times.map((ps, bit) => ({ from, to: `${port}[${bit}]`, ps })).filter(({ ps }) => ps > 0);
    return [...to("O", sums), ...to("CO", carries)];
  }),
);

const slower = (ps: number): number => Math.round(1.37 * ps);

const dsp: DspDelays = {
  setUp: {
    own: slower(324),
    control: 400,
    adder: slower(1283),
    multiplier: slower(1416),
    preAdder: slower(984),
    result: slower(2739),
    sum: slower(1244),
    cascade: slower(1025),
  },
  launch: {
    result: slower(329),
    product: slower(1671),
    sum: slower(1687),
    operand: slower(2958),
    preAdder: slower(3935),
  },
  through: { operand: slower(2823), preAdder: slower(3806), sum: slower(1325), cascade: slower(1107) },
  cascadeOut: slower(148),
};

export const xc7 = xilinxModel({
  wire: { base: 550, perDoubling: 300, few: 1, most: 16 },
  carryWire: () => 0,
  cascadeWire: 55,
  lut: 124,
  muxData: 223,
  muxSelect: 296,
  register: { launch: 518, data: 0, enable: 205, reset: 524 },
  lutRam: { launch: 1190, shiftLaunch: 1472, data: 461, address: 362, write: 654 },
  blockRam: {
    launch: 2454,
    registeredLaunch: 882,
    address: 566,
    data: 737,
    enable: 443,
    write: 532,
    reset: 360,
  },
  carry: () => carry4,
  dsp: (parameters) => dsp48(parameters, dsp),
});
