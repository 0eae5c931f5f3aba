/** Weights and biases of layers, from ONNX's order to the graph's, as floats or as the integers they come from. */
import type { Tensor, TensorData } from "../../ir/graph.ts";
import type { Shape } from "../../ir/shapes.ts";
import { floatsOf } from "./context.ts";
import type { OperatorContext } from "./context.ts";
import type { ConstantValue, QuantizedData } from "./values.ts";
import { item } from "../../ir/known.ts";

type Weights = Float32Array | Int8Array | Uint8Array;

/**
 * A constant in the graph. `arrange` brings elements into the graph's order; `axis` is where the graph has the output
 * channels, `from` where ONNX has them. Undefined after a report.
 */
export function addWeights(
  op: OperatorContext,
  constant: ConstantValue,
  shape: Shape,
  channels: { readonly axis: number; readonly from: number },
  arrange: <Data extends Weights>(data: Data) => Data,
): Tensor | undefined {
  const { quantized } = constant;
  const floats = floatsOf(op, constant, "weights");
  if (!floats) return undefined;
  const arranged = arrange(floats);
  if (!quantized || quantized.data instanceof Int32Array) {
    return op.builder.constant(constant.name, shape, "float32", arranged);
  }
  const integers = arrangeIntegers(op, constant, quantized, channels, arrange);
  return integers && op.builder.dequantized(constant.name, shape, arranged, integers);
}

/** The same for weights that an integer operator has as they are. */
export function arrangeIntegers(
  op: OperatorContext,
  constant: Pick<ConstantValue, "shape">,
  quantized: QuantizedData,
  channels: { readonly axis: number; readonly from: number },
  arrange: <Data extends Weights>(data: Data) => Data,
): QuantizedData | undefined {
  if (quantized.data instanceof Int32Array) return quantized;
  const normal = quantized.axis < 0 ? quantized.axis + constant.shape.length : quantized.axis;
  if (quantized.scales.length > 1 && normal !== channels.from) {
    const found = `weight scales along axis ${quantized.axis}`;
    op.report(
      "unsupported-quantization",
      found,
      `weight scales along axis ${channels.from}`,
      "quantise weights by output channel",
    );
    return undefined;
  }
  return { ...quantized, data: arrange(quantized.data), axis: channels.axis };
}

/** A bias of `channels` floats; undefined in a list of none when there is none. */
export function addBias(
  op: OperatorContext,
  constant: ConstantValue,
  channels: number,
  scale = 1,
): Tensor | undefined {
  const floats = floatsOf(op, constant, "bias");
  if (!floats) return undefined;
  if (floats.length !== channels) {
    op.report(
      "shape-mismatch",
      `a bias of ${floats.length} values`,
      `${channels}, one a channel`,
      "export the network again",
    );
    return undefined;
  }
  const { quantized, name } = constant;
  if (quantized && scale === 1) return op.builder.dequantized(name, [channels], floats, quantized);
  return op.builder.constant(
    name,
    [channels],
    "float32",
    scale === 1 ? floats : floats.map((x) => x * scale),
  );
}

/** [rows, columns] -> [columns, rows]. */
export function transposeMatrix<Data extends TensorData>(data: Data, rows: number, columns: number): Data {
  const result = data.slice() as Data;
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) result[c * rows + r] = item<number | bigint>(data, r * columns + c);
  return result;
}
