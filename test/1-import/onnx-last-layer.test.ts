/** Layers of QDQ networks whose results nothing quantises: every value that ONNX Runtime gives. */
import { describe, expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { answerTo } from "../../src/golden/answer.ts";
import { outputsOf } from "../../src/golden/outputs.ts";
import { runGolden } from "../../src/golden/run.ts";
import { classesOf } from "../../src/ir/integer.ts";
import { elements } from "../../src/ir/shapes.ts";
import { channelsLast, generator, runOnnxFused } from "../support/onnx-runtime.ts";
import { ScaleDraft, type Byte } from "../support/scale-draft.ts";

const SCALES = { map: 0.0213, weights: 0.0071 };
const PRODUCT = Math.fround(Math.fround(SCALES.map) * Math.fround(SCALES.weights));

/** The network's float output against ONNX Runtime's, on one input. */
async function agree(draft: ScaleDraft): Promise<ReturnType<typeof lower>> {
  const { shape, type } = draft;
  const next = generator(7);
  const low = type === "int8" ? -128 : 0;
  const make = type === "int8" ? Int8Array : Uint8Array;
  const input = new make(Array.from({ length: elements(shape) }, () => low + Math.floor(256 * next())));
  const [wanted] = await runOnnxFused(draft.write(["y"], "float32"), [input], shape);
  const graph = lower(runPasses(draft.import(["y"])));
  const result = runGolden(
    graph,
    Int8Array.from(channelsLast(input, shape), (x) => x - low - 128),
  );
  expect(outputsOf(result)).toEqual([wanted]);
  expect(new Set(wanted).size).toBeGreaterThan(2);
  return graph;
}

describe.each(["uint8", "int8"] as const)("of %s", (type: Byte) => {
  const drafted = (shape: readonly number[]) => new ScaleDraft(type, SCALES.map, 0.05, shape, generator(3));

  it.each(["none", "int32", "float"] as const)("Gemm with bias %s", async (kind) => {
    for (const transB of [0, 1]) {
      const draft = drafted([1, 70]);
      const weights = draft.weights("w", transB ? [10, 70] : [70, 10], SCALES.weights);
      const floats = Array.from({ length: 10 }, (_, k) => 0.37 * k - 1);
      const bias = {
        none: () => [],
        int32: () => [draft.bias("b", 10, PRODUCT)],
        float: () => [draft.constant("b", [10], floats)],
      }[kind];
      draft.node("Gemm", [draft.real(), weights, ...bias()], "y", { transB });
      const graph = await agree(draft);
      const [layer] = graph.tail?.nodes ?? [];
      const isExact = layer?.kind === "layer" && layer.sums.order === undefined;
      expect(isExact).toBe(kind !== "float");
    }
  });

  it("MatMul, also with a sum behind it and a Relu", async () => {
    const alone = drafted([1, 70]);
    alone.node("MatMul", [alone.real(), alone.weights("w", [70, 10], SCALES.weights)], "y");
    await agree(alone);
    const draft = drafted([1, 70]);
    draft.node("MatMul", [draft.real(), draft.weights("w", [70, 10], SCALES.weights)], "product");
    draft.node("Add", ["product", draft.bias("b", 10, PRODUCT)], "sum");
    draft.node("Relu", ["sum"], "y");
    await agree(draft);
  });

  it("convolutions, whole, in groups and depthwise", async () => {
    for (const [group, outputs] of [
      [1, 12],
      [7, 14],
      [70, 70],
    ] as const) {
      const draft = drafted([1, 70, 5, 4]);
      const weights = draft.weights("w", [outputs, 70 / group, 3, 3], SCALES.weights);
      draft.node("Conv", [draft.real(), weights, draft.bias("b", outputs, PRODUCT)], "y", {
        ...{ group, pads: [1, 1, 1, 1] },
      });
      // the output is [1, H, W, C] of the file's [1, C, H, W]
      await agree(draft);
    }
  });
});

it("its values rate classes where their names, or a softmax, say so", () => {
  const draft = new ScaleDraft("uint8", SCALES.map, 0.05, [1, 6], generator(3));
  draft.node("Gemm", [draft.real(), draft.weights("w", [6, 3], SCALES.weights)], "y");
  const graph = lower(runPasses(draft.import(["y"])));
  expect([classesOf(graph), graph.macs]).toEqual([3, 0]);
  const input = Int8Array.of(100, -3, 7, 60, -90, 5);
  const [logits] = outputsOf(runGolden(graph, input));
  const values = Array.from(logits ?? [], Number);
  expect(answerTo(runGolden(graph, input))).toEqual({ top: [], values });
  const { top } = answerTo(runGolden({ ...graph, labels: ["cat", "dog", "owl"] }, input));
  const best = values.indexOf(Math.max(...values));
  const total = values.reduce((sum, x) => sum + Math.exp(x), 0);
  expect(top[0]?.label).toBe(["cat", "dog", "owl"][best]);
  expect(top[0]?.score).toBeCloseTo(Math.exp(values[best] ?? NaN) / total, 12);
});
