/** TensorProto -> constant. */
import type { DType, TensorData } from "../../ir/graph.ts";
import { elements, showShape } from "../../ir/shapes.ts";
import type { Report } from "./attributes.ts";
import type { FileTensor } from "./file.ts";
import { DataType, dataTypeName } from "./schema.ts";
import type { ConstantValue } from "./values.ts";
import type { ExternalFiles } from "./external.ts";
import { narrowFloats, wideFloats } from "./floats.ts";
import { typedValues } from "../typed-values.ts";
import { typeAdvice } from "../unknown-type.ts";

/** What a constant becomes: floats of any width are floats of 32 bits. */
const DTYPES: Readonly<Record<number, DType>> = {
  [DataType.FLOAT]: "float32",
  [DataType.FLOAT16]: "float32",
  [DataType.BFLOAT16]: "float32",
  [DataType.DOUBLE]: "float32",
  [DataType.UINT8]: "uint8",
  [DataType.INT8]: "int8",
  [DataType.INT16]: "int16",
  [DataType.INT32]: "int32",
  [DataType.INT64]: "int64",
  [DataType.BOOL]: "bool",
};

const BYTES: Readonly<Record<DType, number>> = {
  float32: 4,
  int32: 4,
  int64: 8,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** Of a value in the file, where it is not that of the type it becomes. */
const OTHER_BYTES: Readonly<Record<number, number>> = {
  [DataType.FLOAT16]: 2,
  [DataType.BFLOAT16]: 2,
  [DataType.DOUBLE]: 8,
};

/** Beyond any network; keeps damaged files from asking for gigabytes. */
const MOST_ELEMENTS = 1 << 28;

export function dtypeOf(code: number): DType | undefined {
  return DTYPES[code];
}

/** Undefined after a report. */
export function readConstant(
  tensor: FileTensor,
  files: ExternalFiles,
  report: Report,
): ConstantValue | undefined {
  const dtype = dtypeOf(tensor.dataType);
  const { dataType, name, dims } = tensor;
  const type = dataTypeName(dataType);
  if (!dtype) {
    const supported = Object.keys(DTYPES)
      .map((code) => dataTypeName(Number(code)))
      .join(", ");
    report("unsupported-type", type, supported, typeAdvice(type));
    return undefined;
  }
  const count = elements(dims);
  if (dims.some((n) => !Number.isInteger(n) || n < 0) || count > MOST_ELEMENTS) {
    report(
      "unsupported-shape",
      `a constant ${showShape(dims)}`,
      `at most ${MOST_ELEMENTS} elements`,
      "export the network again",
    );
    return undefined;
  }
  const size = count * (OTHER_BYTES[dataType] ?? BYTES[dtype]);
  const rawData = tensor.dataLocation === 1 ? files.read(tensor, size, report) : tensor.rawData;
  if (!rawData) return undefined;
  const isRaw = tensor.dataLocation === 1 || rawData.length > 0;
  const data = isRaw ? fromRaw(rawData, dataType, dtype, size) : fromTyped(tensor, dtype, count);
  const isOtherFloat = dtype === "float32" && dataType !== DataType.FLOAT;
  if (data)
    return { kind: "constant", name, shape: dims, dtype, data, ...(isOtherFloat && { storedAs: type }) };
  const found = isRaw ? `${rawData.length} bytes of data` : "another number of values";
  const supported = `${count} values of ${dtype} for ${showShape(dims)}`;
  report("corrupt-file", found, supported, "export the network again");
  return undefined;
}

function fromRaw(raw: Uint8Array, code: number, dtype: DType, size: number): TensorData | undefined {
  if (raw.length !== size) return undefined;
  switch (code) {
    case DataType.FLOAT16:
    case DataType.BFLOAT16:
      return narrowFloats(new Int16Array(new Uint8Array(raw).buffer), code === DataType.BFLOAT16);
    case DataType.DOUBLE:
      return wideFloats(raw);
    default:
      return typedValues(raw, dtype);
  }
}

/** Types below 32 bits share `int32_data`. */
function fromTyped(tensor: FileTensor, dtype: DType, count: number): TensorData | undefined {
  const { dataType, doubleData, floatData, int32Data, int64Data } = tensor;
  const isNarrow = dataType === DataType.FLOAT16 || dataType === DataType.BFLOAT16;
  const floats = dataType === DataType.DOUBLE ? doubleData : isNarrow ? int32Data : floatData;
  const values = dtype === "float32" ? floats : dtype === "int64" ? int64Data : int32Data;
  if (values.length !== count) return undefined;
  switch (dtype) {
    case "float32":
      return isNarrow ? narrowFloats(values, dataType === DataType.BFLOAT16) : Float32Array.from(values);
    case "int8":
      return Int8Array.from(values);
    case "int16":
      return Int16Array.from(values);
    case "int32":
      return Int32Array.from(values);
    case "int64":
      return BigInt64Array.from(values, BigInt);
    case "uint8":
    case "bool":
      return Uint8Array.from(values);
  }
}
