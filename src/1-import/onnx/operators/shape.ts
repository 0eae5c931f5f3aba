/** Operators about a map's shape, which is known, and about its type. */
import { elements } from "../../../ir/shapes.ts";
import { layoutOf, addNode } from "../context.ts";
import type { OperatorReader } from "../context.ts";
import { constantOf } from "../fold/arrays.ts";
import { dataTypeName } from "../schema.ts";
import { dtypeOf } from "../tensors.ts";

/** Of a map or a constant, from axis `start` to before `end`. */
export const shape: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const start = op.attributes.int("start", 0);
    const end = op.attributes.int("end", Infinity);
    const [value] = op.inputs;
    if (!value) return undefined;
    const sizes = value.shape.slice(start, end === Infinity ? undefined : end);
    return constantOf(op, [sizes.length], "int64", sizes);
  },
};

export const size: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const [value] = op.inputs;
    return value && constantOf(op, [], "int64", [elements(value.shape)]);
  },
};

/** Of a map: between floats, whose width is no matter here. */
export const cast: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const code = op.attributes.int("to", 0);
    op.attributes.ignore("saturate", "round_mode");
    const [value] = op.inputs;
    if (value?.kind !== "map") return undefined;
    const from = value.tensor.dtype;
    if (from !== dtypeOf(code)) {
      op.report(
        "unsupported-operator",
        `a Cast of a map from ${from} to ${dataTypeName(code)}`,
        "casts between floats, and of a uint8 input to floats",
        "state the types with QuantizeLinear and DequantizeLinear",
      );
      return undefined;
    }
    return addNode(op, [value.tensor], layoutOf(value), (parts) => ({ kind: "identity", ...parts }));
  },
};
