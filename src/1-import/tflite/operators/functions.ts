/** Functions of single values: of TFLite's integers in a quantised network, kernels where a float network has one. */
import { activationKernel } from "../../../activations/kernel.ts";
import { leakySlope } from "../../../activations/shipped.ts";
import type { ShippedActivation } from "../../../ir/activation-kernel.ts";
import type { FunctionNode } from "../../../ir/graph.ts";
import { boolField, float32Field } from "../../flatbuffer.ts";
import { nodeBase, RECONVERT, requireConstant, requireMapTypes } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { GeluField, LeakyReluField, OperatorCode, OptionsType } from "../schema.ts";
import { unary } from "./unary.ts";

function isFloat({ inputs: [map] }: OperatorContext): boolean {
  return map?.dtype === "float32";
}

function ofKernel(code: number, kind: FunctionNode["kind"], name: ShippedActivation): OperatorReader {
  return unary(code, OptionsType.NONE, (base, op) =>
    isFloat(op) ? { kind: "kernel", ...base, kernel: activationKernel(name) } : { kind, ...base },
  );
}

export const logistic = ofKernel(OperatorCode.LOGISTIC, "logistic", "sigmoid");
export const tanh = ofKernel(OperatorCode.TANH, "tanh", "tanh");
export const hardSwish = ofKernel(OperatorCode.HARD_SWISH, "hard-swish", "hard-swish");

export const elu = unary(OperatorCode.ELU, OptionsType.NONE, (base) => ({ kind: "elu", ...base }));

export const gelu = unary(OperatorCode.GELU, OptionsType.GeluOptions, (base, op) => {
  const isApproximate = op.options !== undefined && boolField(op.options, GeluField.approximate);
  return { kind: "curve", ...base, curve: { name: isApproximate ? "gelu-tanh" : "gelu" } };
});

/** Slopes that stand for the kernel's differ from it by no more than a float's rounding. */
const isKernelSlope = (alpha: number) => Math.abs(alpha - leakySlope) < 1e-4;

export const leakyRelu = unary(OperatorCode.LEAKY_RELU, OptionsType.LeakyReluOptions, (base, op) => {
  const alpha = op.options ? float32Field(op.options, LeakyReluField.alpha, 0) : 0;
  if (!Number.isFinite(alpha)) {
    op.report("invalid-attribute", `alpha ${alpha}`, "a finite alpha", RECONVERT);
    return undefined;
  }
  return isFloat(op) && isKernelSlope(alpha)
    ? { kind: "kernel", ...base, kernel: activationKernel("leaky-relu") }
    : { kind: "leaky-relu", ...base, alpha };
});

/** inputs = [map, alpha], alpha of one value or [..., C]. */
export const prelu: OperatorReader = {
  code: OperatorCode.PRELU,
  options: OptionsType.NONE,
  inputs: [2, 2],
  read(op) {
    const [map, alpha] = op.inputs;
    if (!map || !alpha || !requireConstant(op, "alpha", alpha) || !requireMapTypes(op, [map, alpha]))
      return undefined;
    return { kind: "prelu", ...nodeBase(op, [map, alpha]) };
  },
};
