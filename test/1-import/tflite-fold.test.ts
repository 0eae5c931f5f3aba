/** Operators of constants and of shapes in TFLite files: computed at import, so that what they feed is a constant. */
import { describe, expect, it } from "vitest";
import { OperatorCode, OPERATOR_NAMES, TensorType } from "../../src/1-import/tflite/schema.ts";
import { foldConstants } from "../../src/1-import/tflite/fold/index.ts";
import type { DType, Tensor, TensorData, TensorId } from "../../src/ir/graph.ts";
import { readTfliteFile } from "../../src/1-import/tflite/file.ts";
import type { TfliteOption } from "../../src/zoo/tflite-writer.ts";
import { codesOf, problemsOf } from "../support/problems.ts";
import { byte, Draft, int } from "../support/tflite-draft.ts";

const code = (name: string) => OPERATOR_NAMES.indexOf(name);

interface Operand {
  readonly shape: readonly number[];
  /** Absent for a map. */
  readonly values?: readonly number[];
  readonly dtype?: DType;
  readonly quantization?: Tensor["quantization"];
}

const vector = (...values: number[]): Operand => ({ shape: [values.length], values });
const one = (value: number): Operand => ({ shape: [], values: [value] });
const ARRAYS = { int8: Int8Array, int32: Int32Array, float32: Float32Array } as const;

/** What an operator makes of its operands, int32 unless said otherwise; undefined where it is not folded. */
function folded(
  name: string,
  operands: readonly Operand[],
  options: readonly TfliteOption[] = [],
  result: Partial<Operand> = {},
  outputs = 1,
): { shape: readonly number[]; data: TensorData | undefined }[] | undefined {
  const draft = new Draft();
  const ids = operands.map((_, i) => draft.ints(`operand ${i}`, [1], [0]));
  const made = Array.from({ length: outputs }, (_, i) => draft.ints(`result ${i}`, [1], [0]));
  // any table of options: a reader knows it by its slots
  draft.operators.push({ code: code(name), version: 1, inputs: ids, outputs: made, optionsType: 1, options });
  const tensors = new Map<TensorId, Tensor>();
  for (const [id, { shape, values, dtype = "int32", quantization }] of operands.entries()) {
    const data = values && { data: ARRAYS[dtype as keyof typeof ARRAYS].from(values) as TensorData };
    tensors.set(id, {
      id,
      name: `operand ${id}`,
      shape,
      dtype,
      ...data,
      ...(quantization && { quantization }),
    });
  }
  const { dtype = "int32", quantization } = result;
  for (const id of made)
    tensors.set(id, { id, name: `result ${id}`, shape: [99], dtype, ...(quantization && { quantization }) });
  const { operators } = readTfliteFile(draft.write([], []));
  if (foldConstants(operators, tensors).size === 0) return undefined;
  return made.map((id) => ({ shape: tensors.get(id)!.shape, data: tensors.get(id)!.data }));
}

const ints = (shape: readonly number[], ...values: number[]) => [{ shape, data: Int32Array.from(values) }];
const grid: Operand = { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] };

describe("folds", () => {
  it.each([
    ["SHAPE", [{ shape: [1, 7, 5, 3] }], [], ints([4], 1, 7, 5, 3)],
    ["RANK", [{ shape: [1, 7, 5, 3] }], [], ints([], 4)],
    ["STRIDED_SLICE", [vector(1, 7, 5, 3), vector(1), vector(3), vector(1)], [], ints([2], 7, 5)],
    ["STRIDED_SLICE", [vector(1, 7, 5, 3), vector(-1), vector(0), vector(1)], [int(4, 1)], ints([], 3)],
    [
      "STRIDED_SLICE",
      [vector(1, 7, 5, 3), vector(0), vector(0), vector(-1)],
      [int(0, 1), int(1, 1)],
      ints([4], 3, 5, 7, 1),
    ],
    ["STRIDED_SLICE", [grid, vector(0, 1), vector(2, 2), vector(1, 1)], [int(4, 2)], ints([2], 2, 5)],
    ["SLICE", [grid, vector(0, 1), vector(-1, 2)], [], ints([2, 2], 2, 3, 5, 6)],
    ["PACK", [one(1), one(7), one(8)], [int(0, 3)], ints([3], 1, 7, 8)],
    ["PACK", [vector(1, 2), vector(3, 4)], [int(0, 2), int(1, 1)], ints([2, 2], 1, 3, 2, 4)],
    ["CONCATENATION", [vector(1, 2), vector(3)], [int(0, 0)], ints([3], 1, 2, 3)],
    [
      "CONCATENATION",
      [grid, { shape: [2, 1], values: [7, 8] }],
      [int(0, -1)],
      ints([2, 4], 1, 2, 3, 7, 4, 5, 6, 8),
    ],
    ["GATHER", [vector(1, 7, 5, 3), vector(2, 1)], [], ints([2], 5, 7)],
    ["GATHER", [grid, one(2)], [int(0, 1)], ints([2], 3, 6)],
    ["RESHAPE", [grid, vector(3, -1)], [], ints([3, 2], 1, 2, 3, 4, 5, 6)],
    ["TRANSPOSE", [grid, vector(1, 0)], [], ints([3, 2], 1, 4, 2, 5, 3, 6)],
    ["EXPAND_DIMS", [vector(4, 5), one(-1)], [], ints([2, 1], 4, 5)],
    ["SQUEEZE", [{ shape: [1, 2, 1], values: [4, 5] }], [], ints([2], 4, 5)],
    ["FILL", [vector(2, 2), one(7)], [], ints([2, 2], 7, 7, 7, 7)],
    ["BROADCAST_TO", [{ shape: [2, 1], values: [4, 5] }, vector(2, 2)], [], ints([2, 2], 4, 4, 5, 5)],
    ["RANGE", [one(1), one(8), one(3)], [], ints([3], 1, 4, 7)],
    ["ADD", [grid, vector(10, 20, 30)], [], ints([2, 3], 11, 22, 33, 14, 25, 36)],
    ["SUB", [one(10), vector(1, 2)], [], ints([2], 9, 8)],
    ["MUL", [vector(3, -4), vector(5)], [], ints([2], 15, -20)],
    ["DIV", [vector(7, -7), one(2)], [], ints([2], 3, -3)],
    ["FLOOR_DIV", [vector(7, -7), one(2)], [], ints([2], 3, -4)],
    ["FLOOR_MOD", [vector(7, -7), one(2)], [], ints([2], 1, 1)],
    ["MAXIMUM", [vector(1, 5), one(3)], [], ints([2], 3, 5)],
    ["MINIMUM", [vector(1, 5), one(3)], [], ints([2], 1, 3)],
    ["EQUAL", [vector(1, 5), one(5)], [], ints([2], 0, 1)],
    ["NOT_EQUAL", [vector(1, 5), one(5)], [], ints([2], 1, 0)],
    ["LESS", [vector(1, 5, 6), one(5)], [], ints([3], 1, 0, 0)],
    ["LESS_EQUAL", [vector(1, 5, 6), one(5)], [], ints([3], 1, 1, 0)],
    ["GREATER", [vector(1, 5, 6), one(5)], [], ints([3], 0, 0, 1)],
    ["GREATER_EQUAL", [vector(1, 5, 6), one(5)], [], ints([3], 0, 1, 1)],
    ["NEG", [vector(1, -5)], [], ints([2], -1, 5)],
    ["ABS", [vector(1, -5)], [], ints([2], 1, 5)],
    ["SUM", [grid, vector(1)], [], ints([2], 6, 15)],
    ["REDUCE_PROD", [grid, vector(0)], [byte(0, 1)], ints([1, 3], 4, 10, 18)],
    ["REDUCE_MAX", [grid, vector(0, 1)], [], ints([], 6)],
    ["REDUCE_MIN", [grid, one(-1)], [], ints([2], 1, 4)],
    ["CAST", [{ shape: [2], values: [2.7, -2.7], dtype: "float32" as const }], [], ints([2], 2, -2)],
  ])("%s", (name, operands, options, result) => {
    expect(folded(name, operands, options)).toEqual(result);
  });

  it("UNPACK into each of its outputs", () => {
    expect(folded("UNPACK", [grid], [int(0, 3), int(1, 1)], {}, 3)).toEqual([
      ...ints([2], 1, 4),
      ...ints([2], 2, 5),
      ...ints([2], 3, 6),
    ]);
  });

  it("DEQUANTIZE with a scale a channel, QUANTIZE away from zero and within the type", () => {
    const quantization = { scales: [0.5, 0.25], zeroPoints: [1, 0], axis: 1 };
    const small = { shape: [2, 2], values: [3, 3, -1, 8], dtype: "int8" as const, quantization };
    expect(folded("DEQUANTIZE", [small], [], { dtype: "float32" })?.[0]?.data).toEqual(
      Float32Array.of(1, 0.75, -1, 2),
    );
    const real = { shape: [4], values: [1.25, -1.25, 0.1, 900], dtype: "float32" as const };
    const to = { dtype: "int8" as const, quantization: { scales: [0.5], zeroPoints: [1], axis: 0 } };
    expect(folded("QUANTIZE", [real], [], to)?.[0]?.data).toEqual(Int8Array.of(4, -2, 1, 127));
  });

  it.each([
    ["a map", "ADD", [{ shape: [2] }, vector(1, 2)], []],
    ["a division by zero", "DIV", [vector(1), one(0)], []],
    ["an index outside", "GATHER", [vector(1), one(1)], []],
    ["an ellipsis", "STRIDED_SLICE", [vector(1), vector(0), vector(1), vector(1)], [int(2, 1)]],
    ["sizes that do not fit", "ADD", [vector(1, 2), vector(1, 2, 3)], []],
    ["gigabytes", "FILL", [vector(1 << 15, 1 << 15), one(1)], []],
  ] as const)("leave %s alone", (_, name, operands, options) => {
    expect(folded(name, operands, options)).toBeUndefined();
  });
});

describe("networks", () => {
  it("whose reshape reads a shape that the network computes", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 8]), draft.map("out", [1, 1, 1, 8])];
    const shape = draft.tensor({ name: "shape", shape: [2], type: TensorType.INT32 });
    const batch = draft.tensor({ name: "batch", shape: [], type: TensorType.INT32 });
    const sizes = draft.tensor({ name: "sizes", shape: [4], type: TensorType.INT32 });
    draft.operator(code("SHAPE"), [input], shape);
    const [zero, first] = [draft.ints("zero", [1], [0]), draft.ints("one", [1], [1])];
    draft.operator(code("STRIDED_SLICE"), [shape, zero, first, first], batch);
    const size = draft.ints("eight", [], [8]);
    const none = draft.ints("1", [], [1]);
    draft.operator(code("PACK"), [batch, none, none, size], sizes, 0);
    draft.operator(OperatorCode.RESHAPE, [input, sizes], output);
    const graph = draft.import([input], [output]);
    expect(graph.nodes).toMatchObject([{ kind: "reshape", sources: [3], name: "out" }]);
    expect(graph.tensors.get(sizes)?.data).toEqual(Int32Array.of(1, 1, 1, 8));
  });

  it("with half-float weights are float networks", () => {
    const draft = new Draft("float32");
    const [input, output] = [draft.map("in", [1, 2, 2, 1]), draft.map("out", [1, 2, 2, 2])];
    const halves = Uint16Array.of(0x3c00, 0xc000);
    const data = new Uint8Array(halves.buffer);
    const half = draft.tensor({ name: "half", shape: [2, 1, 1, 1], type: TensorType.FLOAT16, data });
    const weights = draft.map("weights", [2, 1, 1, 1]);
    draft.operator(OperatorCode.DEQUANTIZE, [half], weights);
    draft.operator(OperatorCode.CONV_2D, [input, weights], output, 1, [int(1, 1), int(2, 1)]);
    const graph = draft.import([input], [output]);
    expect(graph.nodes).toMatchObject([{ kind: "conv", inputs: [input, weights], sources: [1] }]);
    expect(graph.tensors.get(weights)?.data).toEqual(Float32Array.of(1, -2));
  });

  it("with 8-bit weights between float maps are float networks", () => {
    const draft = new Draft("int8");
    const float = (name: string) => draft.tensor({ name, shape: [1, 2, 2, 2], type: TensorType.FLOAT32 });
    const [input, output] = [float("in"), float("out")];
    const scales = { scales: [0.5, 0.25], zeroPoints: [0, 0], axis: 0 };
    const weights = draft.constant("w", [2, 1, 1, 2], [1, 2, 3, -4], scales);
    draft.operator(OperatorCode.CONV_2D, [input, weights], output, 1, [int(1, 1), int(2, 1)]);
    const graph = draft.import([input], [output]);
    const read = graph.tensors.get(graph.nodes[0]!.inputs[1]!);
    expect(read).toMatchObject({ name: "w", dtype: "float32", data: Float32Array.of(0.5, 1, 0.75, -1) });
  });

  it("with 4-bit weights have them as int8", () => {
    const draft = new Draft("int8");
    const [input, output] = [draft.map("in", [1, 2, 2, 1]), draft.map("out", [1, 2, 2, 3])];
    const quantization = Draft.whole(0.5, 0);
    const data = Uint8Array.of(0x87, 0x0f);
    const weights = draft.tensor({
      name: "w",
      shape: [3, 1, 1, 1],
      type: TensorType.INT4,
      data,
      quantization,
    });
    draft.operator(OperatorCode.CONV_2D, [input, weights], output, 1, [int(1, 1), int(2, 1)]);
    const graph = draft.import([input], [output]);
    expect(graph.tensors.get(weights)).toMatchObject({ dtype: "int8", data: Int8Array.of(7, -8, -1) });
  });

  it.each([[[2]], [[1, 2, 1]]])("with a bias of any quantisation axis, of shape %j", (shape) => {
    const draft = new Draft("int8");
    const [input, output] = [draft.map("in", [1, 2, 2, 1]), draft.map("out", [1, 2, 2, 2])];
    const weights = draft.constant("w", [2, 1, 1, 1], [1, 2], {
      scales: [1, 2],
      zeroPoints: [0, 0],
      axis: 0,
    });
    const quantization = { scales: [0.5, 1], zeroPoints: [0, 0], axis: 3 };
    const data = new Uint8Array(Int32Array.of(5, 6).buffer);
    const bias = draft.tensor({ name: "b", shape, type: TensorType.INT32, data, quantization });
    draft.operator(OperatorCode.CONV_2D, [input, weights, bias], output, 1, [int(1, 1), int(2, 1)]);
    const graph = draft.import([input], [output]);
    const read = graph.tensors.get(graph.nodes[0]!.inputs[2]!);
    expect(read).toMatchObject({
      shape: [2],
      data: Int32Array.of(5, 6),
      quantization: { ...quantization, axis: 0 },
    });
  });

  it("with a batch of -1 have one of 1, other open sizes are refused", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [-1, 4]), draft.map("out", [-1, 4])];
    draft.operator(OperatorCode.RELU, [input], output);
    expect(draft.import([input], [output]).tensors.get(input)?.shape).toEqual([1, 4]);
    const open = new Draft();
    const [from, to] = [open.map("in", [1, -1]), open.map("out", [1, -1])];
    open.operator(OperatorCode.RELU, [from], to);
    expect(codesOf(() => open.import([from], [to]))).toContain("unsupported-shape");
  });

  it("refuse maps of half floats", () => {
    const draft = new Draft();
    const half = (name: string) => draft.tensor({ name, shape: [1, 4], type: TensorType.FLOAT16 });
    const [input, output] = [half("in"), half("out")];
    draft.operator(OperatorCode.RELU, [input], output);
    expect(problemsOf(() => draft.import([input], [output]))[0]?.found).toBe("FLOAT16");
  });
});
