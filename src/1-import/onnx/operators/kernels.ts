/** Activations that are kernels in TypeScript; their integer form has fixed scales, see docs/activations.md. */
import { activationKernel } from "../../../activations/kernel.ts";
import { leakySlope } from "../../../activations/shipped.ts";
import type { ShippedActivation } from "../../../ir/activation-kernel.ts";
import { addNode, layoutOf, requireMap } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";

function kernel(
  name: ShippedActivation,
  isKnown: (op: OperatorContext) => boolean = () => true,
): OperatorReader {
  return {
    inputs: [1, 1],
    read(op) {
      const known = isKnown(op);
      const map = requireMap(op, 0);
      if (!map || !known) return undefined;
      return addNode(op, [map.tensor], layoutOf(map), (parts) => ({
        kind: "kernel",
        ...parts,
        kernel: activationKernel(name),
      }));
    },
  };
}

/** A float32 attribute that stands for the number, or the default that it has where the file says nothing. */
function isAbout(op: OperatorContext, value: number, wanted: number, what: string): boolean {
  if (Math.abs(value - wanted) < 1e-4) return true;
  const fix = "write the function as a kernel (docs/activations.md), or train with the supported one";
  op.report("unsupported-attribute", `${what} ${value}`, `${what} ${Number(wanted.toFixed(4))}`, fix);
  return false;
}

export const hardSigmoid = kernel("hard-sigmoid", (op) => {
  const alpha = isAbout(op, op.attributes.float("alpha", 0.2), 1 / 6, "alpha");
  return isAbout(op, op.attributes.float("beta", 0.5), 0.5, "beta") && alpha;
});
export const hardSwish = kernel("hard-swish");
export const leakyRelu = kernel("leaky-relu", (op) =>
  isAbout(op, op.attributes.float("alpha", 0.01), leakySlope, "alpha"),
);
export const sigmoid = kernel("sigmoid");
export const tanh = kernel("tanh");
