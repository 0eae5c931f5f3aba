import type { BinaryNode } from "../../../ir/graph.ts";
import { nodeBase, readActivation, requireMapTypes } from "../context.ts";
import type { OperatorReader } from "../context.ts";
import { BinaryField, OperatorCode, OptionsType } from "../schema.ts";

function binary(code: number, options: number, kind: BinaryNode["kind"]): OperatorReader {
  return {
    code,
    options,
    inputs: [2, 2],
    read(op): BinaryNode | undefined {
      const [a, b] = op.inputs;
      const activation = readActivation(op, BinaryField.activation);
      if (!a || !b || !activation || !requireMapTypes(op, [a, b])) return undefined;
      return { kind, ...nodeBase(op, [a, b]), activation };
    },
  };
}

/** The larger or the smaller of two values: no activation is fused to it. */
function extreme(code: number, kind: BinaryNode["kind"]): OperatorReader {
  return {
    code,
    options: OptionsType.MaximumMinimumOptions,
    inputs: [2, 2],
    read(op): BinaryNode | undefined {
      const [a, b] = op.inputs;
      if (!a || !b || !requireMapTypes(op, [a, b])) return undefined;
      return { kind, ...nodeBase(op, [a, b]), activation: "none" };
    },
  };
}

export const add = binary(OperatorCode.ADD, OptionsType.AddOptions, "add");
export const sub = binary(OperatorCode.SUB, OptionsType.SubOptions, "sub");
export const maximum = extreme(OperatorCode.MAXIMUM, "maximum");
export const minimum = extreme(OperatorCode.MINIMUM, "minimum");
export const mul = binary(OperatorCode.MUL, OptionsType.MulOptions, "mul");
