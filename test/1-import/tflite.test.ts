/** What the importer reads out of small files, and what it refuses. */
import { describe, expect, it } from "vitest";
import { readTfliteFile } from "../../src/1-import/tflite/file.ts";
import type { TfliteFile } from "../../src/1-import/tflite/file.ts";
import { importTflite } from "../../src/1-import/tflite/import.ts";
import {
  ConcatenationField,
  FusedActivation,
  OperatorCode,
  OptionsType,
  TensorType,
} from "../../src/1-import/tflite/schema.ts";
import type { Node } from "../../src/ir/graph.ts";
import { codesOf, problemsOf } from "../support/problems.ts";
import { byte, Draft, int } from "../support/tflite-draft.ts";

function only<Kind extends Node["kind"]>(
  draft: Draft,
  ends: [number, number],
  kind: Kind,
): Extract<Node, { kind: Kind }> {
  const node = draft.import([ends[0]], [ends[1]]).nodes[0];
  if (node?.kind !== kind) throw new Error(`found ${node?.kind}`);
  return node as Extract<Node, { kind: Kind }>;
}

describe("attributes", () => {
  it("makes SAME padding of a dilated, strided convolution explicit", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 9, 10, 3]), draft.map("out", [1, 5, 4, 8])];
    draft.conv(input, output, [8, 3, 3, 3], { stride: [2, 3], dilation: [2, 1], activation: "RELU6" });
    const node = only(draft, [input, output], "conv");
    expect(node.stride).toEqual([2, 3]);
    expect(node.dilation).toEqual([2, 1]);
    // Rows: (5 - 1) * 2 + 5 - 9 = 4, halved. Columns: (4 - 1) * 3 + 3 - 10 = 2, halved.
    expect(node.padding).toEqual({ top: 2, left: 1, bottom: 2, right: 1 });
    expect(node.activation).toBe("relu6");
    expect(node.groups).toBe(1);
  });

  it("puts the odd row of SAME padding after the map", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 8, 8, 1]), draft.map("out", [1, 4, 4, 1])];
    draft.conv(input, output, [1, 3, 3, 1], { stride: [2, 2] });
    expect(only(draft, [input, output], "conv").padding).toEqual({ top: 0, left: 0, bottom: 1, right: 1 });
  });

  it("takes the depthwise multiplier from the shapes", () => {
    const draft = new Draft("uint8");
    const [input, output] = [draft.map("in", [1, 6, 6, 1]), draft.map("out", [1, 4, 4, 8])];
    draft.depthwise(input, output, [1, 3, 3, 8], { padding: "VALID" });
    const node = only(draft, [input, output], "depthwise");
    expect(node.multiplier).toBe(8);
    expect(node.padding).toEqual({ top: 0, left: 0, bottom: 0, right: 0 });
  });

  it("reads groups out of the weights' channels", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 4, 4, 6]), draft.map("out", [1, 4, 4, 4])];
    draft.conv(input, output, [4, 1, 1, 3]);
    expect(only(draft, [input, output], "conv").groups).toBe(2);
  });

  it("counts a negative concatenation axis from the end", () => {
    const draft = new Draft();
    const [a, output] = [draft.map("a", [1, 2, 2, 3]), draft.map("out", [1, 2, 2, 6])];
    const options = [int(ConcatenationField.axis, -1), byte(ConcatenationField.activation, 0)];
    draft.operator(OperatorCode.CONCATENATION, [a, a], output, OptionsType.ConcatenationOptions, options);
    expect(only(draft, [a, output], "concat").axis).toBe(3);
  });

  it("reads MEAN over height and width, PADV2's value and SOFTMAX's beta", () => {
    const draft = new Draft();
    const [input, padded] = [draft.map("in", [1, 2, 2, 3]), draft.map("padded", [1, 4, 5, 3])];
    const [mean, soft] = [draft.map("mean", [1, 3]), draft.map("soft", [1, 3])];
    const amounts = draft.ints("amounts", [4, 2], [0, 0, 1, 1, 0, 3, 0, 0]);
    draft.operator(OperatorCode.PADV2, [input, amounts, draft.constant("value", [1], [7])], padded);
    draft.operator(OperatorCode.MEAN, [padded, draft.ints("axes", [2], [-2, 1])], mean);
    const beta = [{ slot: 0, kind: "float" as const, value: 0.5 }];
    draft.operator(OperatorCode.SOFTMAX, [mean], soft, OptionsType.SoftmaxOptions, beta);
    const [pad, average, softmax] = draft.import([input], [soft]).nodes;
    expect(pad).toMatchObject({ kind: "pad", value: 7, padding: { top: 1, left: 0, bottom: 1, right: 3 } });
    expect(average).toMatchObject({ kind: "mean", keepDims: false, sources: [1] });
    expect(softmax).toMatchObject({ kind: "softmax", beta: 0.5 });
  });

  it("names nodes after the first of their output's joined names, each name once", () => {
    const draft = new Draft();
    const input = draft.map("in", [1, 2]);
    const [first, second] = [
      draft.map("net/relu;net/conv;bias", [1, 2]),
      draft.map("net/relu;other", [1, 2]),
    ];
    draft.operator(OperatorCode.RELU, [input], first);
    draft.operator(OperatorCode.RELU6, [first], second);
    expect(draft.import([input], [second]).nodes.map((node) => node.name)).toEqual([
      "net/relu",
      "net/relu_2",
    ]);
  });
});

describe("problems", () => {
  it("come all at once, each with its place and its fix", () => {
    const draft = new Draft();
    const [input, a] = [draft.map("in", [2, 4, 4, 3]), draft.map("a", [2, 4, 4, 8])];
    const [b, output] = [draft.map("b", [2, 4, 4, 8]), draft.map("out", [2, 4, 4, 8])];
    draft.conv(input, a, [8, 3, 3, 3], { activation: "TANH" });
    draft.operator(27, [a], b);
    draft.operator(OperatorCode.CUSTOM, [b], output);
    const problems = problemsOf(() => draft.import([input], [output]));
    expect(problems.map(({ code, node }) => [code, node])).toEqual([
      ["unsupported-batch", "in"],
      ["unsupported-activation", "a"],
      ["unsupported-operator", "b"],
      ["unsupported-operator", "out"],
    ]);
    expect(problems[2]?.found).toBe("recurrent layers (SVDF)");
    expect(problems[3]?.found).toMatch(/^CUSTOM/);
    for (const problem of problems)
      expect([problem.supported, problem.fix].every((text) => text.length > 0)).toBe(true);
  });

  it("name types that have no arithmetic", () => {
    const draft = new Draft("float32");
    const [input, output] = [draft.map("in", [1, 2, 2, 1]), draft.map("out", [1, 2, 2, 1])];
    const half = draft.tensor({ name: "half", shape: [1], type: TensorType.FLOAT16 });
    draft.operator(OperatorCode.ADD, [input, half], output);
    expect(problemsOf(() => draft.import([input], [output]))[0]).toMatchObject({
      node: "half",
      found: "FLOAT16",
    });
  });

  it("name hybrid layers: float maps with int8 weights", () => {
    const draft = new Draft("int8");
    const input = draft.tensor({ name: "in", shape: [1, 2, 2, 1], type: TensorType.FLOAT32 });
    const output = draft.tensor({ name: "out", shape: [1, 2, 2, 1], type: TensorType.FLOAT32 });
    draft.conv(input, output, [1, 1, 1, 1]);
    const [problem] = problemsOf(() => draft.import([input], [output]));
    expect(problem?.code).toBe("unsupported-type");
    expect(problem?.found).toContain("float32, int8, int32, float32");
  });

  it("refuse weights that the network computes", () => {
    const draft = new Draft("float32");
    const [input, weights] = [draft.map("in", [1, 2, 2, 1]), draft.map("w", [1, 1, 1, 1])];
    const output = draft.map("out", [1, 2, 2, 1]);
    const options = [int(1, 1), int(2, 1)];
    draft.operator(OperatorCode.CONV_2D, [input, weights], output, OptionsType.Conv2DOptions, options);
    expect(codesOf(() => draft.import([input, weights], [output]))).toEqual(["dynamic-operand"]);
  });

  it("find shapes that the attributes contradict", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 8, 8, 3]), draft.map("out", [1, 8, 8, 4])];
    draft.conv(input, output, [4, 3, 3, 3], { padding: "VALID" });
    const [problem] = problemsOf(() => draft.import([input], [output]));
    expect(problem).toMatchObject({ code: "shape-mismatch", found: "output [1, 8, 8, 4], not [1, 6, 6, 4]" });
  });

  it.each([
    ["stride 0", { stride: [0, 1] as const }],
    ["dilation -1", { dilation: [1, -1] as const }],
  ])("refuse %s", (_, options) => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 8, 8, 3]), draft.map("out", [1, 8, 8, 4])];
    draft.conv(input, output, [4, 3, 3, 3], options);
    expect(codesOf(() => draft.import([input], [output]))).toEqual(["invalid-attribute"]);
  });

  it("refuse weight scales along another axis than the outputs'", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 2, 2, 2]), draft.map("out", [1, 2, 2, 2])];
    const scales = { scales: [1, 2], zeroPoints: [0, 0], axis: 3 };
    const weights = draft.constant("w", [2, 1, 1, 2], [1, 2, 3, 4], scales);
    draft.operator(OperatorCode.CONV_2D, [input, weights], output, OptionsType.Conv2DOptions, [
      int(1, 1),
      int(2, 1),
    ]);
    expect(codesOf(() => draft.import([input], [output]))).toEqual(["unsupported-quantization"]);
  });

  it("refuse a mean over the batch and padding of the batch", () => {
    const draft = new Draft();
    const [input, padded, mean] = [
      draft.map("in", [1, 2, 2, 3]),
      draft.map("p", [1, 2, 2, 4]),
      draft.map("m", [1, 2, 2]),
    ];
    draft.operator(OperatorCode.PAD, [input, draft.ints("n", [4, 2], [0, 1, 0, 0, 0, 0, 0, 1])], padded);
    draft.operator(OperatorCode.MEAN, [padded, draft.ints("axes", [1], [0])], mean);
    expect(codesOf(() => draft.import([input], [mean]))).toEqual([
      "unsupported-attribute",
      "unsupported-attribute",
    ]);
  });

  it("refuse a scale below zero and a zero point outside the type", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 4], -1, 0), draft.map("out", [1, 4], 1, 200)];
    draft.operator(OperatorCode.RELU, [input], output);
    expect(codesOf(() => draft.import([input], [output]))).toEqual([
      "invalid-quantization",
      "invalid-quantization",
    ]);
  });
});

describe("files that say more than Firebrick reads", () => {
  function sound(): TfliteFile {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 4]), draft.map("out", [1, 4])];
    draft.operator(OperatorCode.RELU, [input], output);
    return readTfliteFile(draft.write([input], [output]));
  }
  const codes = (file: TfliteFile) => importTflite("net", file).problems.map((problem) => problem.code);
  const withInput = (change: object): TfliteFile => {
    const file = sound();
    return { ...file, tensors: file.tensors.map((t) => (t.index === 0 ? { ...t, ...change } : t)) };
  };

  it("takes the plain one", () => expect(codes(sound())).toEqual([]));
  it("refuses several subgraphs", () =>
    expect(codes({ ...sound(), subgraphs: 2 })).toEqual(["unsupported-subgraphs"]));
  it("refuses another version", () =>
    expect(codes({ ...sound(), version: 2 })).toEqual(["unsupported-version"]));
  it("refuses variables", () => expect(codes(withInput({ variable: true }))).toEqual(["unsupported-tensor"]));
  it("refuses sparse tensors", () =>
    expect(codes(withInput({ sparse: true }))).toEqual(["unsupported-tensor"]));
  it("refuses dynamic sizes", () =>
    expect(codes(withInput({ shapeSignature: [1, -1] }))).toEqual(["dynamic-shape"]));
  it("takes a dynamic batch of one", () => expect(codes(withInput({ shapeSignature: [-1, 4] }))).toEqual([]));
  it("refuses a dimension of 0", () =>
    expect(codes(withInput({ shape: [1, 0] }))).toContain("unsupported-shape"));
  it("refuses gigabytes", () =>
    expect(codes(withInput({ shape: [1, 2 ** 30] }))).toContain("unsupported-shape"));
  it("refuses data of another size than the shape's", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 4]), draft.map("out", [1, 2])];
    draft.dense(input, output, [2, 4]);
    const file = readTfliteFile(draft.write([input], [output]));
    const resized = (bytes: number) => file.buffers.map((b) => (b.length === 8 ? new Uint8Array(bytes) : b));
    expect(codes(file)).toEqual([]);
    for (const bytes of [7, 9]) expect(codes({ ...file, buffers: resized(bytes) })).toContain("corrupt-file");
  });
  it("refuses operators in the wrong order", () => {
    expect(codes({ ...sound(), inputs: [1] })).toContain("corrupt-file");
  });
  it("refuses options of another operator", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 4]), draft.map("out", [1, 4])];
    draft.operator(OperatorCode.SOFTMAX, [input], output, OptionsType.AddOptions, [
      byte(0, FusedActivation.RELU),
    ]);
    expect(codesOf(() => draft.import([input], [output]))).toEqual(["corrupt-file"]);
  });
});
