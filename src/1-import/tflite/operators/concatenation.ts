import type { ConcatNode, Tensor } from "../../../ir/graph.ts";
import { int32Field } from "../../flatbuffer.ts";
import { nodeBase, readActivation, RECONVERT, requireMapTypes } from "../context.ts";
import type { OperatorReader } from "../context.ts";
import { ConcatenationField, OperatorCode, OptionsType } from "../schema.ts";

export const concatenation: OperatorReader = {
  code: OperatorCode.CONCATENATION,
  options: OptionsType.ConcatenationOptions,
  inputs: [1, 1024],
  read(op): ConcatNode | undefined {
    const maps = op.inputs.filter((tensor): tensor is Tensor => tensor !== undefined);
    const activation = readActivation(op, ConcatenationField.activation);
    if (!activation || !requireMapTypes(op, maps)) return undefined;
    const rank = op.axes?.length ?? op.output.shape.length;
    const given = op.options ? int32Field(op.options, ConcatenationField.axis, 0) : 0;
    const axis = given < 0 ? given + rank : given;
    if (axis < 0 || axis >= rank) {
      op.report(
        "invalid-attribute",
        `axis ${given} of ${rank} dimensions`,
        "an axis of the tensor",
        RECONVERT,
      );
      return undefined;
    }
    return { kind: "concat", ...nodeBase(op, maps), axis: op.axes?.[axis] ?? axis, activation };
  },
};
