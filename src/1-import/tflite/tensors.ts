/** Tensors of the file -> tensors of the graph, with every reason why one cannot be. */
import type { Problem } from "../../ir/errors.ts";
import type { DType, Quantization, Tensor, TensorData } from "../../ir/graph.ts";
import { elements, showShape } from "../../ir/shapes.ts";
import { MAX_ELEMENTS, zeroPointRange } from "../../ir/verify.ts";
import { RECONVERT } from "./context.ts";
import type { FileQuantization, FileTensor } from "./file.ts";
import { TensorType } from "./schema.ts";
import { halfFloats, nibbles, typedValues } from "../typed-values.ts";
import { typeAdvice } from "../unknown-type.ts";

/** What the graph reads a type of the file as. Half floats are widened, and 4-bit weights unpacked: both exactly. */
const DTYPES: ReadonlyMap<number, DType> = new Map([
  [TensorType.FLOAT32, "float32"],
  [TensorType.FLOAT16, "float32"],
  [TensorType.INT8, "int8"],
  [TensorType.INT4, "int8"],
  [TensorType.UINT8, "uint8"],
  [TensorType.INT16, "int16"],
  [TensorType.INT32, "int32"],
  [TensorType.INT64, "int64"],
  [TensorType.BOOL, "bool"],
]);

/** Types that only stored tensors may have. */
const STORED_ONLY: ReadonlySet<number> = new Set([TensorType.FLOAT16, TensorType.INT4]);

/**
 * Checks one tensor that an operator or the graph names; `tensor` is absent when a problem was reported. A batch of -1
 * is the one that Firebrick computes.
 */
export function readTensor(stated: FileTensor, buffer: Uint8Array): { tensor?: Tensor; problems: Problem[] } {
  const file = stated.shape[0] === -1 ? { ...stated, shape: stated.shape.with(0, 1) } : stated;
  const node = file.name || `tensor ${file.index}`;
  const problems: Problem[] = [];
  const report = (code: string, found: string, supported: string, fix: string) =>
    problems.push({ code, node, found, supported, fix });
  const isMap = buffer.length === 0;
  const dtype = isMap && STORED_ONLY.has(file.type) ? undefined : DTYPES.get(file.type);
  if (!dtype) {
    const name =
      Object.entries(TensorType).find(([, value]) => value === file.type)?.[0] ?? `type ${file.type}`;
    const supported = "FLOAT32, INT8, UINT8 (FLOAT16, INT4, INT16, INT32, INT64, BOOL as constants)";
    report("unsupported-type", name, supported, typeAdvice(name));
  }
  if (file.variable)
    report("unsupported-tensor", "a variable tensor", "tensors without state", "remove recurrent layers");
  if (file.sparse)
    report("unsupported-tensor", "a sparse tensor", "dense tensors", "convert without sparsity");
  checkShape(file, report);
  const quantization = checkQuantization(file, dtype, report);
  const data = dtype && problems.length === 0 && !isMap ? constant(file, dtype, buffer, report) : undefined;
  if (problems.length > 0 || !dtype) return { problems };
  const base = { id: file.index, name: node, shape: file.shape, dtype };
  return { problems, tensor: { ...base, ...(quantization && { quantization }), ...(data && { data }) } };
}

type Report = (code: string, found: string, supported: string, fix: string) => void;

function checkShape(file: FileTensor, report: Report): void {
  if (file.shape.some((n) => n < 1)) {
    report("unsupported-shape", `shape ${showShape(file.shape)}`, "dimensions of 1 or more", RECONVERT);
  } else if (elements(file.shape) > MAX_ELEMENTS) {
    report(
      "unsupported-shape",
      `shape ${showShape(file.shape)}`,
      `at most ${MAX_ELEMENTS} values`,
      "use a smaller tensor",
    );
  }
}

function checkQuantization(
  file: FileTensor,
  dtype: DType | undefined,
  report: Report,
): Quantization | undefined {
  const q: FileQuantization | undefined = file.quantization;
  if (!q || (q.scales.length === 0 && !q.custom)) return undefined;
  const zeroPoints = q.zeroPoints.length === 0 ? q.scales.map(() => 0) : q.zeroPoints;
  if (q.custom) {
    report("unsupported-quantization", "custom quantisation", "scale and zero point", RECONVERT);
    return undefined;
  }
  const axis = channelAxis(file.shape, q.axis);
  const channels = q.scales.length === 1 ? 1 : file.shape[axis];
  if (q.scales.length !== channels || zeroPoints.length !== q.scales.length) {
    const found = `${q.scales.length} scales and ${zeroPoints.length} zero points along axis ${axis} of ${showShape(file.shape)}`;
    report("invalid-quantization", found, "one of each, or one a channel", RECONVERT);
  }
  if (!q.scales.every((scale) => Number.isFinite(scale) && scale >= 0)) {
    report("invalid-quantization", "a scale below 0 or not finite", "scales above 0", RECONVERT);
  }
  const [low, high] = zeroPointRange(dtype);
  const outside = zeroPoints.find((z) => !Number.isInteger(z) || z < low || z > high);
  if (outside !== undefined) {
    report("invalid-quantization", `zero point ${outside}`, `zero points of ${low} to ${high}`, RECONVERT);
  }
  return { scales: q.scales, zeroPoints, axis };
}

/** TFLite takes the scales of a bias in order, whatever axis the file names: a vector has only one, also as [1, 1, 1, K]. */
function channelAxis(shape: readonly number[], stated: number): number {
  const [only = 0, ...others] = shape.flatMap((n, axis) => (n === 1 ? [] : [axis]));
  return shape.length === 1 || others.length === 0 ? only : stated;
}

const ELEMENT_BITS: Record<DType, number> = {
  float32: 32,
  int32: 32,
  int64: 64,
  int16: 16,
  int8: 8,
  uint8: 8,
  bool: 8,
};

function constant(
  file: FileTensor,
  dtype: DType,
  buffer: Uint8Array,
  report: Report,
): TensorData | undefined {
  const count = elements(file.shape);
  const [isHalf, isNibble] = [file.type === TensorType.FLOAT16, file.type === TensorType.INT4];
  const bits = isHalf ? 16 : isNibble ? 4 : ELEMENT_BITS[dtype];
  const bytes = Math.ceil((count * bits) / 8);
  if (bytes !== buffer.length) {
    const found = `${buffer.length} bytes of data`;
    report(
      "corrupt-file",
      found,
      `${bytes} bytes for ${dtype} ${showShape(file.shape)}`,
      "download or convert the file again",
    );
    return undefined;
  }
  if (isHalf) return halfFloats(buffer);
  return isNibble ? nibbles(buffer, count) : typedValues(buffer, dtype);
}
