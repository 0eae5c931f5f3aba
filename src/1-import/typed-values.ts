import type { DType, TensorData } from "../ir/graph.ts";

/** Little-endian bytes, as the machines that Node runs on, as values of `dtype`; a whole number of them. */
export function typedValues(bytes: Uint8Array, dtype: DType): TensorData {
  // A copy: the file's data need not be aligned, and no view should keep the whole file alive.
  const copy = new Uint8Array(bytes).buffer;
  switch (dtype) {
    case "float32":
      return new Float32Array(copy);
    case "int8":
      return new Int8Array(copy);
    case "int16":
      return new Int16Array(copy);
    case "int32":
      return new Int32Array(copy);
    case "int64":
      return new BigInt64Array(copy);
    case "uint8":
    case "bool":
      return new Uint8Array(copy);
  }
}
