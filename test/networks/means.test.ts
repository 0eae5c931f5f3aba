/** Means over channels, and over channels with rows or columns, in the middle and at the end of networks: through the hardware. */
import { expect, it } from "vitest";
import { OperatorCode, OptionsType, ReducerField } from "../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { quantise } from "../../src/3-quantise/ptq/index.ts";
import { runNode } from "../../src/golden/run.ts";
import { generator } from "../support/onnx-runtime.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { ScaleDraft } from "../support/scale-draft.ts";
import { byte, Draft, type Scalar } from "../support/tflite-draft.ts";
import { accelerators, expectBitExact, noise, outputsAlone } from "./accelerator.ts";

const accelerator = accelerators();

/** A gate of one value a pixel, as in spatial attention, and two more means of the gated map. */
function attention(type: Scalar) {
  const draft = new Draft(type);
  const zero = type === "uint8" ? 120 : -8;
  const map = (shape: readonly number[], scale: number) =>
    draft.map(`map ${draft.tensors.length}`, shape, scale, zero);
  const mean = (
    from: number,
    axes: readonly number[],
    shape: readonly number[],
    keeps: boolean,
    scale: number,
  ) => {
    const list = draft.ints(`axes ${draft.tensors.length}`, [axes.length], axes);
    const options = [byte(ReducerField.keepDims, Number(keeps))];
    return draft.operator(
      OperatorCode.MEAN,
      [from, list],
      map(shape, scale),
      OptionsType.ReducerOptions,
      options,
    );
  };
  const input = draft.map("in", [1, 5, 6, 3], 0.5, zero);
  const first = draft.conv(input, map([1, 5, 6, 12], 7.1), [12, 1, 1, 3]);
  const gate = mean(first, [3], [1, 5, 6, 1], true, 3.3);
  const gated = draft.operator(
    OperatorCode.MUL,
    [first, gate],
    map([1, 5, 6, 12], 900),
    OptionsType.MulOptions,
  );
  const outputs = [
    mean(gated, [1, 3], [1, 6], false, 410),
    mean(gated, [3], [1, 5, 6], false, 410),
    mean(gated, [1, 2, 3], [1], false, 410),
  ];
  return lower(runPasses(draft.import([input], outputs)));
}

it.each([
  ["int8", "8x8"],
  ["uint8", "4x4"],
] as const)("as TFLite's, %s on %s", async (type, array) => {
  const graph = attention(type);
  const { outputs } = await outputsAlone(accelerator, graph, array);
  expect(outputs.map(({ length }) => length)).toEqual([6, 30, 1]);
  expect(new Set([...outputs[1]!].map(Number)).size).toBeGreaterThan(8);
});

it("between conversions of ONNX, where no sum is a tie", async () => {
  const draft = new ScaleDraft("int8", 0.0213, 0.00613, [1, 3, 5, 6], generator(33));
  const map = draft.through(
    draft.node("Conv", [draft.real(), draft.weights("w", [11, 3, 1, 1], 0.013)], "conv"),
    draft.scale(0.01713, 3),
  );
  draft.node("QuantizeLinear", [draft.node("ReduceMean", [map], "r", { axes: [1] }), ...draft.to], "y");
  const graph = lower(runPasses(draft.import(["y"])));
  expect(graph.nodes.at(-1)).not.toHaveProperty("floats");
  const { outputs } = await outputsAlone(accelerator, graph, "4x4");
  expect(outputs[0]).toHaveLength(30);
});

it("beside the greatest of the channels, as in a CBAM gate of ONNX", async () => {
  const draft = new ScaleDraft("uint8", 0.0213, 0.0417, [1, 3, 5, 6], generator(35));
  const scale = draft.scale(0.01713, 3);
  const conv = draft.node("Conv", [draft.real(), draft.weights("w", [11, 3, 1, 1], 0.013)], "conv");
  const map = draft.through(conv, scale);
  const greatest = draft.through(draft.node("ReduceMax", [map], "greatest", { axes: [1] }), scale);
  const mean = draft.through(draft.node("ReduceMean", [map], "mean", { axes: [1] }), scale);
  const both = draft.through(draft.node("Concat", [greatest, mean], "both", { axis: 1 }), scale);
  const weights = draft.weights("gate/w", [1, 2, 3, 3], 0.021);
  draft.node("Conv", [both, weights], "gate", { pads: [1, 1, 1, 1] });
  draft.node("QuantizeLinear", ["gate", ...draft.to], "y");
  const graph = lower(runPasses(draft.import(["y"])));
  const { outputs } = await outputsAlone(accelerator, graph, "4x4");
  expect(new Set(Array.from(outputs[0]!, Number)).size).toBeGreaterThan(15);
});

it("of a float network that is quantised", async () => {
  const draft = new OnnxDraft();
  const next = generator(7);
  const weights = Array.from({ length: 24 }, () => next() - 0.5);
  draft.node("Conv", [draft.input("x", [1, 3, 6, 6]), draft.constant("w", [8, 3, 1, 1], weights)], "c");
  draft.node("Mul", ["c", draft.node("ReduceMean", ["c"], "m", { axes: [1] })], "y");
  const preprocess = { mean: [128, 128, 128], std: [64, 64, 64], channelOrder: "rgb" } as const;
  const pictures = [1, 2].map(() => Uint8Array.from({ length: 108 }, () => 256 * next()));
  const { graph, layers } = await quantise(draft.import(["y"]), pictures, { preprocess, runNode });
  expect(layers.every(({ snrDb }) => (snrDb ?? 99) > 25)).toBe(true);
  const own = lower(runPasses(graph));
  expectBitExact(await accelerator([own], "4x4", "bytes=8,latency=40").run(0, [noise(own, 3)]));
});
