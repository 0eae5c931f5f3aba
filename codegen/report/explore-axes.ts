/** The figures of an accelerator that a chart of an exploration can have on an axis. */
import type { Point } from "../../src/explore/explore.ts";
import type { Explored } from "../../src/explore/explored.ts";

export interface Axis {
  readonly id: string;
  readonly name: string;
  readonly better: "more" | "less";
  readonly of: (point: Point) => number;
  /** What the board has of it; null where that is not known. */
  readonly limit: (limits: Explored["limits"]) => number | null;
}

const speed: Axis = {
  id: "speed",
  name: "frames a second",
  better: "more",
  of: ({ framesPerSecond }) => framesPerSecond,
  limit: () => null,
};

/** Resources that speed is paid with. */
export const costs: readonly Axis[] = [
  {
    id: "lut",
    name: "look-up tables, estimated",
    better: "less",
    of: ({ luts }) => luts,
    limit: ({ luts }) => luts,
  },
  {
    id: "dsp",
    name: "DSP blocks, estimated",
    better: "less",
    of: ({ dsps }) => dsps,
    limit: ({ dsps }) => dsps,
  },
  {
    id: "ram",
    name: "on-chip memory, kbit, estimated",
    better: "less",
    of: ({ ramBits }) => ramBits / 1024,
    limit: ({ ramBits }) => ramBits && ramBits / 1024,
  },
  {
    id: "bandwidth",
    name: "bytes of memory a cycle",
    better: "less",
    of: ({ memory }) => memory.bytes,
    limit: () => null,
  },
];

/** All that a reader can choose. */
export const axes: readonly Axis[] = [
  speed,
  ...costs,
  { id: "cycles", name: "cycles", better: "less", of: ({ cycles }) => cycles, limit: () => null },
  {
    id: "utilisation",
    name: "utilisation of the multipliers",
    better: "more",
    of: ({ utilization }) => utilization,
    limit: () => null,
  },
];
