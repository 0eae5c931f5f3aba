/** Small .tflite files for tests: tensors and operators are added one by one, then written. */
import { openWith } from "../../src/1-import/importer.ts";
import { tflite } from "../../src/1-import/tflite/index.ts";
import {
  Conv2DField,
  DepthwiseConv2DField,
  FullyConnectedField,
  FusedActivation,
  OperatorCode,
  OptionsType,
  PaddingScheme,
  Pool2DField,
  TensorType,
} from "../../src/1-import/tflite/schema.ts";
import type { Graph } from "../../src/ir/graph.ts";
import { writeTflite } from "../../src/zoo/tflite-writer.ts";
import type { TfliteOperator, TfliteOption, TfliteTensor } from "../../src/zoo/tflite-writer.ts";

type Quantization = NonNullable<TfliteTensor["quantization"]>;

export type Scalar = "int8" | "uint8" | "float32";

const TYPES = { int8: TensorType.INT8, uint8: TensorType.UINT8, float32: TensorType.FLOAT32 } as const;

export interface WindowOptions {
  readonly padding?: "SAME" | "VALID";
  readonly stride?: readonly [number, number];
  readonly dilation?: readonly [number, number];
  readonly activation?: keyof typeof FusedActivation;
}

export class Draft {
  readonly tensors: TfliteTensor[] = [];
  readonly operators: TfliteOperator[] = [];
  readonly type: Scalar;

  constructor(type: Scalar = "int8") {
    this.type = type;
  }

  /** One scale and zero point. */
  static whole(scale: number, zeroPoint: number): Quantization {
    return { scales: [scale], zeroPoints: [zeroPoint], axis: 0 };
  }

  tensor(tensor: TfliteTensor): number {
    return this.tensors.push(tensor) - 1;
  }

  /** A map of the draft's type, quantised unless float. */
  map(
    name: string,
    shape: readonly number[],
    scale = 0.5,
    zeroPoint = this.type === "uint8" ? 128 : 0,
  ): number {
    const quantization = this.type === "float32" ? {} : { quantization: Draft.whole(scale, zeroPoint) };
    return this.tensor({ name, shape, type: TYPES[this.type], ...quantization });
  }

  ints(name: string, shape: readonly number[], values: readonly number[]): number {
    return this.tensor({ name, shape, type: TensorType.INT32, data: bytes(Int32Array.from(values)) });
  }

  /** A constant of the draft's type. */
  constant(
    name: string,
    shape: readonly number[],
    values: readonly number[],
    quantization?: Quantization,
  ): number {
    const data = { int8: Int8Array, uint8: Uint8Array, float32: Float32Array }[this.type].from(values);
    const quantized = this.type === "float32" ? {} : { quantization: quantization ?? Draft.whole(0.25, 0) };
    return this.tensor({ name, shape, type: TYPES[this.type], data: bytes(data), ...quantized });
  }

  operator(
    code: number,
    inputs: readonly number[],
    output: number,
    optionsType = 0,
    options: readonly TfliteOption[] = [],
  ): number {
    this.operators.push({ code, version: 1, inputs, outputs: [output], optionsType, options });
    return output;
  }

  /** CONV_2D with weights [K, kh, kw, C] that count upwards, and a bias. */
  conv(input: number, output: number, kernel: readonly number[], options: WindowOptions = {}): number {
    const operands = [input, this.weights(kernel), this.bias(kernel[0] ?? 0)];
    const slots = window(Conv2DField, options);
    return this.operator(OperatorCode.CONV_2D, operands, output, OptionsType.Conv2DOptions, slots);
  }

  /** DEPTHWISE_CONV_2D with weights [1, kh, kw, K]. */
  depthwise(input: number, output: number, kernel: readonly number[], options: WindowOptions = {}): number {
    const operands = [input, this.weights(kernel), this.bias(kernel[3] ?? 0)];
    const slots = window(DepthwiseConv2DField, options);
    return this.operator(
      OperatorCode.DEPTHWISE_CONV_2D,
      operands,
      output,
      OptionsType.DepthwiseConv2DOptions,
      slots,
    );
  }

  /** FULLY_CONNECTED with weights [K, n]. */
  dense(input: number, output: number, shape: readonly number[]): number {
    const operands = [input, this.weights(shape), this.bias(shape[0] ?? 0)];
    const slots = [byte(FullyConnectedField.activation, 0)];
    return this.operator(
      OperatorCode.FULLY_CONNECTED,
      operands,
      output,
      OptionsType.FullyConnectedOptions,
      slots,
    );
  }

  pool(
    code: number,
    input: number,
    output: number,
    filter: readonly [number, number],
    options: WindowOptions = {},
  ): number {
    const size = [int(Pool2DField.filterHeight, filter[0]), int(Pool2DField.filterWidth, filter[1])];
    return this.operator(code, [input], output, OptionsType.Pool2DOptions, [
      ...window(Pool2DField, options),
      ...size,
    ]);
  }

  write(inputs: readonly number[], outputs: readonly number[]): Uint8Array {
    return writeTflite({
      description: "test",
      tensors: this.tensors,
      operators: this.operators,
      inputs,
      outputs,
    });
  }

  import(inputs: readonly number[], outputs: readonly number[]): Graph {
    return openWith(tflite, { path: "draft.tflite", bytes: this.write(inputs, outputs) });
  }

  private weights(shape: readonly number[]): number {
    const count = shape.reduce((product, n) => product * n, 1);
    const values = Array.from({ length: count }, (_, i) => (i % 7) + 1);
    return this.constant(`weights_${this.tensors.length}`, shape, values);
  }

  private bias(count: number): number {
    const name = `bias_${this.tensors.length}`;
    const values = Array.from({ length: count }, (_, k) => 10 * k);
    if (this.type === "float32") return this.constant(name, [count], values);
    const data = bytes(Int32Array.from(values));
    return this.tensor({
      name,
      shape: [count],
      type: TensorType.INT32,
      data,
      quantization: Draft.whole(0.125, 0),
    });
  }
}

export function byte(slot: number, value: number): TfliteOption {
  return { slot, kind: "byte", value };
}

export function int(slot: number, value: number): TfliteOption {
  return { slot, kind: "int", value };
}

interface Slots {
  readonly padding: number;
  readonly strideW: number;
  readonly strideH: number;
  readonly activation: number;
  readonly dilationW?: number;
  readonly dilationH?: number;
}

function window(slots: Slots, options: WindowOptions): TfliteOption[] {
  const { padding = "SAME", stride = [1, 1], dilation = [1, 1], activation = "NONE" } = options;
  const dilated =
    slots.dilationH === undefined || slots.dilationW === undefined
      ? []
      : [int(slots.dilationH, dilation[0]), int(slots.dilationW, dilation[1])];
  return [
    byte(slots.padding, PaddingScheme[padding]),
    int(slots.strideH, stride[0]),
    int(slots.strideW, stride[1]),
    byte(slots.activation, FusedActivation[activation]),
    ...dilated,
  ];
}

function bytes(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
