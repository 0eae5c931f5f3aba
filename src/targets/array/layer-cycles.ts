/** How the cycles of an image are shared out among the layers of a plan. */
import { assert } from "../../ir/errors.ts";
import { layerIndex, type Layer } from "../../report/layers.ts";
import type { ImageResult, PhaseCycles } from "../../../sim/index.ts";
import type { LayerCycles } from "../simulation.ts";
import { item, lastItem } from "../../ir/known.ts";

/** Cycles of an image as the sequencer's state shows them. */
export interface SequencerCycles {
  /** From start to done. */
  readonly cycles: number;
  /** Until the sequencer turns to the first block: the program on its way in. */
  readonly before: number;
  readonly phases: readonly Omit<PhaseCycles, "first" | "last">[];
}

/** What the simulator saw of an image. */
export function sequencerCycles({ cycles, phases }: ImageResult): SequencerCycles {
  return { cycles, before: Math.min(cycles, ...phases.map(({ first }) => first)), phases };
}

/** Shares all cycles of an image out among the layers: the sums are those of the image. */
export function cyclesByLayer(layers: readonly Layer[], image: SequencerCycles): readonly LayerCycles[] {
  assert(layers.length > 0, "an accelerator without layers");
  const totals = layers.map(() => ({ cycles: 0, computeCycles: 0, stallCycles: 0 }));
  for (const phase of image.phases) {
    const total = item(totals, layerIndex(layers, phase.block, phase.phase));
    const stallCycles = phase.rows + phase.weights + phase.output + phase.space;
    total.cycles += phase.issue + stallCycles + phase.setup;
    total.computeCycles += phase.issue;
    total.stallCycles += stallCycles;
  }
  // What is left, but for the program's arrival, is the last results on their way out.
  const rest = image.cycles - totals.reduce((sum, { cycles }) => sum + cycles, 0);
  const before = Math.min(rest, image.before);
  item(totals, 0).cycles += before;
  lastItem(totals).cycles += rest - before;
  return totals;
}
