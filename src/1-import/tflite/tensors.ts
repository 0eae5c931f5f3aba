/** Tensors of the file -> tensors of the graph, with every reason why one cannot be. */
import type { Problem } from "../../ir/errors.ts";
import type { DType, Quantization, Tensor, TensorData } from "../../ir/graph.ts";
import { elements, showShape } from "../../ir/shapes.ts";
import { MAX_ELEMENTS, zeroPointRange } from "../../ir/verify.ts";
import { RECONVERT } from "./context.ts";
import type { FileQuantization, FileTensor } from "./file.ts";
import { TensorType } from "./schema.ts";
import { typedValues } from "../typed-values.ts";
import { typeAdvice } from "../unknown-type.ts";

const DTYPES: ReadonlyMap<number, DType> = new Map([
  [TensorType.FLOAT32, "float32"],
  [TensorType.INT8, "int8"],
  [TensorType.UINT8, "uint8"],
  [TensorType.INT16, "int16"],
  [TensorType.INT32, "int32"],
  [TensorType.INT64, "int64"],
  [TensorType.BOOL, "bool"],
]);

/** Checks one tensor that an operator or the graph names; `tensor` is absent when a problem was reported. */
export function readTensor(file: FileTensor, buffer: Uint8Array): { tensor?: Tensor; problems: Problem[] } {
  const node = file.name || `tensor ${file.index}`;
  const problems: Problem[] = [];
  const report = (code: string, found: string, supported: string, fix: string) =>
    problems.push({ code, node, found, supported, fix });
  const dtype = DTYPES.get(file.type);
  if (!dtype) {
    const name =
      Object.entries(TensorType).find(([, value]) => value === file.type)?.[0] ?? `type ${file.type}`;
    const supported = "FLOAT32, INT8, UINT8 (INT16, INT32, INT64, BOOL as constants)";
    report("unsupported-type", name, supported, typeAdvice(name));
  }
  if (file.variable)
    report("unsupported-tensor", "a variable tensor", "tensors without state", "remove recurrent layers");
  if (file.sparse)
    report("unsupported-tensor", "a sparse tensor", "dense tensors", "convert without sparsity");
  checkShape(file, report);
  const quantization = checkQuantization(file, dtype, report);
  const data =
    dtype && problems.length === 0 && buffer.length > 0 ? constant(file, dtype, buffer, report) : undefined;
  if (problems.length > 0 || !dtype) return { problems };
  const base = { id: file.index, name: node, shape: file.shape, dtype };
  return { problems, tensor: { ...base, ...(quantization && { quantization }), ...(data && { data }) } };
}

type Report = (code: string, found: string, supported: string, fix: string) => void;

function checkShape(file: FileTensor, report: Report): void {
  // Converters write -1 for the batch and 1 in the shape: that is the batch of one that Firebrick computes.
  if (file.shapeSignature.some((n, axis) => n < 0 && axis > 0)) {
    const found = `shape ${showShape(file.shapeSignature)}`;
    report("dynamic-shape", found, "sizes known at conversion", "convert with a fixed input size");
  }
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
  const channels = q.scales.length === 1 ? 1 : file.shape[q.axis];
  if (q.scales.length !== channels || zeroPoints.length !== q.scales.length) {
    const found = `${q.scales.length} scales and ${zeroPoints.length} zero points along axis ${q.axis} of ${showShape(file.shape)}`;
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
  return { scales: q.scales, zeroPoints, axis: q.axis };
}

const ELEMENT_BYTES: Record<DType, number> = {
  float32: 4,
  int32: 4,
  int64: 8,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

function constant(
  file: FileTensor,
  dtype: DType,
  buffer: Uint8Array,
  report: Report,
): TensorData | undefined {
  const bytes = elements(file.shape) * ELEMENT_BYTES[dtype];
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
  return typedValues(buffer, dtype);
}
