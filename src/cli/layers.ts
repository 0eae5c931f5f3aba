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
    phases.flatMap(({ operator }, phase) => {
      if (operator === null) return [];
      const { macs, name } = operator.node;
      return [{ block, phase, name, engine: engineOf(operator), macs, operator }];
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

/** Shares all cycles of an image out among the layers: the sums are those of the image. */
export function cyclesByLayer(layers: readonly Layer[], image: ImageResult): readonly LayerCycles[] {
  assert(layers.length > 0, "an accelerator without layers");
  const totals = layers.map(() => ({ cycles: 0, computeCycles: 0, stallCycles: 0 }));
  for (const phase of image.phases) {
    const total = totals[layerIndex(layers, phase.block, phase.phase)]!;
    total.cycles += phase.issue + stalls(phase) + phase.setup;
    total.computeCycles += phase.issue;
    total.stallCycles += stalls(phase);
  }
  // What is left is the sequencer's idle time: the program on its way in, the last results on their way out.
  const rest = image.cycles - totals.reduce((sum, { cycles }) => sum + cycles, 0);
  const before = Math.min(rest, ...image.phases.map(({ first }) => first));
  totals[0]!.cycles += before;
  totals.at(-1)!.cycles += rest - before;
  return totals;
}

function stalls({ output, rows, space, weights }: PhaseCycles): number {
  return rows + weights + output + space;
}
