/** Operators on integers that carry the scales of their maps and weights as inputs. */
import type { Quantization, Tensor } from "../../../ir/graph.ts";
import { known } from "../../../ir/known.ts";
import { elements, showShape } from "../../../ir/shapes.ts";
import { addNode, layoutOf, REEXPORT, requireConstant, requireImage, requireMap } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { agreeOnScale, quantizedConstant, readMapScale, readScales } from "../quantization.ts";
import type { ConstantValue, MapValue, QuantizedData } from "../values.ts";
import { arrangeIntegers } from "../weights.ts";
import { addConv, readConvShape } from "./conv.ts";
import { addDense, readDenseShape } from "./dense.ts";
import type { DenseShape } from "./dense.ts";
import { commonLayout } from "./elementwise.ts";
import { leakyRelu, sigmoid } from "./kernels.ts";
import { joinMaps } from "./layout.ts";
import { averagePool, globalAveragePool } from "./pool.ts";

/** Input `at` with its scale and zero point behind it. */
function readMap(op: OperatorContext, at: number, image = false): MapValue | undefined {
  const map = image ? requireImage(op, at) : requireMap(op, at);
  const scale = readMapScale(op, at + 1, at + 2);
  return map && scale && agreeOnScale(op, map, scale.quantization, scale.dtype) ? map : undefined;
}

/** Input `at` as weights, with its scales and zero points behind it. `axis`: where ONNX has the output channels. */
function readWeights(
  op: OperatorContext,
  at: number,
  axis: number,
): { readonly constant: ConstantValue; readonly quantized: QuantizedData } | undefined {
  const constant = requireConstant(op, at, "weights");
  const scales = readScales(op, at + 1, at + 2);
  const quantized = constant && scales && quantizedConstant(op, constant, scales, axis);
  return quantized && { constant, quantized };
}

/** int32 in units of the products that it is added to. */
function readBias(
  op: OperatorContext,
  at: number,
  scales: readonly number[],
  channels: number,
): Tensor | undefined | null {
  if (op.inputs[at] === undefined) return null;
  const constant = requireConstant(op, at, "bias");
  if (!constant) return undefined;
  const { data, name, dtype } = constant;
  if (!(data instanceof Int32Array) || data.length !== channels) {
    op.report(
      "unsupported-type",
      `a bias of ${data.length} values of ${dtype}`,
      `${channels} values of int32`,
      REEXPORT,
    );
    return undefined;
  }
  const zeroPoints = scales.map(() => 0);
  return op.builder.constant(name, [channels], "int32", data, { scales, zeroPoints, axis: 0 });
}

/** Scales of products. */
function products(map: MapValue, op: OperatorContext, weights: readonly number[]): number[] {
  const input = known(
    op.builder.tensors.get(map.tensor.id)?.quantization?.scales[0],
    "a quantised map has a scale",
  );
  return weights.map((scale) => Math.fround(input * scale));
}

/** inputs = [x, scale, zero, w, scale, zero, scale of y, zero of y, bias?]. */
export const qLinearConv: OperatorReader = {
  inputs: [8, 9],
  read(op) {
    const weights = readWeights(op, 3, 0);
    const result = readMapScale(op, 6, 7);
    const map = readMap(op, 0, true);
    const shape = readConvShape(op, weights?.constant, map);
    if (!weights || !map || !shape || !result) return undefined;
    const integers = arrangeIntegers(op, weights.constant, weights.quantized, shape.channels, shape.arrange);
    const bias = readBias(op, 8, products(map, op, weights.quantized.scales), shape.outputs);
    if (!integers || bias === undefined) return undefined;
    const stored = op.builder.quantizedConstant(weights.constant.name, shape.stored, integers);
    return addConv(op, map, shape, bias ? [stored, bias] : [stored], result);
  },
};

/** inputs = [a, scale, zero, b, scale, zero, scale of y, zero of y]. */
export const qLinearMatMul: OperatorReader = {
  inputs: [8, 8],
  read(op) {
    const result = readMapScale(op, 6, 7);
    return readDense(op, false, 1, result, (map, weights, shape) => {
      const integers = arrangeIntegers(
        op,
        weights.constant,
        weights.quantized,
        shape.channels,
        shape.arrange,
      );
      const stored = integers && op.builder.quantizedConstant(weights.constant.name, shape.stored, integers);
      return stored && result && addDense(op, map, shape.outputs, [stored], result);
    });
  },
};

/** inputs = [A, scale, zero, B, scale, zero, C?, scale of y, zero of y]. */
export const qGemm: OperatorReader = {
  inputs: [8, 9],
  read(op) {
    const alpha = op.attributes.float("alpha", 1);
    op.attributes.expect("transA", 0, "transpose the weights instead");
    const transB = op.attributes.int("transB", 0) === 1;
    if (alpha !== 1)
      op.report("unsupported-attribute", `alpha ${alpha}`, "alpha 1", "multiply it into the scale");
    const result = readMapScale(op, 7, 8);
    return readDense(op, transB, transB ? 0 : 1, result, (map, weights, shape) => {
      const integers = arrangeIntegers(
        op,
        weights.constant,
        weights.quantized,
        shape.channels,
        shape.arrange,
      );
      const bias = readBias(op, 6, products(map, op, weights.quantized.scales), shape.outputs);
      if (!integers || bias === undefined || !result) return undefined;
      const stored = op.builder.quantizedConstant(weights.constant.name, shape.stored, integers);
      return addDense(op, map, shape.outputs, bias ? [stored, bias] : [stored], result);
    });
  },
};

type Weights = NonNullable<ReturnType<typeof readWeights>>;

function readDense(
  op: OperatorContext,
  transposed: boolean,
  axis: number,
  result: unknown,
  finish: (map: MapValue, weights: Weights, shape: DenseShape) => MapValue | undefined,
): MapValue | undefined {
  const weights = readWeights(op, 3, axis);
  const map = readMap(op, 0);
  if (!weights || !map || !result) return undefined;
  const shape = readDenseShape(op, map, weights.constant, transposed);
  return shape && finish(map, weights, shape);
}

/** inputs = [A, scale, zero, B, scale, zero, scale of C, zero of C]. */
function qLinearBinary(kind: "add" | "mul"): OperatorReader {
  return {
    inputs: [7, 8],
    read(op) {
      const result = readMapScale(op, 6, 7);
      const at = [0, 3].find((index) => op.inputs[index]?.kind === "constant");
      if (at !== undefined) return withConstant(op, kind, { map: 3 - at, constant: at }, result);
      const [a, b] = [readMap(op, 0), readMap(op, 3)];
      const layout = a && b && commonLayout(op, a, b);
      if (!layout || !result) return undefined;
      return addNode(op, [a.tensor, b.tensor], { ...layout, ...result }, (parts) => ({
        kind,
        ...parts,
        activation: "none",
      }));
    },
  };
}

/** A map and one value for all channels, or one a channel. ONNX Runtime takes the map as the first operand, wherever it stands. */
function withConstant(
  op: OperatorContext,
  kind: "add" | "mul",
  at: { readonly map: number; readonly constant: number },
  result: ReturnType<typeof readMapScale>,
): MapValue | undefined {
  const map = readMap(op, at.map);
  const constant = requireConstant(op, at.constant, "an operand");
  const scale = readMapScale(op, at.constant + 1, at.constant + 2);
  const integers =
    constant && scale && quantizedConstant(op, constant, { ...scale.quantization, dtype: scale.dtype }, 0);
  if (!map || !integers || !result) return undefined;
  const count = elements(constant.shape);
  const axis = constant.shape.length - constant.shape.findIndex((size) => size === count);
  const place = map.axes[map.shape.length - axis];
  const isChannel = place === map.tensor.shape.length - 1 && count === map.tensor.shape[place];
  if (count !== 1 && (!isChannel || map.order)) {
    const found = `a constant ${showShape(constant.shape)} with a map ${showShape(map.shape)}`;
    op.report("unsupported-shape", found, "one value, or one a channel", REEXPORT);
    return undefined;
  }
  const operand = op.builder.quantizedConstant(constant.name, [count], integers);
  return addNode(op, [map.tensor, operand], { ...layoutOf(map), ...result }, (parts) => ({
    kind,
    ...parts,
    activation: "none",
  }));
}

export const qLinearAdd = qLinearBinary("add");
export const qLinearMul = qLinearBinary("mul");

/** inputs = [scale of y, zero of y, then map, scale, zero of each]. */
export const qLinearConcat: OperatorReader = {
  inputs: [5, Infinity],
  read(op) {
    const axis = op.attributes.int("axis", 1);
    const result = readMapScale(op, 0, 1);
    const count = Math.floor((op.inputs.length - 2) / 3);
    const maps = Array.from({ length: count }, (_, i) => readMap(op, 2 + 3 * i));
    return result && joinMaps(op, axis, maps, result);
  },
};

/** inputs = [x, scale, zero, scale of y, zero of y]; reads as the float operator does, with the result's own scale. */
function unary(reader: OperatorReader, image = false): OperatorReader {
  return {
    inputs: [4, 5],
    read(op) {
      const result = readMapScale(op, 3, 4);
      const map = readMap(op, 0, image);
      const value = reader.read({ ...op, inputs: [op.inputs[0]] });
      if (!result || !map || value?.kind !== "map") return undefined;
      return rescaled(op, value, result.quantization, result.dtype);
    },
  };
}

/** Of pictures, [N, C, H, W]. */
function pooled(reader: OperatorReader): OperatorReader {
  const plain = unary(reader, true);
  return {
    ...plain,
    read(op) {
      op.attributes.expect("channels_last", 0, "export in [N, C, H, W]");
      return plain.read(op);
    },
  };
}

/** The value with another scale: its node wrote the input's, as operators without scales do. */
function rescaled(
  op: OperatorContext,
  value: MapValue,
  quantization: Quantization,
  dtype: Tensor["dtype"],
): MapValue {
  const tensor = { ...value.tensor, dtype, quantization };
  op.builder.tensors.set(tensor.id, tensor);
  return { ...value, tensor };
}

export const qLinearAveragePool = pooled(averagePool);
export const qLinearGlobalAveragePool = pooled(globalAveragePool);
export const qLinearLeakyRelu = unary(leakyRelu);
export const qLinearSigmoid = unary(sigmoid);
