/** Which vendor's parts of hw/rtl a board's device has, and whether two lanes of the array share multipliers on it. */
import type { Board } from "./schema.ts";

/** Below this a depthwise window of 3 x 3 taps would take more cycles than the sequencer leaves for it. */
const LEAST_PACKED_PC = 8;

/** Folder of hw/rtl with the parts for the board's device; null where there are none. */
export function partsFolder({ device, vendor }: Board): "ice40" | "ecp5" | "xc7" | "xcup" | null {
  switch (vendor) {
    case "lattice-ice40":
      return "ice40";
    case "lattice-ecp5":
      return "ecp5";
    case "xilinx":
      return device === "xc7" || device === "xcup" ? device : null;
    case "gowin":
      return null;
  }
}

/** Whether a DSP block of the board makes two products of the array: the device has a dual_product. */
export function isPacked(board: Board, { pc }: { readonly pc: number }): boolean {
  const folder = partsFolder(board);
  return folder !== null && folder !== "ice40" && pc >= LEAST_PACKED_PC;
}
