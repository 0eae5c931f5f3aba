/** Activations that are kernels in TypeScript; their integer form has fixed scales, see docs/activations.md. */
import { activationKernel } from "../../../activations/kernel.ts";
import { leakySlope } from "../../../activations/shipped.ts";
import type { ShippedActivation } from "../../../ir/activation-kernel.ts";
import { addNode, layoutOf, requireMap } from "../context.ts";
import type { OperatorReader } from "../context.ts";
import { clamped, partOf, withNumber } from "./clip.ts";
import { add, mul } from "./elementwise.ts";

function kernel(name: ShippedActivation): OperatorReader {
  return {
    inputs: [1, 1],
    read(op) {
      const map = requireMap(op, 0);
      if (!map) return undefined;
      return addNode(op, [map.tensor], layoutOf(map), (parts) => ({
        kind: "kernel",
        ...parts,
        kernel: activationKernel(name),
      }));
    },
  };
}

/** Whether a float32 attribute stands for the number. */
function isAbout(value: number, wanted: number): boolean {
  return Math.abs(value - wanted) < 1e-4;
}

const usualHardSigmoid = kernel("hard-sigmoid");

/** clamp(alpha * x + beta, 0, 1), of any numbers where they are not the kernel's. */
export const hardSigmoid: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const alpha = op.attributes.float("alpha", 0.2);
    const beta = op.attributes.float("beta", 0.5);
    if (isAbout(alpha, 1 / 6) && isAbout(beta, 0.5)) return usualHardSigmoid.read(op);
    const map = requireMap(op, 0);
    const scaled = map && withNumber(partOf(op, "alpha"), mul, map, alpha);
    const shifted = scaled && withNumber(partOf(op, "beta"), add, scaled, beta);
    return shifted && clamped(op, shifted, 0, 1);
  },
};

export const hardSwish = kernel("hard-swish");

const usualLeakyRelu = kernel("leaky-relu");

/** A kernel where it is one. */
export const leakyRelu: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const alpha = op.attributes.float("alpha", 0.01);
    if (isAbout(alpha, leakySlope)) return usualLeakyRelu.read(op);
    const map = requireMap(op, 0);
    return (
      map && addNode(op, [map.tensor], layoutOf(map), (parts) => ({ kind: "leaky-relu", ...parts, alpha }))
    );
  },
};

/** Below zero times -1. */
export const abs: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const map = requireMap(op, 0);
    return (
      map &&
      addNode(op, [map.tensor], layoutOf(map), (parts) => ({ kind: "leaky-relu", ...parts, alpha: -1 }))
    );
  },
};

export const neg: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const map = requireMap(op, 0);
    return map && withNumber(op, mul, map, -1);
  },
};

export const sigmoid = kernel("sigmoid");
export const tanh = kernel("tanh");
