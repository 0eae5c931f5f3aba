/** QDQ networks in spellings of their own: the golden model against ONNX Runtime, value for value. */
import { describe, expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { answerTo } from "../../src/golden/answer.ts";
import { outputsOf } from "../../src/golden/outputs.ts";
import { runGolden } from "../../src/golden/run.ts";
import { compareWithOnnx } from "../support/onnx-golden.ts";
import { generator, runOnnxFused } from "../support/onnx-runtime.ts";
import { ScaleDraft } from "../support/scale-draft.ts";

const next = generator(2024);
const MAP = [1, 8, 6, 6];

const conv = (d: ScaleDraft, name: string, from: string, size: number) =>
  d.node("Conv", [from, d.weights(`${name}/w`, [8, 8, size, size], 0.004)], name, {
    pads: Array.from({ length: 4 }, () => (size - 1) / 2),
  });

const CASES: Readonly<Record<string, (d: ScaleDraft) => string>> = {
  "a pair for each reader": (d) => {
    const first = conv(d, "first", d.real(), 3);
    const scale = d.scale(0.05, 3);
    const pairs = ["a", "b"].map((name) => {
      d.node("QuantizeLinear", [first, ...scale], `${name}/q`);
      return d.node("DequantizeLinear", [`${name}/q`, ...scale], name);
    });
    const [a = "", b = ""] = pairs;
    const second = d.through(conv(d, "second", a, 1), d.scale(0.08, -2));
    return d.node("Add", [b, second], "sum");
  },
  "a mean and its reshape without a pair between": (d) => {
    const map = d.through(conv(d, "first", d.real(), 3), d.scale(0.05, 3));
    const mean = d.node("ReduceMean", [map], "mean", { axes: [2, 3] });
    return d.node("Reshape", [mean, d.constant("flat", [2], [1, -1], "int64")], "r");
  },
  "a max pool without a pair in front": (d) =>
    d.node("MaxPool", [conv(d, "first", d.real(), 3)], "pool", { kernel_shape: [2, 2], strides: [2, 2] }),
  "a squeezed map without a pair in front": (d) => {
    const map = d.through(conv(d, "first", d.real(), 3), d.scale(0.05, 3));
    const pool = d.node("GlobalAveragePool", [map], "gap");
    const one = d.node("Squeeze", [pool, d.constant("a", [1], [3], "int64")], "s3");
    return d.node("Squeeze", [one, d.constant("b", [1], [2], "int64")], "s2");
  },
};

describe.each(Object.entries(CASES))("%s", (_, make) => {
  it.each(["uint8", "int8"] as const)("of %s", async (type) => {
    const draft = new ScaleDraft(type, 0.02, 0.05, MAP, next);
    draft.node("QuantizeLinear", [make(draft), ...draft.to], "y");
    const { different, values } = await compareWithOnnx(draft, MAP, type, next);
    expect(values).toBeGreaterThan(0);
    expect(different).toBe(0);
  });
});

it("a last softmax of any scale is the host's, in floats as the file has them", async () => {
  const draft = new ScaleDraft("int8", 0.02, 0.05, [1, 10], next);
  const scale = draft.scale(1 / 255, -128);
  draft.node("Softmax", [draft.real()], "s");
  draft.node("QuantizeLinear", ["s", ...scale], "q");
  draft.node("DequantizeLinear", ["q", ...scale], "y");
  const graph = { ...lower(runPasses(draft.import(["y"]))), labels: Array.from("abcdefghij") };
  expect(graph.tail?.nodes.map(({ kind }) => kind)).toEqual([
    ...["dequantize", "real-softmax", "function", "copy"],
  ]);
  expect(graph.maps.get(graph.logits)).toMatchObject({ scale: Math.fround(0.02), zeroPoint: -7 });
  const values = Int8Array.of(-128, 3, 127, 4, 126, 0, -50, 88, 127, 1);
  const result = runGolden(graph, values);
  const [shares] = outputsOf(result);
  const powers = Array.from(values, (value) => Math.exp(0.02 * value));
  const sum = powers.reduce((a, b) => a + b);
  expect(shares).toBeInstanceOf(Float32Array);
  // rounded to the steps of the file
  const steps = powers.map((power) => Math.min(255, Math.round((255 * power) / sum)));
  steps.forEach((step, i) => expect(shares?.[i]).toBeCloseTo(step / 255, 6));
  const [wanted = []] = await runOnnxFused(draft.write(["y"], "float32"), [values], [1, 10]);
  for (const [i, share] of Array.from(wanted).entries())
    expect(Math.abs(share - Number(shares?.[i]))).toBeLessThanOrEqual(1.001 / 255);
  expect(
    answerTo(result)
      .top.slice(0, 3)
      .map(({ label, score }) => [label, score.toFixed(5)]),
  ).toEqual(["c", "i", "e"].map((label) => [label, (powers["abcdefghij".indexOf(label)]! / sum).toFixed(5)]));
});
