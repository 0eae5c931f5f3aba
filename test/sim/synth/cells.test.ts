import { expect, it } from "vitest";
import { resourcesOfCell } from "../../../sim/synth/cells.ts";

it.each([
  ["xc7", "RAM64M", { lut: 4, lutRam: 4 }],
  ["xc7", "RAM256X1S", { lut: 4, lutRam: 4 }],
  ["xc7", "RAM128X1D", { lut: 4, lutRam: 4 }],
  ["xcup", "RAM64M8", { lut: 8, lutRam: 8 }],
  ["xcup", "RAM64X8SW", { lut: 8, lutRam: 8 }],
  ["xc7", "RAMB36E1", { blockRam: 2 }],
  ["ecp5", "CCU2C", { lut: 2 }],
  ["ice40", "SB_CARRY", {}],
  ["xc7", "m3", null],
] as const)("counts a cell of %s: %s", (family, type, taken) => {
  expect(resourcesOfCell(type, family)).toEqual(taken);
});

it("names a cell that it does not know", () => {
  expect(() => resourcesOfCell("RAM3D", "xc7")).toThrow("unknown type RAM3D for xc7");
});
