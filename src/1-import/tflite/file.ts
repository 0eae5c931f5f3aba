/** A .tflite file as plain objects: what it says, checked for structure only. */
import {
  boolField,
  bytesOf,
  CorruptFileError,
  float32sOf,
  hasField,
  int32Field,
  int32sOf,
  int64sOf,
  int8Field,
  rootTable,
  stringField,
  tableField,
  tablesOf,
  uint32Field,
  uint64Field,
  uint8Field,
  vectorField,
} from "../flatbuffer.ts";
import type { Table } from "../flatbuffer.ts";
import { describedBy, type Described } from "./metadata.ts";
import { METADATA_NAME } from "./metadata-schema.ts";
import {
  BufferField,
  FILE_IDENTIFIER,
  MetadataField,
  ModelField,
  OperatorCode,
  OPERATOR_NAMES,
  OperatorCodeField,
  OperatorField,
  QuantizationField,
  SubGraphField,
  TensorField,
} from "./schema.ts";

export interface FileOperator {
  readonly index: number;
  readonly code: number;
  /** Such as `CONV_2D`, or `CUSTOM FlexErf`. */
  readonly operator: string;
  /** The name of a custom operator. */
  readonly custom?: string;
  /** Tensor indices; -1 for an input that is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly optionsType: number;
  readonly options: Table | undefined;
  /** Of a custom operator. */
  readonly customOptions?: Uint8Array;
  /** Of a convolution of a batch that holds the pixels of one map. */
  readonly dilated?: Dilation;
  /** Of a shuffle that reshapes wrote: the channel that each is. */
  readonly shuffled?: readonly number[];
}

/** What surrounds a convolution of a batch, down and across. */
export interface Dilation {
  readonly block: readonly [number, number];
  /** Rows and columns that the map is padded by, less those that are cropped from the result. */
  readonly before: readonly [number, number];
  readonly after: readonly [number, number];
}

export interface FileQuantization {
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  readonly axis: number;
  readonly custom: boolean;
}

export interface FileTensor {
  readonly index: number;
  readonly name: string;
  readonly shape: readonly number[];
  readonly shapeSignature: readonly number[];
  readonly type: number;
  readonly buffer: number;
  readonly quantization: FileQuantization | undefined;
  readonly variable: boolean;
  readonly sparse: boolean;
}

export interface TfliteFile {
  readonly version: number;
  readonly subgraphs: number;
  readonly tensors: readonly FileTensor[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly operators: readonly FileOperator[];
  /** Views into the file; empty where a tensor has no constant data. */
  readonly buffers: readonly Uint8Array[];
  /** What the file says of its pictures and classes. */
  readonly described?: Described;
}

type OperatorKind = Pick<FileOperator, "code" | "operator" | "custom">;

/** More than any network has; keeps a damaged file from costing memory. */
const MAX_RANK = 8;
const MAX_ITEMS = 1 << 16;

/** @throws CorruptFileError where an offset, a length or an index points outside the file. */
export function readTfliteFile(bytes: Uint8Array): TfliteFile {
  const model = rootTable(bytes, FILE_IDENTIFIER);
  const codes = [...tables(model, ModelField.operatorCodes, "operator code")].map(readOperatorCode);
  const buffers = [...tables(model, ModelField.buffers, "buffer")].map((table) => readBuffer(table, bytes));
  const graphs = [...tables(model, ModelField.subgraphs, "subgraph")];
  const main = graphs[0];
  if (!main) throw new CorruptFileError("no subgraph");
  const tensors = [...tables(main, SubGraphField.tensors, "tensor")].map(readTensor);
  const operators = [...tables(main, SubGraphField.operators, "operator")].map((table, index) =>
    readOperator(table, index, codes),
  );
  const inputs = indices(main, SubGraphField.inputs, "graph inputs");
  const outputs = indices(main, SubGraphField.outputs, "graph outputs");
  for (const tensor of tensors) {
    if (tensor.buffer >= Math.max(1, buffers.length)) {
      throw new CorruptFileError(`tensor ${tensor.index} names buffer ${tensor.buffer} of ${buffers.length}`);
    }
  }
  const used = [
    ...inputs,
    ...outputs,
    ...operators.flatMap((o) => [...o.inputs.filter((i) => i !== -1), ...o.outputs]),
  ];
  const wrong = used.find((index) => index < 0 || index >= tensors.length);
  if (wrong !== undefined) throw new CorruptFileError(`tensor index ${wrong} of ${tensors.length}`);
  const version = uint32Field(model, ModelField.version, 0);
  const metadata = metadataOf(model, buffers);
  const described = metadata && describedBy(metadata, bytes, tensors[inputs[0] ?? -1]?.shape.at(-1) ?? 1);
  const base = { version, subgraphs: graphs.length, tensors, inputs, outputs, operators, buffers };
  return { ...base, ...(described && { described }) };
}

function metadataOf(model: Table, buffers: readonly Uint8Array[]): Uint8Array | undefined {
  const entries = [...tables(model, ModelField.metadata, "metadata")];
  const entry = entries.find((one) => stringField(one, MetadataField.name) === METADATA_NAME);
  return entry && buffers[uint32Field(entry, MetadataField.buffer, 0)];
}

function tables(table: Table, slot: number, what: string): Generator<Table> {
  const vector = vectorField(table, slot, 4, `list of ${what}s`);
  if (vector && vector.length > MAX_ITEMS) throw new CorruptFileError(`${vector.length} ${what}s`);
  return tablesOf(vector, what);
}

function indices(table: Table, slot: number, what: string): number[] {
  const vector = vectorField(table, slot, 4, what);
  if (vector && vector.length > MAX_ITEMS) throw new CorruptFileError(`${vector.length} ${what}`);
  return int32sOf(vector);
}

function readOperatorCode(table: Table): OperatorKind {
  // Old files have only the byte; new ones put large codes in the int and a placeholder in the byte.
  const deprecated = int8Field(table, OperatorCodeField.deprecatedBuiltinCode, 0);
  const code = Math.max(deprecated, int32Field(table, OperatorCodeField.builtinCode, 0));
  const name = OPERATOR_NAMES[code] ?? `operator code ${code}`;
  if (code !== OperatorCode.CUSTOM) return { code, operator: name };
  const custom = stringField(table, OperatorCodeField.customCode, 128);
  return { code, operator: `CUSTOM ${custom}`, custom };
}

function readBuffer(table: Table, file: Uint8Array): Uint8Array {
  const data = bytesOf(vectorField(table, BufferField.data, 1, "buffer data"));
  const offset = uint64Field(table, BufferField.offset);
  if (data.length > 0 || offset <= 1n) return data;
  const end = offset + uint64Field(table, BufferField.size);
  if (end > BigInt(file.length)) throw new CorruptFileError(`buffer data at byte ${offset} outside the file`);
  return file.subarray(Number(offset), Number(end));
}

function readTensor(table: Table, index: number): FileTensor {
  const shape = indices(table, TensorField.shape, `shape of tensor ${index}`);
  if (shape.length > MAX_RANK) throw new CorruptFileError(`tensor ${index} of ${shape.length} dimensions`);
  const signature = indices(table, TensorField.shapeSignature, `shape signature of tensor ${index}`);
  return {
    index,
    name: stringField(table, TensorField.name),
    shape,
    shapeSignature: signature.slice(0, MAX_RANK),
    type: int8Field(table, TensorField.type, 0),
    buffer: uint32Field(table, TensorField.buffer, 0),
    quantization: readQuantization(tableField(table, TensorField.quantization, "quantization")),
    variable: boolField(table, TensorField.isVariable),
    sparse: hasField(table, TensorField.sparsity),
  };
}

function readQuantization(table: Table | undefined): FileQuantization | undefined {
  if (!table) return undefined;
  const scale = vectorField(table, QuantizationField.scale, 4, "scales");
  const zeroPoint = vectorField(table, QuantizationField.zeroPoint, 8, "zero points");
  if ([scale, zeroPoint].some((vector) => vector && vector.length > MAX_ITEMS)) {
    throw new CorruptFileError(`${scale?.length} scales, ${zeroPoint?.length} zero points`);
  }
  return {
    scales: float32sOf(scale),
    zeroPoints: int64sOf(zeroPoint).map(Number),
    axis: int32Field(table, QuantizationField.quantizedDimension, 0),
    custom: uint8Field(table, QuantizationField.detailsType, 0) !== 0,
  };
}

function customOptions(table: Table, index: number): Uint8Array {
  return bytesOf(vectorField(table, OperatorField.customOptions, 1, `options of operator ${index}`));
}

function readOperator(table: Table, index: number, codes: readonly OperatorKind[]): FileOperator {
  const code = codes[uint32Field(table, OperatorField.opcodeIndex, 0)];
  if (!code) throw new CorruptFileError(`operator ${index} names an operator code outside the list`);
  return {
    index,
    ...code,
    inputs: indices(table, OperatorField.inputs, `inputs of operator ${index}`),
    outputs: indices(table, OperatorField.outputs, `outputs of operator ${index}`),
    optionsType: uint8Field(table, OperatorField.builtinOptionsType, 0),
    options: tableField(table, OperatorField.builtinOptions, `options of operator ${index}`),
    ...(code.custom !== undefined && { customOptions: customOptions(table, index) }),
  };
}
