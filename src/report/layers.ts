/** Layers of a plan: the phases that compute a node of the network. */
import type { Operator, Phase, Plan } from "../4-schedule/plan.ts";

/**
 * A phase that computes a node. What packs patches in front of a first layer, and what passes the values of a layer on, counts as part
 * of that layer.
 */
export interface Layer {
  readonly block: number;
  readonly phase: number;
  readonly name: string;
  readonly engine: string;
  readonly macs: number;
  readonly operator: Operator;
}

/** In the order of the program. */
export function layersOf(plan: Plan): readonly Layer[] {
  return plan.blocks.flatMap(({ phases }, block) =>
    phases.flatMap(({ centreTap, operator }, phase) => {
      if (operator === null || passesOn(phases, phase)) return [];
      const { macs, name } = operator.node;
      if (centreTap === null) return [{ block, phase, name, engine: engineOf(operator), macs, operator }];
      const { node } = centreTap.operator;
      return [
        { block, phase, name: `${node.name}+${name}`, engine: "fire", macs: node.macs + macs, operator },
      ];
    }),
  );
}

/** Operators in the order of the program, both of a fire block's. */
export function operatorsOf({ blocks }: Plan): readonly Operator[] {
  return blocks.flatMap(({ phases }) =>
    phases.flatMap(({ centreTap, operator }, phase) =>
      passesOn(phases, phase) ? [] : [centreTap?.operator, operator].filter((one) => one != null),
    ),
  );
}

/** Whether a phase only passes the values of the one in front on. */
function passesOn(phases: readonly Phase[], phase: number): boolean {
  const node = phases[phase]?.operator?.node;
  return node !== undefined && phases[phase - 1]?.operator?.node === node;
}

function engineOf({ node }: Operator): string {
  switch (node.kind) {
    case "average-pool":
    case "float-average-pool":
    case "max-pool":
    case "mean":
      return "pool";
    case "blend":
      return "depthwise";
    case "conv":
    case "depthwise":
    case "activation":
    case "add":
    case "sub":
    case "mul":
    case "maximum":
    case "minimum":
    case "float-add":
    case "float-mul":
    case "concat":
    case "pad":
    case "slice":
    case "repeat":
    case "resize-bilinear":
    case "interleave":
    case "reshape":
    case "rescale":
    case "lookup":
    case "softmax":
    case "log-softmax":
    case "l2-normalization":
      return node.kind;
  }
}

/** Index of the layer that a phase's cycles belong to: its own, for packing the one behind it, for passing on the one in front. */
export function layerIndex(layers: readonly Layer[], block: number, phase: number): number {
  const index = layers.findIndex((layer) => layer.block === block && layer.phase >= phase);
  return index >= 0 ? index : layers.findLastIndex((layer) => layer.block <= block);
}
