/** Smooth activations without a kernel, and slopes of channels. */
import type { Curve } from "../../../ir/graph.ts";
import { elements, showShape } from "../../../ir/shapes.ts";
import { addNode, layoutOf, requireConstant, requireMap } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { constantOperand } from "./elementwise.ts";

function curve(curveOf: (op: OperatorContext) => Curve | undefined): OperatorReader {
  return {
    inputs: [1, 1],
    read(op) {
      const made = curveOf(op);
      const map = requireMap(op, 0);
      if (!map || !made) return undefined;
      return addNode(op, [map.tensor], layoutOf(map), (parts) => ({ kind: "curve", ...parts, curve: made }));
    },
  };
}

export const elu = curve((op) => {
  return { name: "elu", above: 1, below: op.attributes.float("alpha", 1), width: 1 };
});

export const selu = curve((op) => {
  const alpha = op.attributes.float("alpha", Math.fround(1.67326319217681884765625));
  const gamma = op.attributes.float("gamma", Math.fround(1.05070102214813232421875));
  return { name: "elu", above: gamma, below: alpha * gamma, width: 1 };
});

export const celu = curve((op) => {
  const alpha = op.attributes.float("alpha", 1);
  if (alpha > 0) return { name: "elu", above: 1, below: alpha, width: alpha };
  op.report("invalid-attribute", `alpha ${alpha}`, "an alpha above 0", "export the network again");
  return undefined;
});

export const softplus = curve(() => ({ name: "softplus" }));
export const softsign = curve(() => ({ name: "softsign" }));
export const erf = curve(() => ({ name: "erf" }));
export const exp = curve(() => ({ name: "exp" }));
export const mish = curve(() => ({ name: "mish" }));

export const gelu = curve((op) => {
  const approximate = op.attributes.text("approximate", "none");
  if (approximate === "none") return { name: "gelu" };
  if (approximate === "tanh") return { name: "gelu-tanh" };
  op.report(
    "unsupported-attribute",
    `approximate ${approximate}`,
    "none and tanh",
    "export with one of these",
  );
  return undefined;
});

function power(exponentOf: (op: OperatorContext) => number | undefined, operands = 1): OperatorReader {
  return {
    inputs: [operands, operands],
    read(op) {
      const exponent = exponentOf(op);
      const map = requireMap(op, 0);
      if (!map || exponent === undefined) return undefined;
      return addNode(op, [map.tensor], layoutOf(map), (parts) => ({
        kind: "power",
        ...parts,
        bias: 0,
        factor: 1,
        exponent,
      }));
    },
  };
}

export const sqrt = power(() => 0.5);
export const reciprocal = power(() => -1);

/** To one power. */
export const pow = power((op) => {
  const exponent = requireConstant(op, 1, "an exponent");
  if (!exponent || elements(exponent.shape) === 1) return exponent && Number(exponent.data[0]);
  const found = `exponents ${showShape(exponent.shape)}`;
  op.report("unsupported-shape", found, "one exponent", "use one exponent for all values");
  return undefined;
}, 2);

/** inputs = [map, slope], one slope or one a channel. */
export const pRelu: OperatorReader = {
  inputs: [2, 2],
  read(op) {
    const map = requireMap(op, 0);
    const slopes = requireConstant(op, 1, "slopes");
    const operand = map && slopes && constantOperand(op, slopes, map, false);
    if (!operand) return undefined;
    const count = elements(operand.shape);
    if (count === 1 || (count === operand.shape.at(-1) && count === map.tensor.shape.at(-1)))
      return addNode(op, [map.tensor, operand], layoutOf(map), (parts) => ({ kind: "prelu", ...parts }));
    const found = `slopes ${showShape(slopes.shape)} for a map ${showShape(map.shape)}`;
    op.report("unsupported-shape", found, "one slope, or one a channel", "share the slopes of a channel");
    return undefined;
  },
};
