/** Layers of a plan: the phases that compute a node of the network, and how cycles are shared out among them. */
import type { Operator, Plan } from "../4-schedule/plan.ts";
import { assert } from "../ir/errors.ts";
import type { ImageResult, PhaseCycles } from "../../sim/index.ts";

/** A phase that computes a node; the packing in front of a first layer counts as part of that layer. */
export interface Layer {
  readonly block: number;
  readonly phase: number;
  readonly name: string;
  readonly engine: string;
  readonly macs: number;
  readonly operator: Operator;
}

/** What a layer took in one image, in cycles. */
export interface LayerCycles {
  /** From the one before it to its own end: all cycles of the image belong to one layer each. */
  readonly cycles: number;
  /** The array took a step. */
  readonly computeCycles: number;
  /** The array waited for rows, weights, output or room for a row. */
  readonly stallCycles: number;
}

/** In the order of the program. */
export function layersOf(plan: Plan): readonly Layer[] {
  return plan.blocks.flatMap(({ phases }, block) =>
    phases.flatMap(({ centre, operator }, phase) => {
      if (operator === null) return [];
      const { macs, name } = operator.node;
      if (centre === null) return [{ block, phase, name, engine: engineOf(operator), macs, operator }];
      const { node } = centre.operator;
      return [
        { block, phase, name: `${node.name}+${name}`, engine: "fire", macs: node.macs + macs, operator },
      ];
    }),
  );
}

function engineOf({ node }: Operator): string {
  switch (node.kind) {
    case "average-pool":
    case "max-pool":
    case "mean":
      return "pool";
    case "conv":
    case "depthwise":
    case "add":
    case "concat":
    case "pad":
    case "reshape":
    case "rescale":
    case "softmax":
      return node.kind;
  }
}

/** Index of the layer that a phase's cycles belong to: its own, for packing the one that it packs for. */
export function layerIndex(layers: readonly Layer[], block: number, phase: number): number {
  const index = layers.findIndex((layer) => layer.block === block && layer.phase >= phase);
  return index >= 0 ? index : layers.findLastIndex((layer) => layer.block <= block);
}

/** Cycles of an image as the sequencer's state shows them, simulated or predicted. */
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
    const total = totals[layerIndex(layers, phase.block, phase.phase)]!;
    const stallCycles = phase.rows + phase.weights + phase.output + phase.space;
    total.cycles += phase.issue + stallCycles + phase.setup;
    total.computeCycles += phase.issue;
    total.stallCycles += stallCycles;
  }
  // What is left, but for the program's arrival, is the last results on their way out.
  const rest = image.cycles - totals.reduce((sum, { cycles }) => sum + cycles, 0);
  const before = Math.min(rest, image.before);
  totals[0]!.cycles += before;
  totals.at(-1)!.cycles += rest - before;
  return totals;
}
