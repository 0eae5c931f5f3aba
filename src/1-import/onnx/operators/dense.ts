/** Fully connected layers: Gemm and MatMul with stored weights. */
import { NO_PADDING } from "../../../ir/graph.ts";
import type { DenseNode, Tensor } from "../../../ir/graph.ts";
import { item } from "../../../ir/known.ts";
import { elements, showShape } from "../../../ir/shapes.ts";
import { addNode, floatsOf, REEXPORT, requireConstant, requireMap } from "../context.ts";
import type { OperatorContext, OperatorReader } from "../context.ts";
import { settle } from "../layout.ts";
import type { ConstantValue, MapValue } from "../values.ts";
import { addBias, addWeights, transposeMatrix } from "../weights.ts";

/** alpha * A * B + beta * C, A [1, n]. */
export const gemm: OperatorReader = {
  inputs: [2, 3],
  read(op) {
    const alpha = op.attributes.float("alpha", 1);
    const beta = op.attributes.float("beta", 1);
    op.attributes.expect("transA", 0, "transpose the weights instead");
    const transB = op.attributes.int("transB", 0) === 1;
    const weights = requireConstant(op, 1, "weights");
    const bias = requireConstant(op, 2, "bias");
    const map = requireMap(op, 0);
    if (!map || !weights) return undefined;
    const shape = readDenseShape(op, map, weights, transB);
    const stored =
      shape && addWeights(op, scaled(op, weights, alpha), shape.stored, shape.channels, shape.arrange);
    if (!stored) return undefined;
    const offset = bias && addBias(op, spread(op, bias, shape.outputs), shape.outputs, beta);
    if (bias && !offset) return undefined;
    const product = transB ? "gemm-transposed" : "gemm";
    return addDense(op, map, shape.outputs, offset ? [stored, offset] : [stored], { product });
  },
};

/** A [1, n] * B [n, K]; A may have more dimensions of size 1, or be a map whose last axis has the channels. */
export const matMul: OperatorReader = {
  inputs: [2, 2],
  read(op) {
    const weights = requireConstant(op, 1, "weights");
    const map = requireMap(op, 0);
    if (!map || !weights) return undefined;
    const rank = map.shape.length;
    const isMatrix = weights.shape.length === 2 && map.shape.at(-1) === weights.shape[0];
    const isRow = map.shape.slice(0, -1).every((n) => n === 1);
    if (rank === 4 && isMatrix && !isRow && map.axes[3] === 3 && !map.order)
      return everyPixel(op, map, weights);
    if (rank > 2 && !(isMatrix && isRow)) {
      const found = `a map ${showShape(map.shape)} with weights ${showShape(weights.shape)}`;
      op.report(
        "unsupported-shape",
        found,
        "MatMul of a map [1, n], or [1, H, W, C] of channels",
        "use a 1x1 convolution, or flatten the map",
      );
      return undefined;
    }
    const row = rank > 2 ? { ...map, shape: [1, elements(map.shape)], axes: [0, 1] } : map;
    const shape = readDenseShape(op, row, weights, false);
    const stored = shape && addWeights(op, weights, shape.stored, shape.channels, shape.arrange);
    const result = stored && addDense(op, row, shape.outputs, [stored], { product: "matmul" });
    if (!result || rank <= 2) return result;
    return settle(op, result, [...map.shape.slice(0, -1), shape.outputs], { name: `${op.name}/reshape` });
  },
};

/** A product for each pixel is a 1 x 1 convolution. */
function everyPixel(op: OperatorContext, map: MapValue, weights: ConstantValue): MapValue | undefined {
  const [inputs = 0, outputs = 0] = weights.shape;
  const channels = { axis: 0, from: 1 };
  const stored = addWeights(op, weights, [outputs, 1, 1, inputs], channels, (data) =>
    transposeMatrix(data, inputs, outputs),
  );
  if (!stored) return undefined;
  const shape = [...map.shape.slice(0, 3), outputs];
  const window = { kernel: [1, 1], stride: [1, 1], dilation: [1, 1], padding: NO_PADDING } as const;
  return addNode(op, [map.tensor, stored], { shape, axes: map.axes }, (parts) => ({
    kind: "conv",
    ...parts,
    ...window,
    groups: 1,
    activation: "none",
  }));
}

type Arrange = <Data extends Float32Array | Int8Array | Uint8Array>(data: Data) => Data;

export interface DenseShape {
  readonly outputs: number;
  readonly stored: readonly number[];
  readonly channels: { readonly axis: number; readonly from: number };
  readonly arrange: Arrange;
}

/** Checks a map [1, n] against weights [n, K], or [K, n] when they are transposed. */
export function readDenseShape(
  op: OperatorContext,
  map: MapValue,
  weights: Pick<ConstantValue, "shape">,
  transposed: boolean,
): DenseShape | undefined {
  const [rows = 0, columns = 0] = weights.shape;
  const [inputs, outputs] = transposed ? [columns, rows] : [rows, columns];
  if (map.shape.length !== 2 || map.shape[0] !== 1 || weights.shape.length !== 2 || map.shape[1] !== inputs) {
    const found = `a map ${showShape(map.shape)} with weights ${showShape(weights.shape)}`;
    op.report("shape-mismatch", found, "a map [1, n] with weights of n inputs", REEXPORT);
    return undefined;
  }
  return {
    outputs,
    stored: [outputs, inputs],
    channels: { axis: 0, from: transposed ? 0 : 1 },
    arrange: (data) => reorder(transposed ? data : transposeMatrix(data, rows, columns), outputs, map.order),
  };
}

/** Weights [K, n] for a map whose elements lie in another order than ONNX's. */
function reorder<Data extends Float32Array | Int8Array | Uint8Array>(
  data: Data,
  outputs: number,
  order: readonly number[] | undefined,
): Data {
  if (!order) return data;
  const result = data.slice() as Data;
  const inputs = order.length;
  for (let k = 0; k < outputs; k++) {
    for (const [i, from] of order.entries()) result[k * inputs + i] = item(data, k * inputs + from);
  }
  return result;
}

function scaled(op: OperatorContext, weights: ConstantValue, alpha: number): ConstantValue {
  if (alpha === 1) return weights;
  const { quantized: _, ...rest } = weights;
  const floats = floatsOf(op, weights, "weights");
  return { ...rest, data: (floats ?? new Float32Array()).map((w) => w * alpha) };
}

/** A bias that is one value for all outputs. */
function spread(op: OperatorContext, bias: ConstantValue, outputs: number): ConstantValue {
  const floats = bias.data;
  if (!(floats instanceof Float32Array) || floats.length !== 1 || outputs === 1) return bias;
  const { quantized: _, ...rest } = bias;
  return { ...rest, shape: [outputs], data: new Float32Array(outputs).fill(item(floats, 0)) };
}

export function addDense(
  op: OperatorContext,
  map: MapValue,
  outputs: number,
  operands: readonly Tensor[],
  {
    product,
    ...result
  }: {
    readonly dtype?: Tensor["dtype"];
    readonly quantization?: Tensor["quantization"];
    readonly product?: DenseNode["product"];
  },
): MapValue {
  return addNode(op, [map.tensor, ...operands], { shape: [1, outputs], ...result }, (parts) => ({
    kind: "dense",
    ...parts,
    activation: "none",
    ...(product && { product }),
  }));
}
