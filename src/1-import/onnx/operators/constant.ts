import { REEXPORT } from "../context.ts";
import type { OperatorReader } from "../context.ts";
import { readConstant } from "../tensors.ts";
import type { ConstantValue } from "../values.ts";

/** A constant that is written as an operator. */
export const constant: OperatorReader = {
  inputs: [0, 0],
  read(op): ConstantValue | undefined {
    const { attributes } = op;
    const tensor = attributes.tensor("value");
    if (tensor) {
      const read = readConstant(tensor, op.files, op.report);
      return read && { ...read, name: op.outputName };
    }
    const base = { kind: "constant", name: op.outputName } as const;
    const floats = attributes.floats("value_floats");
    if (floats) return { ...base, shape: [floats.length], dtype: "float32", data: Float32Array.from(floats) };
    const ints = attributes.ints("value_ints");
    if (ints)
      return { ...base, shape: [ints.length], dtype: "int64", data: BigInt64Array.from(ints, BigInt) };
    const float = attributes.float("value_float", NaN);
    if (!Number.isNaN(float)) return { ...base, shape: [], dtype: "float32", data: Float32Array.of(float) };
    const int = attributes.int("value_int", NaN);
    if (!Number.isNaN(int))
      return { ...base, shape: [], dtype: "int64", data: BigInt64Array.of(BigInt(int)) };
    op.report(
      "unsupported-tensor",
      "a constant of another kind",
      "value, value_float(s), value_int(s)",
      REEXPORT,
    );
    return undefined;
  },
};
