/** Where the cycles of an image go, layer by layer. */
import type { PhaseCycles } from "../4-schedule/cycles/machine.ts";
import type { Prediction } from "../4-schedule/cycles/predict.ts";
import { layerIndex, type Layer } from "./layers.ts";

/** Cycles by what the array did; their sum is the total. */
export interface Split {
  /** The program on its way in, before the first layer. */
  readonly program: number;
  /** The array took a step. */
  readonly compute: number;
  /** It waited for rows of its source. */
  readonly rows: number;
  /** It waited for weights. */
  readonly weights: number;
  /** It waited for requantised results to leave. */
  readonly output: number;
  /** It waited for room in the next line buffer. */
  readonly space: number;
  /** Between rows, strips and blocks. */
  readonly setup: number;
  /** The last results on their way to memory. */
  readonly drain: number;
}

export type Part = keyof Split;

export const parts = [
  "program",
  "compute",
  "rows",
  "weights",
  "output",
  "space",
  "setup",
  "drain",
] as const satisfies readonly Part[];

/** As reports and traces call them. */
export const partNames: Readonly<Record<Part, string>> = {
  program: "program",
  compute: "compute",
  rows: "waits for rows",
  weights: "waits for weights",
  output: "waits for output",
  space: "waits for space",
  setup: "set-up",
  drain: "drain",
};

export const noCycles: Split = {
  program: 0,
  compute: 0,
  rows: 0,
  weights: 0,
  output: 0,
  space: 0,
  setup: 0,
  drain: 0,
};

export function totalOf(split: Split): number {
  return parts.reduce((sum, part) => sum + split[part], 0);
}

export function addSplits(a: Split, b: Split): Split {
  const sum = { ...a };
  for (const part of parts) sum[part] += b[part];
  return sum;
}

/** One entry a layer; all of them together are the prediction's cycles. */
export function splitByLayer(layers: readonly Layer[], { before, cycles, phases }: Prediction): Split[] {
  const splits = layers.map(() => noCycles);
  const add = (index: number, part: Partial<Split>): void => {
    splits[index] = addSplits(splits[index] ?? noCycles, { ...noCycles, ...part });
  };
  phases.forEach((entries, block) =>
    entries.forEach((entry, phase) => add(layerIndex(layers, block, phase), ofPhase(entry))),
  );
  const rest = cycles - splits.reduce((sum, split) => sum + totalOf(split), 0);
  const program = Math.max(0, Math.min(rest, before));
  add(0, { program });
  add(layers.length - 1, { drain: rest - program });
  return splits;
}

function ofPhase({ issue, ...rest }: PhaseCycles): Partial<Split> {
  return { compute: issue, ...rest };
}
