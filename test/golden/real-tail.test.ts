/** Float operators behind the last dequantisation of a network, from the file to its outputs. */
import { describe, expect, it } from "vitest";
import {
  BinaryField,
  ConcatenationField,
  OperatorCode,
  OptionsType,
  SoftmaxField,
  TensorType,
} from "../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { answerTo } from "../../src/golden/answer.ts";
import { outputsOf } from "../../src/golden/outputs.ts";
import { runGolden } from "../../src/golden/run.ts";
import { problemsOf } from "../support/problems.ts";
import { byte, Draft, int } from "../support/tflite-draft.ts";

const { fround } = Math;

/** A draft of an int8 input of scale 0.3, zero point 2, and its real values. */
function dequantised(shape: readonly number[]) {
  const draft = new Draft();
  const input = draft.map("in", shape, 0.3, 2);
  const value = (name: string, own: readonly number[]) =>
    draft.tensor({ name, shape: own, type: TensorType.FLOAT32 });
  const stored = (own: readonly number[], values: readonly number[]) =>
    draft.tensor({
      ...{ name: `constant ${draft.tensors.length}`, shape: own, type: TensorType.FLOAT32 },
      data: new Uint8Array(Float32Array.from(values).buffer),
    });
  const real = value("real", shape);
  draft.operator(OperatorCode.DEQUANTIZE, [input], real, OptionsType.DequantizeOptions);
  const run = (outputs: readonly number[], values: readonly number[]) =>
    outputsOf(runGolden(lower(runPasses(draft.import([input], outputs))), Int8Array.from(values))).map(
      (list) => Array.from(list, Number),
    );
  return { draft, input, real, value, stored, run };
}

const realOf = (q: number) => fround(fround(0.3) * (q - 2));

describe("float operators at the end", () => {
  it("have TFLite's limits of LOGISTIC and its order of roundings", () => {
    const { draft, real, value, run } = dequantised([1, 6]);
    const logistic = draft.operator(OperatorCode.LOGISTIC, [real], value("logistic", [1, 6]));
    const swish = draft.operator(OperatorCode.HARD_SWISH, [real], value("swish", [1, 6]));
    const values = [-128, -29, -28, 2, 57, 58];
    const wanted = values.map(realOf).map((x) => {
      if (x > 16.619047164916992) return 1;
      const power = fround(Math.exp(x < -9 ? x : -x));
      return x < -9 ? power : fround(1 / fround(1 + power));
    });
    const [found, gated] = run([logistic, swish], values);
    expect(found).toEqual(wanted);
    expect(found?.slice(4)).toEqual([fround(1 / fround(1 + fround(Math.exp(-realOf(57))))), 1]);
    expect(gated?.slice(1, 4)).toEqual([-0, -0, 0]);
    expect(gated?.[5]).toBe(fround(fround(realOf(58) * 6) / 6));
  });

  it("are shares in the order of reference_ops::Softmax, which rate classes", () => {
    const { draft, input, real, value } = dequantised([1, 3]);
    const beta = { slot: SoftmaxField.beta, kind: "float" as const, value: 1 };
    const output = value("shares", [1, 3]);
    draft.operator(OperatorCode.SOFTMAX, [real], output, OptionsType.SoftmaxOptions, [beta]);
    const graph = lower(runPasses(draft.import([input], [output])));
    const result = runGolden(graph, Int8Array.of(5, 12, -40));
    const powers = [5, 12, -40].map((q) => fround(Math.exp(fround(realOf(q) - realOf(12)))));
    const sum = powers.reduce((total, power) => fround(total + power), 0);
    expect(outputsOf(result)).toEqual([Float32Array.from(powers, (power) => power / sum)]);
    expect(answerTo(result).top.map(({ index }) => index)).toEqual([1, 0, 2]);
  });

  it("stretch operands, keep the place of constants and clamp", () => {
    const { draft, real, run, stored, value } = dequantised([1, 1, 2, 3]);
    const operator = (code: number, inputs: readonly number[], options: number, activation: number) =>
      draft.operator(code, inputs, value(`of ${code}`, [1, 1, 2, 3]), options, [
        byte(BinaryField.activation, activation),
      ]);
    const row = stored([3], [1, -2, 0.1]);
    const column = stored([1, 1, 2, 1], [0.7, 3]);
    const outputs = [
      operator(OperatorCode.SUB, [row, real], OptionsType.SubOptions, 0),
      operator(OperatorCode.MUL, [real, column], OptionsType.MulOptions, 1),
      operator(OperatorCode.MAXIMUM, [real, row], OptionsType.MaximumMinimumOptions, 0),
    ];
    const q = [9, -7, 2, 30, 5, -1];
    const [difference, product, larger] = run(outputs, q);
    const rows = [1, -2, fround(0.1)];
    expect(difference).toEqual(q.map((x, i) => fround(rows[i % 3]! - realOf(x))));
    expect(product).toEqual(q.map((x, i) => Math.max(0, fround(realOf(x) * (i < 3 ? fround(0.7) : 3)))));
    expect(larger).toEqual(q.map((x, i) => Math.max(realOf(x), rows[i % 3]!)));
  });

  it("are joined and cut behind operators that differ", () => {
    const { draft, real, run, value } = dequantised([1, 2, 2]);
    const logistic = draft.operator(OperatorCode.LOGISTIC, [real], value("logistic", [1, 2, 2]));
    const joined = draft.operator(
      OperatorCode.CONCATENATION,
      [real, logistic],
      value("joined", [1, 2, 4]),
      OptionsType.ConcatenationOptions,
      [int(ConcatenationField.axis, 2)],
    );
    const places = [draft.ints("begin", [3], [0, 1, 1]), draft.ints("size", [3], [1, 1, 2])];
    const cut = draft.operator(
      OperatorCode.SLICE,
      [joined, ...places],
      value("cut", [1, 1, 2]),
      OptionsType.SliceOptions,
    );
    const flat = draft.operator(
      OperatorCode.RESHAPE,
      [joined],
      value("flat", [8]),
      OptionsType.ReshapeOptions,
    );
    const [part, all] = run([cut, flat], [1, 2, 3, 4]);
    const gate = (q: number) => fround(1 / fround(1 + fround(Math.exp(-realOf(q)))));
    expect(all).toEqual([realOf(1), 0, gate(1), 0.5, realOf(3), realOf(4), gate(3), gate(4)]);
    expect(part).toEqual([realOf(4), gate(3)]);
  });

  it("have shapes that no map of integers has", () => {
    const { draft, real, run, value } = dequantised([1, 2, 4]);
    const shaped = draft.operator(
      OperatorCode.RESHAPE,
      [real],
      value("shaped", [1, 2, 1, 2, 2]),
      OptionsType.ReshapeOptions,
    );
    const [found] = run(
      [draft.operator(OperatorCode.RELU, [shaped], value("positive", [1, 2, 1, 2, 2]))],
      [9, 1, 2, 3, -4, 5, 6, 7],
    );
    expect(found).toEqual([9, 1, 2, 3, -4, 5, 6, 7].map((q) => Math.max(0, realOf(q))));
  });

  it("are refused where what follows has no form on the host", () => {
    const { draft, input, real, value } = dequantised([1, 3]);
    const logistic = draft.operator(OperatorCode.LOGISTIC, [real], value("logistic", [1, 3]));
    const output = value("normal", [1, 3]);
    draft.operator(OperatorCode.L2_NORMALIZATION, [logistic], output, OptionsType.L2NormOptions);
    const problems = problemsOf(() => lower(runPasses(draft.import([input], [output]))));
    expect(problems.map(({ code, node }) => [code, node])).toContainEqual(["unsupported-operator", "normal"]);
  });
});
