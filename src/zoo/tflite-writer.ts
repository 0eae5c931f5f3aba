import { Builder, type Offset } from "flatbuffers";
import {
  BufferField,
  FILE_IDENTIFIER,
  ModelField,
  OperatorCodeField,
  OperatorField,
  QuantizationField,
  SCHEMA_VERSION,
  SubGraphField,
  TensorField,
} from "../1-import/tflite/schema.ts";
import { item } from "../ir/known.ts";

/** A tensor of the file. `data` is little-endian and makes it a constant. */
export interface TfliteTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** A value of `TensorType`. */
  readonly type: number;
  readonly data?: Uint8Array;
  readonly quantization?: {
    readonly scales: readonly number[];
    readonly zeroPoints: readonly number[];
    readonly axis: number;
  };
}

/** A scalar of an options table, or a vector of int32. */
export interface TfliteOption {
  readonly slot: number;
  readonly kind: "byte" | "int" | "float" | "ints";
  readonly value: number | readonly number[];
}

/** An operator; tensors are named by their position in the list. */
export interface TfliteOperator {
  /** A value of `OperatorCode`, below 127. */
  readonly code: number;
  readonly version: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** A value of `OptionsType`; 0 for none. */
  readonly optionsType: number;
  readonly options: readonly TfliteOption[];
  /** Name and options of a custom operator. */
  readonly custom?: { readonly name: string; readonly options: Uint8Array };
}

export interface TfliteModel {
  readonly description: string;
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/**
 * The model as a TFLite flatbuffer: schema version 3, one subgraph, equal bytes for equal models.
 * Source: tensorflow/lite/schema/schema.fbs.
 */
export function writeTflite(model: TfliteModel): Uint8Array {
  const builder = new Builder(65536);
  // Buffer 0 is empty by convention: tensors without data point at it.
  const constants = model.tensors.flatMap((t) => (t.data === undefined ? [] : [t.data]));
  const buffers = [undefined, ...constants].map((data) => writeBuffer(builder, data));
  let nextBuffer = 1;
  const tensors = model.tensors.map((t) => writeTensor(builder, t, t.data === undefined ? 0 : nextBuffer++));
  const codes = operatorCodes(model.operators);
  const operators = model.operators.map((o) =>
    writeOperator(
      builder,
      o,
      codes.findIndex((c) => sameCode(c, o)),
    ),
  );
  const subgraph = writeTable(builder, 5, {
    [SubGraphField.tensors]: offsets(builder, tensors),
    [SubGraphField.inputs]: ints(builder, model.inputs),
    [SubGraphField.outputs]: ints(builder, model.outputs),
    [SubGraphField.operators]: offsets(builder, operators),
    [SubGraphField.name]: builder.createString("main"),
  });
  const writtenCodes = codes.map(({ code, custom, version }) => {
    const name = custom === undefined ? 0 : builder.createString(custom.name);
    builder.startObject(4);
    builder.addFieldOffset(OperatorCodeField.customCode, name, 0);
    builder.addFieldInt8(OperatorCodeField.deprecatedBuiltinCode, code, 0);
    builder.addFieldInt32(OperatorCodeField.version, version, 1);
    builder.addFieldInt32(OperatorCodeField.builtinCode, code, 0);
    return builder.endObject();
  });
  const operatorCodesVector = offsets(builder, writtenCodes);
  const subgraphs = offsets(builder, [subgraph]);
  const buffersVector = offsets(builder, buffers);
  const description = builder.createString(model.description);
  builder.startObject(5);
  builder.addFieldInt32(ModelField.version, SCHEMA_VERSION, 0);
  builder.addFieldOffset(ModelField.operatorCodes, operatorCodesVector, 0);
  builder.addFieldOffset(ModelField.subgraphs, subgraphs, 0);
  builder.addFieldOffset(ModelField.description, description, 0);
  builder.addFieldOffset(ModelField.buffers, buffersVector, 0);
  builder.finish(builder.endObject(), FILE_IDENTIFIER);
  return builder.asUint8Array().slice();
}

type Code = Pick<TfliteOperator, "code" | "version" | "custom">;

function sameCode(a: Code, b: Code): boolean {
  return a.code === b.code && a.version === b.version && a.custom?.name === b.custom?.name;
}

/** Each operator code and version once, in order of first use. */
function operatorCodes(operators: readonly Code[]): Code[] {
  return operators.filter((o, i) => operators.findIndex((p) => sameCode(o, p)) === i);
}

/** A table that holds offsets only. */
function writeTable(builder: Builder, slots: number, fields: Readonly<Record<number, Offset>>): Offset {
  builder.startObject(slots);
  for (const [slot, offset] of Object.entries(fields)) builder.addFieldOffset(Number(slot), offset, 0);
  return builder.endObject();
}

function writeBuffer(builder: Builder, data: Uint8Array | undefined): Offset {
  // The schema demands 16-byte alignment of the data.
  const vector = data === undefined ? 0 : writeVector(builder, data, 1, 16, (byte) => builder.addInt8(byte));
  return writeTable(builder, 1, { [BufferField.data]: vector });
}

function writeTensor(builder: Builder, tensor: TfliteTensor, buffer: number): Offset {
  const shape = ints(builder, tensor.shape);
  const name = builder.createString(tensor.name);
  const quantization =
    tensor.quantization === undefined ? 0 : writeQuantization(builder, tensor.quantization);
  builder.startObject(5);
  builder.addFieldOffset(TensorField.shape, shape, 0);
  builder.addFieldInt8(TensorField.type, tensor.type, 0);
  builder.addFieldInt32(TensorField.buffer, buffer, 0);
  builder.addFieldOffset(TensorField.name, name, 0);
  builder.addFieldOffset(TensorField.quantization, quantization, 0);
  return builder.endObject();
}

function writeQuantization(builder: Builder, q: NonNullable<TfliteTensor["quantization"]>): Offset {
  const { scales, zeroPoints } = q;
  const scale = writeVector(builder, scales, 4, 4, (scale) => builder.addFloat32(scale));
  const zero = writeVector(builder, zeroPoints, 8, 8, (zeroPoint) => builder.addInt64(BigInt(zeroPoint)));
  builder.startObject(7);
  builder.addFieldOffset(QuantizationField.scale, scale, 0);
  builder.addFieldOffset(QuantizationField.zeroPoint, zero, 0);
  builder.addFieldInt32(QuantizationField.quantizedDimension, q.axis, 0);
  return builder.endObject();
}

function writeOperator(builder: Builder, operator: TfliteOperator, opcodeIndex: number): Offset {
  const inputs = ints(builder, operator.inputs);
  const outputs = ints(builder, operator.outputs);
  const options = operator.optionsType === 0 ? 0 : writeOptions(builder, operator.options);
  const { custom } = operator;
  const customOptions =
    custom === undefined
      ? 0
      : writeVector(builder, custom.options, 1, 1, (byte) => {
          builder.addInt8(byte);
        });
  builder.startObject(6);
  builder.addFieldInt32(OperatorField.opcodeIndex, opcodeIndex, 0);
  builder.addFieldOffset(OperatorField.inputs, inputs, 0);
  builder.addFieldOffset(OperatorField.outputs, outputs, 0);
  builder.addFieldInt8(OperatorField.builtinOptionsType, operator.optionsType, 0);
  builder.addFieldOffset(OperatorField.builtinOptions, options, 0);
  builder.addFieldOffset(OperatorField.customOptions, customOptions, 0);
  return builder.endObject();
}

function writeOptions(builder: Builder, options: readonly TfliteOption[]): Offset {
  const vectors = new Map(
    options.flatMap((o) => (typeof o.value === "number" ? [] : [[o.slot, ints(builder, o.value)] as const])),
  );
  builder.startObject(Math.max(0, ...options.map((o) => o.slot + 1)));
  for (const { slot, kind, value } of options) {
    const vector = vectors.get(slot);
    if (vector !== undefined) builder.addFieldOffset(slot, vector, 0);
    else if (kind === "byte") builder.addFieldInt8(slot, Number(value), 0);
    else if (kind === "int") builder.addFieldInt32(slot, Number(value), 0);
    else builder.addFieldFloat32(slot, Number(value), 0);
  }
  return builder.endObject();
}

function ints(builder: Builder, values: readonly number[]): Offset {
  return writeVector(builder, values, 4, 4, (value) => builder.addInt32(value));
}

function offsets(builder: Builder, values: readonly Offset[]): Offset {
  return writeVector(builder, values, 4, 4, (value) => builder.addOffset(value));
}

/** Flatbuffers grow from the end, so vectors are written last element first. */
function writeVector(
  builder: Builder,
  values: ArrayLike<number>,
  elementSize: number,
  alignment: number,
  add: (value: number) => void,
): Offset {
  builder.startVector(elementSize, values.length, alignment);
  for (let i = values.length - 1; i >= 0; i--) add(item(values, i));
  return builder.endVector();
}
