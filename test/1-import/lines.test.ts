/** SOFTMAX, LOG_SOFTMAX and L2_NORMALIZATION from the file to the network's output. */
import { expect, it } from "vitest";
import {
  BinaryField,
  OperatorCode,
  OptionsType,
  SoftmaxField,
  TensorType,
} from "../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { quantise } from "../../src/3-quantise/ptq/index.ts";
import { divide } from "../../src/4-schedule/host.ts";
import { answerTo } from "../../src/golden/answer.ts";
import { outputsOf } from "../../src/golden/outputs.ts";
import { runGolden, runNode } from "../../src/golden/run.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { generator, noise } from "../support/onnx-runtime.ts";
import { problemsOf } from "../support/problems.ts";
import { ScaleDraft } from "../support/scale-draft.ts";
import { byte, Draft, type Scalar } from "../support/tflite-draft.ts";

const { LOG_SOFTMAX, L2_NORMALIZATION } = OperatorCode;

/** An operator alone on a map [1, 2, 4], to a scale and zero point. */
function alone(code: number, scale: number, zeroPoint: number, type: Scalar = "int8", activation = 0) {
  const draft = new Draft(type);
  const input = draft.map("in", [1, 2, 4], 20 / 255, 0);
  const output = draft.map("out", [1, 2, 4], scale, zeroPoint);
  const isLog = code === LOG_SOFTMAX;
  const options = isLog ? OptionsType.LogSoftmaxOptions : OptionsType.L2NormOptions;
  const slots = isLog ? [] : [byte(BinaryField.activation, activation)];
  draft.operator(code, [input], output, options, slots);
  return draft.import([input], [output]);
}

it("LOG_SOFTMAX of TFLite is along the last axis, and what it reads are the logits", () => {
  const graph = lower(runPasses(alone(LOG_SOFTMAX, 1 / 16, 127)));
  const result = runGolden(graph, Int8Array.of(0, -77, 26, 51, 38, -26, 127, 13));
  expect(outputsOf(result)).toEqual([Int8Array.of(61, -36, 93, 125, 15, -65, 127, -16)]);
  expect(graph.logits).toBe(graph.input);
  // two positions are no classes
  expect(answerTo(result).top).toEqual([]);
});

/** SOFTMAX of a map [1, 2, 4] to 16 bits. */
function wide(scale: number, zeroPoint: number) {
  const draft = new Draft();
  const input = draft.map("in", [1, 2, 4], 0.05, 0);
  const quantization = Draft.whole(scale, zeroPoint);
  const output = draft.tensor({ name: "out", shape: [1, 2, 4], type: TensorType.INT16, quantization });
  const beta = [{ slot: SoftmaxField.beta, kind: "float" as const, value: 1 }];
  draft.operator(OperatorCode.SOFTMAX, [input], output, OptionsType.SoftmaxOptions, beta);
  return lower(runPasses(draft.import([input], [output])));
}

it("SOFTMAX of TFLite goes to 16 bits, too", () => {
  const graph = wide(2 ** -16, -(2 ** 15));
  const values = [10, 20, 30, 40, -128, 127, 127, 0];
  const [found] = outputsOf(runGolden(graph, Int8Array.from(values)));
  expect(found).toBeInstanceOf(Int16Array);
  for (const first of [0, 4]) {
    const powers = values.slice(first, first + 4).map((x) => Math.exp(0.05 * x));
    const sum = powers.reduce((a, b) => a + b);
    powers.forEach((power, i) => {
      const real = (65536 * power) / sum - 32768;
      expect(Math.abs(Number(found![first + i]) - real)).toBeLessThanOrEqual(1);
    });
  }
  expect(problemsOf(() => wide(2 ** -15, 0))).toMatchObject([
    { code: "unsupported-quantization", found: `softmax to int16 of scale ${2 ** -15}, zero point 0` },
  ]);
});

it("L2_NORMALIZATION of TFLite is along the last axis", () => {
  const graph = lower(runPasses(alone(L2_NORMALIZATION, 1 / 128, 0)));
  const [found] = outputsOf(runGolden(graph, Int8Array.of(3, -4, 0, 0, 8, 0, 0, 6)));
  expect(found).toEqual(Int8Array.of(77, -102, 0, 0, 102, 0, 0, 77));
  expect(divide(graph).hostNodes.map(({ kind }) => kind)).toEqual(["l2-normalization"]);
});

it("other scales, uint8 and activations are refused", () => {
  expect(problemsOf(() => lower(runPasses(alone(LOG_SOFTMAX, 1 / 8, 127))))).toMatchObject([
    { code: "unsupported-quantization", found: "log-softmax to scale 0.125, zero point 127" },
  ]);
  expect(problemsOf(() => alone(LOG_SOFTMAX, 1 / 16, 255, "uint8"))).toMatchObject([
    { code: "unsupported-type", found: "LOG_SOFTMAX of uint8" },
  ]);
  expect(problemsOf(() => alone(L2_NORMALIZATION, 1 / 128, 0, "int8", 1))).toMatchObject([
    { code: "unsupported-activation", found: "fused activation relu" },
  ]);
});

it("ONNX's Softmax along rows of a quantised network is computed in floats, as the file has it", () => {
  const next = generator(4);
  for (const operator of ["Softmax", "LogSoftmax"] as const) {
    const draft = new ScaleDraft("int8", 0.05, 0.05, [1, 3, 4, 2], next);
    draft.node(operator, [draft.real()], "y", { axis: 2 });
    const graph = lower(runPasses(draft.import(["y"])));
    expect(graph.tail?.nodes).toMatchObject([
      { kind: "dequantize" },
      { kind: operator === "Softmax" ? "real-softmax" : "real-log-softmax", axes: [1] },
    ]);
    const values = Int8Array.from({ length: 24 }, () => Math.floor(100 * next()) - 50);
    const result = runGolden(graph, values);
    const [found] = outputsOf(result);
    // shares of a map are no classes: the answer is their real values
    const answer = answerTo(result);
    expect(answer.top).toEqual([]);
    expect(answer.values).toEqual(Array.from(found!, Number));
    // [C, H, W] of ONNX from [H, W, C]
    for (let c = 0; c < 3; c++)
      for (let x = 0; x < 2; x++) {
        const line = [0, 1, 2, 3].map((y) => Math.exp(0.05 * values[(y * 2 + x) * 3 + c]!));
        const sum = line.reduce((a, b) => a + b);
        line.forEach((share, y) => {
          const real = operator === "Softmax" ? share / sum : Math.log(share / sum);
          expect(found![(c * 4 + y) * 2 + x]).toBeCloseTo(real, 5);
        });
      }
  }
});

it("a float network with LogSoftmax is quantised to the kernel's format", async () => {
  const next = generator(9);
  const draft = new OnnxDraft();
  const weights = draft.constant("w", [6, 48], [...noise(288, next)]);
  const flat = draft.node("Flatten", [draft.input("x", [1, 3, 4, 4])], "f");
  draft.node("Gemm", [flat, weights], "g", { transB: 1 });
  draft.node("LogSoftmax", ["g"], "y");
  const inputs = Array.from({ length: 4 }, () => noise(48, next));
  const { graph } = await quantise(runPasses(draft.import(["y"])), inputs, { runNode });
  const lowered = lower(runPasses(graph));
  const output = lowered.maps.get(lowered.outputs[0]!);
  expect([output?.scale, output?.zeroPoint]).toEqual([1 / 16, 127]);
  const result = runGolden(
    lowered,
    Int8Array.from({ length: 48 }, (_, i) => ((i * 53) % 255) - 127),
  );
  const scores = [...result.maps.get(lowered.logits)!];
  expect(answerTo(result).top[0]?.index).toBe(scores.indexOf(Math.max(...scores)));
});
