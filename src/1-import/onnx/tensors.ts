/** TensorProto -> constant. */
import type { DType, TensorData } from "../../ir/graph.ts";
import { elements, showShape } from "../../ir/shapes.ts";
import type { Report } from "./attributes.ts";
import type { FileTensor } from "./file.ts";
import { DataType, dataTypeName } from "./schema.ts";
import type { ConstantValue } from "./values.ts";
import { typedValues } from "../typed-values.ts";
import { typeAdvice } from "../unknown-type.ts";

const DTYPES: Readonly<Record<number, DType>> = {
  [DataType.FLOAT]: "float32",
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

/** Beyond any network; keeps damaged files from asking for gigabytes. */
const MOST_ELEMENTS = 1 << 28;

export function dtypeOf(code: number): DType | undefined {
  return DTYPES[code];
}

/** Undefined after a report. */
export function readConstant(tensor: FileTensor, report: Report): ConstantValue | undefined {
  const dtype = dtypeOf(tensor.dataType);
  const { name, dims, rawData } = tensor;
  if (tensor.dataLocation !== 0) {
    const file = tensor.externalData.find(({ key }) => key === "location")?.value;
    report(
      "unsupported-tensor",
      `data in another file${file === undefined ? "" : `, ${file}`}`,
      "data inside the .onnx file",
      "load it where both files are and save it as one: onnx.save_model(onnx.load(FILE), NEW)",
    );
    return undefined;
  }
  if (!dtype) {
    const supported = Object.keys(DTYPES)
      .map((code) => dataTypeName(Number(code)))
      .join(", ");
    const type = dataTypeName(tensor.dataType);
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
  const data = rawData.length > 0 ? fromRaw(rawData, dtype, count) : fromTyped(tensor, dtype, count);
  if (data) return { kind: "constant", name, shape: dims, dtype, data };
  const found = rawData.length > 0 ? `${rawData.length} bytes of data` : "another number of values";
  const supported = `${count} values of ${dtype} for ${showShape(dims)}`;
  report("corrupt-file", found, supported, "export the network again");
  return undefined;
}

function fromRaw(raw: Uint8Array, dtype: DType, count: number): TensorData | undefined {
  if (raw.length !== count * BYTES[dtype]) return undefined;
  return typedValues(raw, dtype);
}

/** Types below 32 bits share `int32_data`. */
function fromTyped(tensor: FileTensor, dtype: DType, count: number): TensorData | undefined {
  const { floatData, int32Data, int64Data } = tensor;
  const values = dtype === "float32" ? floatData : dtype === "int64" ? int64Data : int32Data;
  if (values.length !== count) return undefined;
  switch (dtype) {
    case "float32":
      return Float32Array.from(values);
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
