/** Operators on the values along the last axis. */
import type { Node } from "../../../ir/graph.ts";
import { float32Field } from "../../flatbuffer.ts";
import { nodeBase, readActivation, RECONVERT, requireMapTypes } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { BinaryField, OperatorCode, OptionsType, SoftmaxField } from "../schema.ts";
import { unary } from "./unary.ts";

/** From 8 bits to 16, too. */
export const softmax: OperatorReader = {
  code: OperatorCode.SOFTMAX,
  options: OptionsType.SoftmaxOptions,
  inputs: [1, 1],
  read(op) {
    const [map] = op.inputs;
    const isWide = map?.dtype === "int8" && op.output.dtype === "int16";
    if (!map || (!isWide && !requireMapTypes(op, [map]))) return undefined;
    const beta = op.options ? float32Field(op.options, SoftmaxField.beta, 0) : 0;
    if (Number.isFinite(beta) && beta > 0) return { kind: "softmax", ...nodeBase(op, [map]), beta };
    op.report("invalid-attribute", `beta ${beta}`, "a beta above 0", RECONVERT);
    return undefined;
  },
};

export const logSoftmax = unary(OperatorCode.LOG_SOFTMAX, OptionsType.LogSoftmaxOptions, (base, op) =>
  signed(op, { kind: "log-softmax", ...base }),
);

export const l2Normalization = unary(OperatorCode.L2_NORMALIZATION, OptionsType.L2NormOptions, (base, op) => {
  const activation = readActivation(op, BinaryField.activation);
  if (activation === "none") return signed(op, { kind: "l2-normalization", ...base });
  if (activation !== undefined)
    op.report("unsupported-activation", `fused activation ${activation}`, "none", "leave the activation out");
  return undefined;
});

/** The kernels of uint8 are others. */
function signed(op: OperatorContext, node: Node): Node | undefined {
  if (op.output.dtype !== "uint8") return node;
  op.report("unsupported-type", `${op.operator} of uint8`, "int8 or float32", RECONVERT);
  return undefined;
}
