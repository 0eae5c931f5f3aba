/** Scales and zero points that operators take as inputs. */
import type { Quantization } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";
import { elements, showShape } from "../../ir/shapes.ts";
import { floatsOf, requireConstant } from "./context.ts";
import type { OperatorContext } from "./context.ts";
import type { ConstantValue, MapValue, QuantizedData } from "./values.ts";

export type ByteType = "int8" | "uint8";

const QUANTISE = "quantise the network with 8-bit activations and weights";

export interface Scales {
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  /** Of the zero point; uint8 where it is left out, as ONNX has it. */
  readonly dtype: "int8" | "uint8" | "int32";
}

/** Inputs `scale` and `zero` of the operator: one value or one a channel. Undefined after a report. */
export function readScales(
  op: OperatorContext,
  scale: number,
  zero: number,
  fallback: Scales["dtype"] = "uint8",
): Scales | undefined {
  const scaleInput = requireConstant(op, scale, "a scale");
  const zeroInput = requireConstant(op, zero, "a zero point");
  const scales = scaleInput && floatsOf(op, scaleInput, "a scale");
  if (!scales || (op.inputs[zero] && !zeroInput)) return undefined;
  if (scaleInput.storedAs !== undefined) {
    // The products of such scales are rounded to their type.
    op.report("unsupported-type", `a scale of ${scaleInput.storedAs}`, "a scale of float32", QUANTISE);
    return undefined;
  }
  const dtype = zeroInput?.dtype ?? fallback;
  if (dtype !== "int8" && dtype !== "uint8" && dtype !== "int32") {
    op.report("unsupported-type", `a zero point of ${dtype}`, "int8, uint8", QUANTISE);
    return undefined;
  }
  const zeroPoints = zeroInput ? Array.from(zeroInput.data, Number) : Array.from(scales, () => 0);
  if (
    zeroPoints.length !== scales.length ||
    scales.length < 1 ||
    scales.some((s) => !(s > 0) || !Number.isFinite(s))
  ) {
    const found = `scales ${describe(scales)} with ${zeroPoints.length} zero points`;
    op.report("invalid-quantization", found, "scales above 0, each with its zero point", QUANTISE);
    return undefined;
  }
  return { scales: Array.from(scales), zeroPoints, dtype };
}

function describe(scales: Float32Array): string {
  return scales.length > 4 ? `${scales.length} of them` : Array.from(scales).join(", ");
}

/** Scale and zero point of a map: one of each, 8 bits. */
export function readMapScale(
  op: OperatorContext,
  scale: number,
  zero: number,
  fallback: ByteType = "uint8",
): { readonly quantization: Quantization; readonly dtype: ByteType } | undefined {
  const read = readScales(op, scale, zero, fallback);
  if (!read) return undefined;
  const { scales, zeroPoints, dtype } = read;
  if (scales.length !== 1 || dtype === "int32") {
    const found = `a map of ${scales.length} scales and zero points of ${dtype}`;
    op.report("unsupported-quantization", found, "one scale and one 8-bit zero point", QUANTISE);
    return undefined;
  }
  return { quantization: { scales, zeroPoints, axis: 0 }, dtype };
}

/**
 * States that a map has the scale which its reader names. A map that has none yet, such as a quantised input of the
 * network, gets it; another one is reported.
 */
export function agreeOnScale(
  op: OperatorContext,
  map: MapValue,
  wanted: Quantization,
  dtype: string,
): boolean {
  const tensor = op.builder.tensors.get(map.tensor.id) ?? map.tensor;
  if (tensor.dtype !== dtype) {
    op.report(
      "unsupported-type",
      `a map of ${tensor.dtype} with a zero point of ${dtype}`,
      "one type",
      QUANTISE,
    );
    return false;
  }
  const known = tensor.quantization;
  if (!known) {
    op.builder.quantize(tensor.id, wanted);
    return true;
  }
  if (known.scales[0] === wanted.scales[0] && known.zeroPoints[0] === wanted.zeroPoints[0]) return true;
  const show = (q: Quantization) => `scale ${q.scales[0]}, zero point ${q.zeroPoints[0]}`;
  op.report(
    "unsupported-quantization",
    `a map made with ${show(known)} and read with ${show(wanted)}`,
    "the same scale on both sides",
    QUANTISE,
  );
  return false;
}

/** A stored integer tensor with its scales. */
export function quantizedConstant(
  op: OperatorContext,
  constant: ConstantValue,
  { scales, zeroPoints }: Scales,
  axis: number,
): QuantizedData | undefined {
  const { data, dtype, shape } = constant;
  const known = data instanceof Int8Array || data instanceof Uint8Array || data instanceof Int32Array;
  if (!known || (dtype !== "int8" && dtype !== "uint8" && dtype !== "int32")) {
    op.report("unsupported-type", `a constant of ${dtype}`, "int8, uint8, int32", QUANTISE);
    return undefined;
  }
  const place = axis < 0 ? axis + shape.length : axis;
  if (scales.length > 1 && shape[place] !== scales.length) {
    const found = `${scales.length} scales along axis ${axis} of ${showShape(shape)}`;
    op.report("invalid-quantization", found, "one scale, or one a channel", QUANTISE);
    return undefined;
  }
  return { dtype, data, scales, zeroPoints, axis: place };
}

/** scale * (q - zero point), rounded to float32 as ONNX Runtime does. */
export function dequantize(
  { data, scales, zeroPoints, axis }: QuantizedData,
  shape: readonly number[],
): Float32Array {
  const inner = elements(shape.slice(axis + 1));
  const channels = scales.length;
  const result = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const channel = channels === 1 ? 0 : Math.floor(i / inner) % channels;
    result[i] = (item(data, i) - item(zeroPoints, channel)) * item(scales, channel);
  }
  return result;
}

/** To the nearest whole number, halves to the even one. */
export function roundEven(x: number): number {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}
