import type { DType, TensorData } from "../ir/graph.ts";
import { item } from "../ir/known.ts";

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

/** Little-endian IEEE 754 binary16, widened: every value is a float32 value. */
export function halfFloats(bytes: Uint8Array): Float32Array {
  const words = new Uint16Array(new Uint8Array(bytes).buffer);
  return Float32Array.from(words, (word) => {
    const sign = word >> 15 ? -1 : 1;
    const exponent = (word >> 10) & 31;
    const fraction = word & 1023;
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  });
}

/** Two signed values of 4 bits a byte, the low ones first. */
export function nibbles(bytes: Uint8Array, count: number): Int8Array {
  return Int8Array.from({ length: count }, (_, i) => {
    const bits = (item(bytes, i >> 1) >> (4 * (i & 1))) & 15;
    return bits < 8 ? bits : bits - 16;
  });
}
