/** What the ONNX importer refuses, and what it makes of damaged files. */
import { describe, expect, it } from "vitest";
import { openWith } from "../../src/1-import/importer.ts";
import { onnx } from "../../src/1-import/onnx/index.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { InputError } from "../../src/ir/errors.ts";
import type { AttributeValue } from "../support/onnx-draft.ts";
import { OnnxDraft, tensor } from "../support/onnx-draft.ts";
import { generator } from "../support/onnx-runtime.ts";
import { problemsOf } from "../support/problems.ts";

type Attributes = Readonly<Record<string, AttributeValue>>;
const SHAPE = [1, 4, 6, 6];
const ones = (count: number) => Array.from({ length: count }, () => 1);

/** Codes and texts of one operator on x [1, 4, 6, 6] with constants of all ones. */
function refusal(
  operator: string,
  operands: readonly (readonly number[])[],
  attributes: Attributes,
  opset = 13,
) {
  const draft = new OnnxDraft(opset);
  const names = operands.map((shape, i) =>
    draft.constant(`c${i}`, shape, ones(shape.reduce((a, b) => a * b, 1))),
  );
  draft.node(operator, [draft.input("x", SHAPE), ...names], "y", attributes);
  return problemsOf(() => draft.import(["y"])).map(({ code, node, found }) => `${code} ${node}: ${found}`);
}

describe("refused", () => {
  it("where an operator of floats reads integers, told once and not again behind it", () => {
    const draft = new OnnxDraft(13);
    const [w, s, z] = [
      draft.constant("w", [4, 4, 1, 1], ones(16)),
      draft.constant("s", [], [0.5]),
      draft.constant("z", [], [3], "int8"),
    ];
    draft.node("QuantizeLinear", [draft.input("x", SHAPE), s, z], "q");
    draft.node("Conv", ["q", w], "c");
    draft.node("Conv", ["c", w], "y");
    expect(
      problemsOf(() => draft.import(["y"])).map(({ code, node, found }) => `${code} ${node}: ${found}`),
    ).toEqual(["unsupported-type c: tensors of int8 and float32"]);
  });

  it.each<[string, string, (readonly number[])[], Attributes, string]>([
    [
      "an attribute that nobody knows",
      "Relu",
      [],
      { slope: { float: 2 } },
      "unsupported-attribute y: attribute slope",
    ],
    [
      "a slope of another kind",
      "LeakyRelu",
      [],
      { alpha: "steep" },
      "invalid-attribute y: attribute alpha of another kind",
    ],
    [
      "an operator that nobody knows",
      "LpNormalization",
      [],
      { size: 5 },
      "unsupported-operator y: LpNormalization",
    ],
    [
      "indices of maxima stored by column",
      "MaxPool",
      [],
      { kernel_shape: [2, 2], storage_order: 1 },
      "unsupported-attribute y: storage_order 1",
    ],
    ["a pool without a kernel", "AveragePool", [], {}, "invalid-attribute y: no kernel_shape"],
    [
      "a pool with a window in the padding",
      "MaxPool",
      [],
      { kernel_shape: [2, 2], pads: [2, 0, 0, 0] },
      "unsupported-attribute y: a pool with a window outside of the map",
    ],
    [
      "negative pads",
      "Conv",
      [[2, 4, 3, 3]],
      { pads: [-1, 0, 0, 0] },
      "invalid-attribute y: pads -1, 0, 0, 0",
    ],
    [
      "a kernel that is not the weights'",
      "Conv",
      [[2, 4, 3, 3]],
      { kernel_shape: [3, 2] },
      "invalid-attribute y: kernel_shape 3x2 for weights of 3x3",
    ],
    [
      "auto_pad beside pads",
      "Conv",
      [[2, 4, 3, 3]],
      { auto_pad: "SAME_UPPER", pads: [1, 1, 1, 1] },
      "invalid-attribute y: auto_pad SAME_UPPER beside pads 1, 1, 1, 1",
    ],
    [
      "groups that do not divide",
      "Conv",
      [[3, 2, 1, 1]],
      { group: 2 },
      "shape-mismatch y: weights [3, 2, 1, 1] in 2 groups over 4 channels",
    ],
    ["weights in one dimension", "Conv", [[3, 4, 2]], {}, "unsupported-shape y: weights [3, 4, 2]"],
    [
      "a kernel larger than the map",
      "Conv",
      [[3, 4, 7, 7]],
      {},
      "shape-mismatch y: a window of 7x7 over 6x6",
    ],
    ["another Clip", "Clip", [[], []], {}, "unsupported-activation y: Clip to 1 .. 1"],
    [
      "training",
      "BatchNormalization",
      [[4], [4], [4], [4]],
      { training_mode: 1 },
      "unsupported-attribute y: training_mode 1",
    ],
    [
      "a mean over the batch twice",
      "ReduceMean",
      [],
      { axes: [1, 1] },
      "unsupported-attribute y: a mean over axes 1, 1 of [1, 4, 6, 6]",
    ],
    ["padding of channels", "Pad", [], { pads: [0, 1, 0, 0, 0, 0, 0, 0] }, ""],
    ["padding all around", "Pad", [], { mode: "wrap", pads: [0, 0, 1, 1, 0, 0, 1, 1] }, ""],
    ["Gemm of a map", "Gemm", [[4, 4]], {}, "shape-mismatch y: a map [1, 4, 6, 6] with weights [4, 4]"],
    [
      "a constant that does not broadcast",
      "Add",
      [[3, 1, 1]],
      {},
      "unsupported-shape y: a constant [3, 1, 1] with a map [1, 4, 6, 6]",
    ],
    ["an axis that is not there", "Concat", [], { axis: 4 }, "invalid-attribute y: axis 4 of 4 dimensions"],
    [
      "an attribute of another kind",
      "Concat",
      [],
      { axis: "one" },
      "invalid-attribute y: attribute axis of another kind",
    ],
    [
      "a transposition that moves values before a layer",
      "Transpose",
      [],
      { perm: [0, 1] },
      "invalid-attribute y: perm 0, 1 of [1, 4, 6, 6]",
    ],
  ])("%s", (_, operator, operands, attributes, wanted) => {
    const opset = wanted === "" ? 10 : 13;
    const found = refusal(operator, operands, attributes, opset);
    expect(found).toHaveLength(1);
    if (wanted !== "") expect(found[0]).toBe(wanted);
  });

  it("everything at once, each with its place and its fix", () => {
    const draft = new OnnxDraft(6);
    draft.input("x", [2, 3, "h", 8]);
    draft.rawConstant({ name: "w", dims: [4, 3, 3, 3], dataType: 1, dataLocation: 1 });
    draft.rawConstant({ name: "text", dims: [1], dataType: 8 });
    draft.rawConstant({ name: "short", dims: [2], dataType: 1, rawData: new Uint8Array(4) });
    draft.node("Conv", ["x", "w"], "c", { group: 1, padding: 2 });
    draft.node("LpNormalization", ["c"], "h");
    draft.node("MaxPool", ["h"], ["p", "indices"], { kernel_shape: [0, 2] });
    draft.node("Relu", ["nowhere"], "y");
    const problems = problemsOf(() => draft.import(["y", "z"]));
    expect(problems.map(({ code, node }) => `${code} ${node}`)).toEqual([
      "unsupported-version test",
      "unsupported-tensor w",
      "unsupported-type text",
      "corrupt-file short",
      "dynamic-shape x",
      "unsupported-attribute c",
      "unsupported-operator h",
      "invalid-attribute p",
      "corrupt-file y",
      "corrupt-file z",
    ]);
    for (const { found, supported, fix } of problems) {
      expect([found, supported, fix].every((text) => text.length > 0)).toBe(true);
    }
  });

  it("operators of domains that nobody knows, and of ONNX Runtime's own", () => {
    const draft = new OnnxDraft();
    draft.node("Conv", [draft.input("x", SHAPE)], "a", {}, "my.domain");
    draft.node("FusedConv", ["a"], "y", {}, "com.microsoft");
    const problems = problemsOf(() => draft.import(["y"]));
    expect(problems.map(({ found }) => found)).toEqual(["my.domain.Conv", "com.microsoft.FusedConv"]);
  });

  it("weights that the network computes", () => {
    const draft = new OnnxDraft();
    draft.node("Relu", [draft.input("w", [1, 4, 1, 1])], "r");
    draft.node("Conv", [draft.input("x", SHAPE), "r"], "y");
    const codes = problemsOf(() => draft.import(["y"])).map(({ code }) => code);
    expect(codes).toEqual(["dynamic-operand"]);
  });

  it("a layer that reads a transposed map", () => {
    const draft = new OnnxDraft();
    draft.node("Relu", [draft.input("x", SHAPE)], "r");
    draft.node("Transpose", ["r"], "t", { perm: [0, 2, 1, 3] });
    draft.node("GlobalAveragePool", ["t"], "y");
    const problems = problemsOf(() => draft.import(["y"]));
    expect(problems.map(({ code, node }) => `${code} ${node}`)).toEqual(["unsupported-map y"]);
  });

  it("maps whose scale is another one where they are read", () => {
    const draft = new OnnxDraft();
    const scale = (name: string, value: number) => [
      draft.constant(`${name}s`, [], [value]),
      draft.constant(`${name}z`, [], [0], "int8"),
    ];
    draft.node("QuantizeLinear", [draft.input("x", SHAPE), ...scale("a", 0.1)], "q");
    draft.node("DequantizeLinear", ["q", ...scale("b", 0.2)], "y");
    const [problem] = problemsOf(() => draft.import(["y"]));
    expect(problem).toMatchObject({ code: "unsupported-quantization", node: "y" });
  });

  it("quantised layers that stay float, by the lowering", () => {
    const draft = new OnnxDraft();
    const scale = [draft.constant("s", [], [0.1]), draft.constant("z", [], [0], "int8")];
    draft.node("DequantizeLinear", [draft.input("x", SHAPE, "int8"), ...scale], "f");
    draft.node("Conv", ["f", draft.constant("w", [2, 4, 1, 1], ones(8))], "c");
    draft.node("QuantizeLinear", ["c", ...scale], "y");
    const graph = draft.import(["y"]);
    const codes = problemsOf(() => lower(runPasses(graph))).map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(["unsupported-operator"]));
  });
});

describe("files", () => {
  const read = (bytes: Uint8Array) => onnx.read({ path: "x.onnx", bytes }).problems.map(({ code }) => code);

  it("that are none", () => {
    expect(read(new TextEncoder().encode("hello, world"))).toEqual([
      expect.stringMatching(/corrupt-file|not-a-model/),
    ]);
    expect(read(new Uint8Array(100))).toEqual(["corrupt-file"]);
  });

  it("hold constants as typed data, too", () => {
    const draft = new OnnxDraft();
    draft.rawConstant({ name: "w", dims: [1, 4, 1, 1], dataType: 1, floatData: [1, 2, 3, 4] });
    draft.rawConstant({ name: "s", dims: [2], dataType: 7, int64Data: [1, -1] });
    draft.node("Constant", [], "b", { value: { tensor: tensor("", [1], [0.5], "float32") } });
    draft.node("Conv", [draft.input("x", SHAPE), "w", "b"], "c");
    draft.node("Reshape", ["c", "s"], "y");
    const graph = draft.import(["y"]);
    const weights = graph.tensors.get(graph.nodes[0]!.inputs[1]!);
    expect(weights).toMatchObject({ shape: [1, 1, 1, 4], data: Float32Array.of(1, 2, 3, 4) });
    expect(graph.tensors.get(graph.outputs[0]!)?.shape).toEqual([1, 36]);
  });

  /** Whether the bytes become a graph that verifies; throws what is no InputError. */
  function sound(bytes: Uint8Array): boolean {
    try {
      runPasses(openWith(onnx, { path: "x.onnx", bytes }));
      return true;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      expect(error.problems.length).toBeGreaterThan(0);
      return false;
    }
  }

  function small(): Uint8Array {
    const draft = new OnnxDraft();
    const scale = (name: string) => [
      draft.constant(`${name}s`, [], [0.1]),
      draft.constant(`${name}z`, [], [3], "uint8"),
    ];
    draft.node("Conv", [draft.input("x", SHAPE), draft.constant("w", [2, 2, 3, 3], ones(36))], "c", {
      group: 2,
      pads: [1, 1, 1, 1],
    });
    draft.node("MaxPool", ["c"], "m", { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 });
    draft.node("QuantizeLinear", ["m", ...scale("a")], "q");
    draft.node("DequantizeLinear", ["q", ...scale("b")], "d");
    draft.node("Flatten", ["d"], "f");
    draft.node("Gemm", ["f", draft.constant("g", [18, 3], ones(54)), draft.constant("h", [3], ones(3))], "n");
    draft.node("Softmax", ["n"], "y");
    return draft.write(["y"]);
  }

  it("are refused when cut, unless nothing is missing", () => {
    const bytes = small();
    expect(sound(bytes)).toBe(true);
    let read = 0;
    for (let length = 1; length < bytes.length; length++) if (sound(bytes.slice(0, length))) read++;
    // The operator set is written last; everything before it is needed.
    expect(read).toBeLessThan(40);
  });

  it("survive bytes that are set to anything", () => {
    const bytes = small();
    const next = generator(99);
    let refused = 0;
    for (let run = 0; run < 1500; run++) {
      const damaged = bytes.slice();
      for (let flips = 1 + Math.floor(3 * next()); flips > 0; flips--) {
        damaged[Math.floor(next() * bytes.length)] = Math.floor(256 * next());
      }
      if (!sound(damaged)) refused++;
    }
    expect(refused).toBeGreaterThan(300);
  });
});
