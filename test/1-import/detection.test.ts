/** TFLite_Detection_PostProcess from the file to its four outputs, with the vectors of TFLite's own test. */
import { encode } from "flatbuffers/js/flexbuffers.js";
import { describe, expect, it } from "vitest";
import { OperatorCode, OptionsType, TensorType } from "../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { quantise } from "../../src/3-quantise/ptq/index.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { outputsOf } from "../../src/golden/outputs.ts";
import { runGolden, runNode } from "../../src/golden/run.ts";
import type { Graph } from "../../src/ir/graph.ts";
import { readSavedGraph, saveGraph } from "../../src/saved/save.ts";
import { generator, noise } from "../support/onnx-runtime.ts";
import { problemsOf } from "../support/problems.ts";
import { Draft } from "../support/tflite-draft.ts";

const usual = {
  ...{ max_detections: 3, max_classes_per_detection: 1, num_classes: 2 },
  ...{ nms_score_threshold: 0, nms_iou_threshold: 0.5 },
  ...{ y_scale: 10, x_scale: 10, h_scale: 5, w_scale: 5 },
};

const anchors = [
  [0.5, 0.5, 1, 1],
  [0.5, 0.5, 1, 1],
  [0.5, 0.5, 1, 1],
  [0.5, 10.5, 1, 1],
  [0.5, 10.5, 1, 1],
  [0.5, 100.5, 1, 1],
].flat();

/** Encodings in steps of 1/64, scores in steps of 1/256 with a background in front. */
const encodings = [0, 0, 0, 0, 0, 64, 0, 0, 0, -64, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0];
const scores = [0, 230, 205, 0, 192, 184, 0, 154, 128, 0, 238, 243, 0, 128, 102, 0, 77, 51];

interface Variant {
  readonly options?: Readonly<Record<string, number | boolean>>;
  readonly type?: "uint8" | "int8";
  readonly isDequantised?: boolean;
  readonly isReshaped?: boolean;
  readonly anchorType?: "float32" | "uint8" | "none";
  readonly outputs?: number;
}

function network({
  options,
  type = "uint8",
  isDequantised,
  isReshaped,
  anchorType = "float32",
  outputs = 4,
}: Variant): Graph {
  const draft = new Draft(type);
  const [zero, low] = type === "uint8" ? [128, 0] : [0, -128];
  const maps = [draft.map("boxes", [1, 6, 4], 1 / 64, zero), draft.map("scores", [1, 6, 3], 1 / 256, low)];
  const read = maps.map((map, i) => {
    if (!isDequantised) return map;
    const shape = i === 0 ? [1, 6, 4] : [1, 6, 3];
    const real = draft.tensor({ name: `real${i}`, shape, type: TensorType.FLOAT32 });
    draft.operator(OperatorCode.DEQUANTIZE, [map], real, OptionsType.DequantizeOptions);
    if (!isReshaped) return real;
    const flat = draft.tensor({ name: `flat${i}`, shape, type: TensorType.FLOAT32 });
    return draft.operator(OperatorCode.RESHAPE, [real], flat, OptionsType.ReshapeOptions);
  });
  const data = {
    float32: new Uint8Array(Float32Array.from(anchors).buffer),
    // in halves
    uint8: Uint8Array.from(anchors, (x) => 2 * x + 3),
    none: undefined,
  }[anchorType];
  const stored = anchorType === "uint8" ? TensorType.UINT8 : TensorType.FLOAT32;
  const anchorTensor = draft.tensor({
    ...{ name: "anchors", shape: [6, 4], type: stored, quantization: Draft.whole(0.5, 3) },
    ...(data && { data }),
  });
  // files leave the shapes of the outputs out
  const made = Array.from({ length: outputs }, (_, i) =>
    draft.tensor({ name: `out${i}`, shape: [], type: TensorType.FLOAT32 }),
  );
  draft.operators.push({
    ...{ code: OperatorCode.CUSTOM, version: 1, inputs: [...read, anchorTensor], outputs: made },
    ...{ optionsType: 0, options: [] },
    custom: { name: "TFLite_Detection_PostProcess", options: encode(options ?? usual) },
  });
  const inputs = anchorType === "none" ? [...maps, anchorTensor] : maps;
  return draft.import(inputs, made);
}

function run(variant: Variant, values: readonly number[] = scores) {
  const lowered = lower(readSavedGraph(saveGraph(runPasses(network(variant)))));
  const input = Int8Array.of(...encodings, ...values.map((x) => x - 128));
  return outputsOf(runGolden(lowered, input)).map((list) => Array.from(list, Number));
}

const fastest = [
  [0, 10, 1, 11, 0, 0, 1, 1, 0, 100, 1, 101],
  [1, 0, 0],
  [243, 230, 77].map((x) => x / 256),
  [3],
];

describe("TFLite_Detection_PostProcess", () => {
  it.each<Variant>([
    { type: "uint8" },
    { type: "int8" },
    { isDequantised: true },
    { type: "int8", isDequantised: true },
    { anchorType: "uint8", type: "uint8" },
  ])("keeps the best class of boxes that do not overlap: %o", (variant) => {
    expect(run(variant)).toEqual(fastest);
  });

  it("treats each class alone where it is told to", () => {
    const options = { ...usual, use_regular_nms: true, detections_per_class: 1 };
    expect(run({ options })).toEqual([
      [0, 10, 1, 11, 0, 10, 1, 11, 0, 0, 0, 0],
      [1, 0, 0],
      [243 / 256, 238 / 256, 0],
      [2],
    ]);
    // of the same score the class that comes first
    const equal = scores.map((score) => (score === 243 ? 238 : score));
    expect(run({ options }, equal)[1]).toEqual([0, 1, 0]);
  });

  it("gives several classes of a box, and zeros where too few boxes are left", () => {
    const options = { ...usual, max_classes_per_detection: 2, nms_score_threshold: 0.5 };
    const [boxes, classes, found, number] = run({ options });
    expect(boxes?.slice(0, 16)).toEqual([0, 10, 1, 11, 0, 10, 1, 11, 0, 0, 1, 1, 0, 0, 1, 1]);
    expect(classes).toEqual([1, 0, 0, 1, 0, 0]);
    expect(found).toEqual([243 / 256, 238 / 256, 230 / 256, 205 / 256, 0, 0]);
    expect(number).toEqual([2]);
  });

  it("decodes centres and sizes in float32", () => {
    const graph = lower(runPasses(network({ options: { ...usual, max_detections: 1 } })));
    const values = Int8Array.of(...encodings, ...scores.map((x) => x - 128));
    // the box of the best score, number 3: 5/64, -9/64, 33/64, -20/64
    values.set([5, -9, 33, -20], 12);
    const [boxes] = outputsOf(runGolden(graph, values));
    const [y, x] = [5 / 640 + 0.5, -9 / 640 + 10.5].map(Math.fround) as [number, number];
    const [h, w] = [33 / 320, -20 / 320].map((code) => Math.fround(Math.exp(code) / 2)) as [number, number];
    expect(boxes).toEqual(Float32Array.of(y - h, x - w, y + h, x + w));
  });

  it("reads integers in front of a dequantisation and a reshape", () => {
    expect(run({ isDequantised: true, isReshaped: true })).toEqual(fastest);
  });

  it("stays behind a float network that is quantised", async () => {
    const draft = new Draft("float32");
    const input = draft.map("in", [1, 2, 3, 3]);
    const heads = [4, 3].map((channels) => {
      const made = draft.conv(input, draft.map(`head${channels}`, [1, 2, 3, channels]), [channels, 1, 1, 3]);
      const flat = draft.map(`flat${channels}`, [1, 6, channels]);
      return draft.operator(OperatorCode.RESHAPE, [made], flat, OptionsType.ReshapeOptions);
    });
    const stored = draft.constant("anchors", [6, 4], anchors);
    const made = Array.from({ length: 4 }, (_, i) => draft.map(`out${i}`, []));
    draft.operators.push({
      ...{ code: OperatorCode.CUSTOM, version: 1, inputs: [...heads, stored], outputs: made },
      ...{ optionsType: 0, options: [] },
      custom: { name: "TFLite_Detection_PostProcess", options: encode(usual) },
    });
    const next = generator(3);
    const inputs = Array.from({ length: 4 }, () => noise(18, next));
    const { graph } = await quantise(runPasses(draft.import([input], made)), inputs, { runNode });
    const lowered = lower(runPasses(readSavedGraph(saveGraph(graph))));
    expect(lowered.tail?.nodes).toHaveLength(4);
    expect(lowered.tail?.nodes[0]).toMatchObject({ kind: "detection", anchors: Float32Array.from(anchors) });
    const [, classes, found, number] = outputsOf(runGolden(lowered, new Int8Array(18).fill(40)));
    // boxes so large that they overlap; the last class has the largest bias
    expect(number).toEqual(Float32Array.of(1));
    expect(classes).toEqual(Float32Array.of(1, 0, 0));
    expect(Number(found![0])).toBeGreaterThan(0);
  });

  it("is refused with options that the kernel refuses, without stored anchors or with other outputs", () => {
    const { num_classes: _, ...without } = usual;
    for (const options of [
      without,
      { ...usual, nms_iou_threshold: 0 },
      { ...usual, max_detections: -1 },
      { ...usual, h_scale: 0 },
    ])
      expect(problemsOf(() => network({ options }))).toContainEqual(
        expect.objectContaining({
          code: "invalid-attribute",
          found: "options that are missing or outside of their range",
        }),
      );
    expect(problemsOf(() => network({ anchorType: "none" }))).toContainEqual(
      expect.objectContaining({ code: "dynamic-operand", found: "anchors computed at run time" }),
    );
    expect(problemsOf(() => network({ options: { ...usual, num_classes: 7 } }))).toContainEqual(
      expect.objectContaining({ found: "scores of 3 classes, not 7 with or without the background" }),
    );
    expect(problemsOf(() => network({ outputs: 5 }))).toContainEqual(
      expect.objectContaining({ code: "invalid-attribute", found: "5 outputs" }),
    );
  });
});
