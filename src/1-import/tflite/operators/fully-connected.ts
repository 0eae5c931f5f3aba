import type { DenseNode } from "../../../ir/graph.ts";
import { int8Field } from "../../flatbuffer.ts";
import { nodeBase, readActivation, RECONVERT, requireRank } from "../context.ts";
import type { OperatorReader } from "../context.ts";
import { FullyConnectedField, OperatorCode, OptionsType } from "../schema.ts";
import { requireWeights } from "../weights.ts";

/** weights [K, n] over the input flattened in NHWC order. */
export const fullyConnected: OperatorReader = {
  code: OperatorCode.FULLY_CONNECTED,
  options: OptionsType.FullyConnectedOptions,
  inputs: [2, 3],
  read(op): DenseNode | undefined {
    const operands = requireWeights(op, 0);
    const activation = readActivation(op, FullyConnectedField.activation);
    const format = op.options ? int8Field(op.options, FullyConnectedField.weightsFormat, 0) : 0;
    if (format !== 0)
      op.report("unsupported-attribute", "shuffled weights", "weights in plain order", RECONVERT);
    if (!operands || !activation || format !== 0) return undefined;
    const { map, weights, bias } = operands;
    if (!requireRank(op, "weights", weights, 2)) return undefined;
    return { kind: "dense", ...nodeBase(op, [map, weights, bias]), activation };
  },
};
