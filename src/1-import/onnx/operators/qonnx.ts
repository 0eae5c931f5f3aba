/** Quantisation to any number of bits, as QONNX's Quant (Brevitas, FINN, hls4ml) states it: docs/qonnx-custom-ops/quant_op.md. */
import { item } from "../../../ir/known.ts";
import { elements, showShape } from "../../../ir/shapes.ts";
import { addNode, floatsOf, layoutOf, requireConstant } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { dequantize, roundEven } from "../quantization.ts";
import type { ConstantValue, MapValue, QuantizedData } from "../values.ts";
import { clamped, partOf } from "./clip.ts";

const QUANTISE = "quantise maps and weights to 8 bits or fewer";

interface Grid {
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  /** Along which the scales run. */
  readonly axis: number;
  readonly bits: number;
  readonly low: number;
  readonly high: number;
  readonly isSigned: boolean;
}

/** inputs = [x, scale, zero point, bits]; x as it was, on the grid: scale * (clamp(round(x / scale + zero)) - zero). */
export const quant: OperatorReader = {
  inputs: [4, 4],
  read(op) {
    const grid = readGrid(op);
    const [value] = op.inputs;
    if (!value || !grid) return undefined;
    return value.kind === "constant" ? quantConstant(op, value, grid) : quantMap(op, value, grid);
  },
};

function readGrid(op: OperatorContext): Grid | undefined {
  const isSigned = op.attributes.int("signed", 1) === 1;
  const isNarrow = op.attributes.int("narrow", 0) === 1;
  const mode = op.attributes.text("rounding_mode", "ROUND").toUpperCase();
  const isEven = mode === "ROUND" || mode === "HALF_EVEN";
  if (!isEven) op.report("unsupported-attribute", `rounding_mode ${mode}`, "ROUND", "round to the nearest");
  const names = ["a scale", "a zero point", "a number of bits"];
  const [scale, zero, width] = names.map((what, i) => requireConstant(op, i + 1, what));
  const scales = scale && floatsOf(op, scale, "a scale");
  const bits = Number(width?.data[0] ?? NaN);
  if (!scale || !scales || !zero || !width || !isEven) return undefined;
  const axis = Math.max(
    0,
    scale.shape.findIndex((n) => n > 1),
  );
  const isAlong = scale.shape.filter((n) => n > 1).length <= 1;
  const zeros = Array.from(zero.data, Number);
  const isSound = scales.every((s) => s > 0 && Number.isFinite(s)) && zeros.every(Number.isInteger);
  const counts = zeros.length === 1 || zeros.length === scales.length;
  if (
    !isAlong ||
    !isSound ||
    !counts ||
    width.data.length !== 1 ||
    !Number.isInteger(bits) ||
    bits < 1 ||
    bits > 32
  ) {
    const found = `scales ${showShape(scale.shape)}, zero points ${showShape(zero.shape)}, ${bits} bits`;
    op.report(
      "invalid-quantization",
      found,
      "scales along one axis, whole zero points, 1 to 32 bits",
      QUANTISE,
    );
    return undefined;
  }
  const narrow = isNarrow ? 1 : 0;
  const [low, high] = isSigned
    ? [-(2 ** (bits - 1)) + narrow, 2 ** (bits - 1) - 1]
    : [0, 2 ** bits - 1 - narrow];
  const zeroPoints = Array.from(scales, (_, i) => item(zeros, zeros.length === 1 ? 0 : i));
  // A scale of fewer dimensions than the constant is aligned at the last one.
  const rank = op.inputs[0]?.shape.length ?? scale.shape.length;
  const place = axis + Math.max(0, rank - scale.shape.length);
  return { scales: Array.from(scales), zeroPoints, axis: place, bits, low, high, isSigned };
}

/** Weights keep their integers; a bias of more bits is the floats that they stand for. */
function quantConstant(op: OperatorContext, constant: ConstantValue, grid: Grid): ConstantValue | undefined {
  const floats = floatsOf(op, constant, "a constant");
  if (!floats) return undefined;
  const { axis, bits, high, low, scales, zeroPoints } = grid;
  const { name, shape } = constant;
  if (scales.length > 1 && shape[axis] !== scales.length) {
    const found = `${scales.length} scales for a constant ${showShape(shape)}`;
    op.report("invalid-quantization", found, "one scale, or one a channel", QUANTISE);
    return undefined;
  }
  const inner = elements(shape.slice(axis + 1));
  const integers = Array.from(floats, (x, i) => {
    const channel = scales.length === 1 ? 0 : Math.floor(i / inner) % scales.length;
    const steps = roundEven(Math.fround(Math.fround(x / item(scales, channel)) + item(zeroPoints, channel)));
    return Math.min(high, Math.max(low, steps));
  });
  const dtype = grid.isSigned ? "int8" : "uint8";
  const stored = bits > 8 ? Int32Array : grid.isSigned ? Int8Array : Uint8Array;
  const quantized: QuantizedData = {
    dtype: bits > 8 ? "int32" : dtype,
    data: stored.from(integers),
    scales,
    zeroPoints,
    axis,
  };
  const data = dequantize(quantized, shape);
  return { kind: "constant", name, shape, dtype: "float32", data, ...(bits <= 8 && { quantized }) };
}

/** QuantizeLinear and DequantizeLinear in one; of fewer than 8 bits, limits behind them and the same once more. */
function quantMap(op: OperatorContext, map: MapValue, grid: Grid): MapValue | undefined {
  const { bits, high, isSigned, low, scales, zeroPoints } = grid;
  const [lowest, highest] = isSigned ? [-128, 127] : [0, 255];
  const [zero = 0] = zeroPoints;
  const [scale = 1] = scales;
  if (scales.length !== 1 || low < lowest || high > highest || zero < lowest || zero > highest) {
    const found = `a map of ${bits} bits, ${low} to ${high}, ${scales.length} scales, zero point ${zero}`;
    op.report("unsupported-quantization", found, "maps of 8 bits or fewer with one scale", QUANTISE);
    return undefined;
  }
  if (low === lowest && high === highest) return quantised(op, map, grid);
  const whole = quantised(partOf(op, "whole"), map, grid);
  const real = (steps: number) => Math.fround((steps - zero) * scale);
  const limits = [low === lowest ? -Infinity : real(low), high === highest ? Infinity : real(high)] as const;
  const limited = clamped(partOf(op, "limits"), whole, ...limits);
  return limited && quantised(op, limited, grid);
}

/** Through integers of 8 bits and back. */
function quantised(op: OperatorContext, map: MapValue, { isSigned, scales, zeroPoints }: Grid): MapValue {
  const quantization = { scales, zeroPoints, axis: 0 };
  const dtype = isSigned ? "int8" : "uint8";
  const [name, outputName] = [`${op.name}/integers`, `${op.outputName}/integers`];
  const integers = addNode(
    { ...op, name, outputName },
    [map.tensor],
    { ...layoutOf(map), dtype, quantization },
    (parts) => ({ kind: "quantize", ...parts }),
  );
  const result = { ...layoutOf(map), dtype: "float32", quantization: undefined } as const;
  return addNode(op, [integers.tensor], result, (parts) => ({ kind: "dequantize", ...parts }));
}
