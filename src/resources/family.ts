/** Device families that Yosys synthesises for, and what a design takes of one. */

import { InputError } from "../ir/errors.ts";

/** Vendors of the boards' devices, as board files name them. */
export const vendors = ["xilinx", "lattice-ice40", "lattice-ecp5", "gowin"] as const;
export type Vendor = (typeof vendors)[number];

/** `xc7`: 7 series; `xcup`: UltraScale+. */
export type Family = "xc7" | "xcup" | "ecp5" | "ice40" | "gowin";

/** Whether its look-up tables have six inputs and its block RAM and DSP blocks are Xilinx's. */
export const isXilinx = (family: Family): boolean => family === "xc7" || family === "xcup";

export interface Resources {
  /** Look-up tables, those that serve as memory or shift register included. */
  readonly lut: number;
  /** Of `lut`: memory and shift registers. */
  readonly lutRam: number;
  readonly ff: number;
  readonly dsp: number;
  /** Blocks as the board files count them: 18 kbit on Xilinx (a 36-kbit block is two), ECP5 and Gowin, 4 kbit on iCE40. */
  readonly blockRam: number;
  /** 256-kbit single-port RAMs of an iCE40 UltraPlus; 0 elsewhere. */
  readonly singlePortRam: number;
}

export const noResources: Resources = {
  lut: 0,
  lutRam: 0,
  ff: 0,
  dsp: 0,
  blockRam: 0,
  singlePortRam: 0,
};

export function addResources(a: Resources, b: Resources, times = 1): Resources {
  return {
    lut: a.lut + times * b.lut,
    lutRam: a.lutRam + times * b.lutRam,
    ff: a.ff + times * b.ff,
    dsp: a.dsp + times * b.dsp,
    blockRam: a.blockRam + times * b.blockRam,
    singlePortRam: a.singlePortRam + times * b.singlePortRam,
  };
}

/** The family of a board's device. `device` is Yosys's family on Xilinx. Throws InputError for one that nobody counted. */
export function familyOf({ device, vendor }: { readonly device: string; readonly vendor: Vendor }): Family {
  switch (vendor) {
    case "lattice-ice40":
      return "ice40";
    case "lattice-ecp5":
      return "ecp5";
    case "gowin":
      return "gowin";
    case "xilinx":
      if (device === "xc7" || device === "xcup") return device;
      throw new InputError({
        code: "board-file",
        node: `vendor ${vendor}, device ${device}`,
        found: "a family of devices without an estimate",
        supported: "xilinx with device xc7 or xcup",
        fix: "name the device as docs/boards.md has it",
      });
  }
}
