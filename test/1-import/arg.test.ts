/** ARG_MAX and ARG_MIN of both formats, from the file to the network's own output. */
import { describe, expect, it } from "vitest";
import { OperatorCode, OptionsType, TensorType } from "../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { quantise } from "../../src/3-quantise/ptq/index.ts";
import { answerTo } from "../../src/golden/answer.ts";
import { outputsOf } from "../../src/golden/outputs.ts";
import { runGolden, runNode } from "../../src/golden/run.ts";
import type { Graph } from "../../src/ir/graph.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { channelsLast, generator, noise, runOnnxFused } from "../support/onnx-runtime.ts";
import { problemsOf } from "../support/problems.ts";
import { ScaleDraft } from "../support/scale-draft.ts";
import { Draft } from "../support/tflite-draft.ts";

const places = { int32: TensorType.INT32, int64: TensorType.INT64 };

interface Choice {
  readonly shape: readonly number[];
  readonly axis: number;
  readonly type?: "int8" | "uint8";
  readonly code?: number;
  readonly result: readonly number[];
  readonly dtype?: keyof typeof places;
}

/** A network of ARG_MAX alone, and what stands behind it; without a CAST it makes the output's own type. */
function chosen(
  { shape, axis, type = "int8", code = OperatorCode.ARG_MAX, result, dtype = "int64" }: Choice,
  behind?: (draft: Draft, places: number) => number,
): Graph {
  const draft = new Draft(type);
  const input = draft.map("in", shape);
  const output = draft.tensor({ name: "place", shape: result, type: places[dtype] });
  const options = code === OperatorCode.ARG_MAX ? OptionsType.ArgMaxOptions : OptionsType.ArgMinOptions;
  draft.operator(code, [input, draft.ints("axis", [1], [axis])], output, options);
  return draft.import([input], [behind ? behind(draft, output) : output]);
}

const run = (graph: Graph, values: Int8Array) => outputsOf(runGolden(lower(runPasses(graph)), values));

describe("ARG_MAX of TFLite", () => {
  it("is the first of the greatest, in the output's own type", () => {
    const values = Int8Array.of(3, 9, -128, 9, 9);
    const graph = chosen({ shape: [1, 5], axis: -1, result: [1] });
    expect(run(graph, values)).toEqual([BigInt64Array.of(1n)]);
    const short = chosen({ shape: [1, 5], axis: 1, result: [1], dtype: "int32", type: "uint8" });
    expect(run(short, values)).toEqual([Int32Array.of(1)]);
    const least = chosen({ shape: [5], axis: 0, result: [], code: OperatorCode.ARG_MIN });
    expect(run(least, values)).toEqual([BigInt64Array.of(2n)]);
  });

  it.each([
    { axis: 1, result: [1, 3, 4] },
    { axis: 2, result: [1, 2, 4] },
    { axis: 3, result: [1, 2, 3] },
  ])("runs along axis $axis of a map", ({ axis, result }) => {
    const sizes = [2, 3, 4];
    const values = Int8Array.from({ length: 24 }, (_, i) => ((i * 37) % 11) - 5);
    const at = (place: readonly number[]) => values[(place[0]! * 3 + place[1]!) * 4 + place[2]!]!;
    const others = [0, 1, 2].filter((a) => a !== axis - 1);
    const wanted: number[] = [];
    for (let i = 0; i < sizes[others[0]!]!; i++)
      for (let k = 0; k < sizes[others[1]!]!; k++) {
        const line = Array.from({ length: sizes[axis - 1]! }, (_, n) => {
          const place = [0, 0, 0];
          place[others[0]!] = i;
          place[others[1]!] = k;
          place[axis - 1] = n;
          return at(place);
        });
        wanted.push(line.indexOf(Math.max(...line)));
      }
    expect(new Set(wanted).size).toBeGreaterThan(1);
    const graph = chosen({ shape: [1, ...sizes], axis, result, dtype: "int32" });
    expect(run(graph, values)).toEqual([Int32Array.from(wanted)]);
  });

  it("may be reshaped and converted", () => {
    const graph = chosen({ shape: [1, 2, 1, 3], axis: 3, result: [1, 2, 1] }, (draft, from) => {
      const flat = draft.tensor({ name: "flat", shape: [2], type: TensorType.INT64 });
      draft.operator(OperatorCode.RESHAPE, [from], flat, OptionsType.ReshapeOptions);
      const real = draft.tensor({ name: "real", shape: [2], type: TensorType.FLOAT32 });
      return draft.operator(OperatorCode.CAST, [flat], real, OptionsType.CastOptions);
    });
    expect(run(graph, Int8Array.of(0, 5, 1, 7, 2, 7))).toEqual([Float32Array.of(1, 0)]);
  });

  it("reads the integers in front of a dequantisation", () => {
    const draft = new Draft();
    const input = draft.map("in", [1, 4]);
    const real = draft.tensor({ name: "real", shape: [1, 4], type: TensorType.FLOAT32 });
    draft.operator(OperatorCode.DEQUANTIZE, [input], real, OptionsType.DequantizeOptions);
    const place = draft.tensor({ name: "place", shape: [1], type: TensorType.INT64 });
    draft.operator(
      OperatorCode.ARG_MAX,
      [real, draft.ints("axis", [], [1])],
      place,
      OptionsType.ArgMaxOptions,
    );
    const graph = draft.import([input], [place]);
    expect(run(graph, Int8Array.of(-3, 0, 8, 1))).toEqual([BigInt64Array.of(2n)]);
  });

  it("names the class that it chooses, and gives the places of a map as they are", () => {
    const vector = lower(runPasses(chosen({ shape: [1, 3], axis: 1, result: [1] })));
    const { top, values } = answerTo(
      runGolden({ ...vector, labels: ["cat", "dog", "owl"] }, Int8Array.of(1, 9, 4)),
    );
    expect(top.map(({ index, label }) => [index, label])).toEqual([
      [1, "dog"],
      [2, "owl"],
      [0, "cat"],
    ]);
    expect(values).toEqual([]);
    const map = lower(runPasses(chosen({ shape: [1, 1, 2, 2], axis: 3, result: [1, 1, 2] })));
    expect(answerTo(runGolden(map, Int8Array.of(1, 9, 4, 4)))).toEqual({ top: [], values: [1, 0] });
  });

  it("is refused along the batch, and with a layer behind it", () => {
    expect(problemsOf(() => chosen({ shape: [1, 5], axis: 0, result: [5] }))).toMatchObject([
      { code: "unsupported-attribute", found: "ARG_MAX over axis 0" },
    ]);
    const layered = chosen({ shape: [1, 2, 2, 3], axis: 3, result: [1, 2, 2] }, (draft, from) => {
      const real = draft.tensor({ name: "real", shape: [1, 2, 2], type: TensorType.FLOAT32 });
      draft.operator(OperatorCode.CAST, [from], real, OptionsType.CastOptions);
      const integers = draft.map("integers", [1, 2, 2]);
      draft.operator(OperatorCode.QUANTIZE, [real], integers, OptionsType.QuantizeOptions);
      return draft.dense(integers, draft.map("y", [1, 5]), [5, 4]);
    });
    expect(problemsOf(() => lower(runPasses(layered)))).toMatchObject([
      { code: "unsupported-operator", node: "integers", found: "quantize of what arg-max makes" },
      { code: "unsupported-operator", node: "y", found: "dense of what arg-max makes" },
    ]);
  });
});

describe("ArgMax of ONNX", () => {
  const next = generator(11);
  const shape = [1, 5, 4, 3];
  const cases = [
    { axis: 1, keepdims: 1, select_last_index: 0 },
    { axis: 1, keepdims: 0, select_last_index: 1 },
    { axis: -1, keepdims: 1, select_last_index: 1 },
    { axis: 2, keepdims: 0, select_last_index: 0 },
    { axis: 3, keepdims: 0, select_last_index: 0 },
  ];

  it.each(cases)("$axis, $keepdims, $select_last_index is ONNX Runtime's", async (attributes) => {
    for (const operator of ["ArgMax", "ArgMin"]) {
      const draft = new ScaleDraft("int8", 0.02, 0.05, shape, next);
      draft.node(operator, [draft.real()], "y", attributes);
      // few values: ties
      const input = Int8Array.from({ length: 60 }, () => Math.floor(4 * next()) - 2);
      const [wanted] = await runOnnxFused(draft.write(["y"], "int64"), [input], shape);
      expect(run(draft.import(["y"]), channelsLast(input, shape))).toEqual([wanted]);
    }
  });

  it("of a softmax, in another type, is the logits' own", () => {
    const draft = new ScaleDraft("uint8", 0.02, 0.05, [1, 10], next);
    draft.node("Softmax", [draft.real()], "s");
    draft.node("ArgMax", ["s"], "i", { axis: 1, keepdims: 0 });
    draft.node("Cast", ["i"], "y", { to: 6 });
    const graph = lower(runPasses(draft.import(["y"])));
    expect(graph.nodes).toEqual([]);
    const values = Int8Array.from({ length: 10 }, (_, i) => (i === 7 ? 100 : i));
    expect(outputsOf(runGolden(graph, values))).toEqual([Int32Array.of(7)]);
    expect(answerTo(runGolden(graph, values)).top[0]?.index).toBe(7);
  });

  it("stays behind a network that is quantised", async () => {
    const draft = new OnnxDraft();
    const weights = draft.constant("w", [6, 3, 1, 1], [...noise(18, next)]);
    draft.node("Conv", [draft.input("x", [1, 3, 4, 4]), weights], "c", { kernel_shape: [1, 1] });
    draft.node("ArgMax", ["c"], "y", { axis: 1, keepdims: 0 });
    const float = runPasses(draft.import(["y"]));
    const inputs = Array.from({ length: 4 }, () => noise(48, next));
    const { graph } = await quantise(float, inputs, { runNode });
    const lowered = lower(runPasses(graph));
    const result = runGolden(
      lowered,
      Int8Array.from({ length: 48 }, (_, i) => ((i * 53) % 255) - 127),
    );
    const [found] = outputsOf(result);
    const scores = result.maps.get(lowered.logits)!;
    const wanted = Array.from({ length: 16 }, (_, pixel) => {
      const row = scores.subarray(6 * pixel, 6 * pixel + 6);
      return BigInt(row.indexOf(Math.max(...row)));
    });
    expect(found).toEqual(BigInt64Array.from(wanted));
    expect(new Set(wanted).size).toBeGreaterThan(2);
  });
});
