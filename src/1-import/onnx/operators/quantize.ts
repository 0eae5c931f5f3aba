/** The two ends of a quantised stretch. */
import { item } from "../../../ir/known.ts";
import { elements } from "../../../ir/shapes.ts";
import { addNode, floatsOf, layoutOf } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import {
  agreeOnScale,
  dequantize,
  quantizedConstant,
  readMapScale,
  readScales,
  roundEven,
} from "../quantization.ts";
import type { Scales } from "../quantization.ts";
import type { ConstantValue } from "../values.ts";

/** TensorProto.DataType of `output_dtype`: 0 means the zero point's. */
const OUTPUT_TYPES: Readonly<Record<number, "uint8" | "int8">> = { 2: "uint8", 3: "int8" };

/** inputs = [x, scale, zero point?]. */
export const quantizeLinear: OperatorReader = {
  inputs: [2, 3],
  read(op) {
    const axis = op.attributes.int("axis", 1);
    const stated = op.attributes.int("output_dtype", 0);
    op.attributes.expect("block_size", 0);
    op.attributes.ignore("saturate", "precision");
    const fallback = OUTPUT_TYPES[stated] ?? "uint8";
    if (stated !== 0 && !OUTPUT_TYPES[stated]) {
      op.report("unsupported-type", `output_dtype ${stated}`, "uint8, int8", "quantise to 8 bits");
    }
    const [value] = op.inputs;
    if (!value) return undefined;
    if (value.kind === "constant") {
      const scales = readScales(op, 1, 2, fallback);
      return scales && quantizeConstant(op, value, scales, axis);
    }
    const scale = readMapScale(op, 1, 2, fallback);
    if (!scale) return undefined;
    return addNode(op, [value.tensor], { ...layoutOf(value), ...scale }, (parts) => ({
      kind: "quantize",
      ...parts,
    }));
  },
};

/** Stored floats that the network quantises itself, to nearest even. */
function quantizeConstant(
  op: OperatorContext,
  constant: ConstantValue,
  scales: Scales,
  axis: number,
): ConstantValue | undefined {
  const floats = floatsOf(op, constant, "a constant");
  if (!floats || scales.dtype === "int32") return undefined;
  const place = axis < 0 ? axis + constant.shape.length : axis;
  const inner = elements(constant.shape.slice(place + 1));
  const [low, high] = scales.dtype === "int8" ? [-128, 127] : [0, 255];
  const values = Array.from(floats, (x, i) => {
    const channel = scales.scales.length === 1 ? 0 : Math.floor(i / inner) % scales.scales.length;
    const steps = Math.fround(x / item(scales.scales, channel));
    return Math.min(high, Math.max(low, roundEven(steps) + item(scales.zeroPoints, channel)));
  });
  const data = scales.dtype === "int8" ? Int8Array.from(values) : Uint8Array.from(values);
  return { kind: "constant", name: op.outputName, shape: constant.shape, dtype: scales.dtype, data };
}

/** inputs = [q, scale, zero point?]. A constant keeps its integers beside its floats. */
export const dequantizeLinear: OperatorReader = {
  inputs: [2, 3],
  read(op) {
    const axis = op.attributes.int("axis", 1);
    op.attributes.expect("block_size", 0);
    op.attributes.ignore("output_dtype");
    const [value] = op.inputs;
    if (!value) return undefined;
    const dtype = value.kind === "map" ? value.tensor.dtype : value.dtype;
    const fallback = dtype === "int8" || dtype === "int32" ? dtype : "uint8";
    if (value.kind === "constant") {
      const scales = readScales(op, 1, 2, fallback);
      const quantized = scales && quantizedConstant(op, value, scales, axis);
      if (!quantized) return undefined;
      const data = dequantize(quantized, value.shape);
      return { kind: "constant", name: value.name, shape: value.shape, dtype: "float32", data, quantized };
    }
    const scale = readMapScale(op, 1, 2, fallback === "int32" ? "uint8" : fallback);
    if (!scale || !agreeOnScale(op, value, scale.quantization, scale.dtype)) return undefined;
    const result = { ...layoutOf(value), dtype: "float32", quantization: undefined } as const;
    return addNode(op, [value.tensor], result, (parts) => ({ kind: "dequantize", ...parts }));
  },
};
