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

/** Of a map: between floats, whose width is no matter here, and of places that ArgMax chose. */
export const cast: OperatorReader = {
  inputs: [1, 1],
  read(op) {
    const code = op.attributes.int("to", 0);
    op.attributes.ignore("saturate", "round_mode");
    const [value] = op.inputs;
    if (value?.kind !== "map") return undefined;
    const [from, to] = [value.tensor.dtype, dtypeOf(code)];
    const isPlace = from === "int64" || from === "int32";
    if (isPlace && from !== to && (to === "int64" || to === "int32" || to === "float32"))
      return addNode(op, [value.tensor], { ...layoutOf(value), dtype: to }, (parts) => ({
        kind: "cast",
        ...parts,
      }));
    if (from !== to) {
      op.report(
        "unsupported-operator",
        `a Cast of a map from ${from} to ${dataTypeName(code)}`,
        "casts between floats, of a uint8 input to floats, and of what ArgMax chooses",
        "state the types with QuantizeLinear and DequantizeLinear",
      );
      return undefined;
    }
    return addNode(op, [value.tensor], layoutOf(value), (parts) => ({ kind: "identity", ...parts }));
  },
};
