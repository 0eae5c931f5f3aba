/** The memory regions of an accelerator. */
import { registers, type RegisterName } from "./registers.ts";

/** In the order of their numbers in the program; the register of a region's name holds its base. */
export const regions = ["model", "input", "output", "workspace"] as const satisfies readonly RegisterName[];
export type Region = (typeof regions)[number];

/** Bytes of which the base of a region is a multiple. */
export const REGION_ALIGNMENT = 4096;

export interface RegionPlace {
  readonly name: Region;
  readonly bytes: number;
  readonly offset: number;
  /** Address of the register that holds the base. */
  readonly register: number;
}

/** One way to place regions of these sizes one behind the other; any bases on REGION_ALIGNMENT bytes will do. */
export function placeRegions(sizes: Readonly<Record<Region, number>>): {
  readonly places: readonly RegionPlace[];
  readonly totalBytes: number;
} {
  let totalBytes = 0;
  const places = regions.map((name) => {
    const bytes = sizes[name];
    const offset = totalBytes;
    totalBytes += Math.ceil(bytes / REGION_ALIGNMENT) * REGION_ALIGNMENT;
    return { name, bytes, offset, register: registers[name].address };
  });
  return { places, totalBytes };
}
