/** Each float operator against ONNX Runtime, attribute by attribute. */
import { describe, expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { runFloat } from "../../src/3-quantise/float-run.ts";
import type { Graph, Node } from "../../src/ir/graph.ts";
import { elements } from "../../src/ir/shapes.ts";
import type { AttributeValue } from "../support/onnx-draft.ts";
import { agreeWithOnnx } from "../support/onnx-agree.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { generator, noise, runOnnx } from "../support/onnx-runtime.ts";

const next = generator(1234);
const random = (count: number) => Array.from(noise(count, next));
const agree = (draft: OnnxDraft, shape: readonly number[], output = "y") =>
  agreeWithOnnx(draft, shape, next, output);
type Attributes = Readonly<Record<string, AttributeValue>>;

function only(graph: Graph): Node {
  expect(graph.nodes).toHaveLength(1);
  return graph.nodes[0]!;
}

/** Input [1, C, H, W], weights [K, C / group, kh, kw], bias. */
function convolution(
  shape: readonly number[],
  weights: readonly number[],
  attributes: Attributes,
  opset = 13,
): OnnxDraft {
  const draft = new OnnxDraft(opset);
  const operands = [
    draft.input("x", shape),
    draft.constant("w", weights, random(elements(weights))),
    draft.constant("b", [weights[0]!], random(weights[0]!)),
  ];
  draft.node("Conv", operands, "y", attributes);
  return draft;
}

describe("Conv", () => {
  const shape = [1, 6, 9, 11];
  it.each<[string, readonly number[], Attributes]>([
    ["plain", [4, 6, 3, 3], {}],
    ["1x1 with a stride", [4, 6, 1, 1], { strides: [2, 3] }],
    ["in two groups", [4, 3, 3, 3], { group: 2, pads: [1, 1, 1, 1] }],
    ["in a group a channel", [6, 1, 3, 3], { group: 6, strides: [2, 2], pads: [1, 1, 1, 1] }],
    ["depthwise with two outputs a channel", [12, 1, 3, 2], { group: 6 }],
    ["dilated", [4, 6, 3, 3], { dilations: [2, 3] }],
    ["padded differently on each side", [4, 6, 3, 4], { pads: [0, 1, 2, 3], strides: [2, 1] }],
    ["SAME_UPPER", [4, 6, 4, 4], { auto_pad: "SAME_UPPER", strides: [2, 3] }],
    ["SAME_LOWER", [4, 6, 4, 4], { auto_pad: "SAME_LOWER", strides: [2, 3] }],
    ["VALID", [4, 6, 4, 2], { auto_pad: "VALID", strides: [2, 2] }],
  ])("%s", async (_, weights, attributes) => {
    await agree(convolution(shape, weights, attributes), shape);
  });

  it("of a group a channel is a depthwise node", async () => {
    const graph = await agree(convolution([1, 3, 5, 5], [6, 1, 3, 3], { group: 3 }), [1, 3, 5, 5]);
    expect(only(graph)).toMatchObject({ kind: "depthwise", multiplier: 2 });
  });

  it("without a bias, of a symbolic batch", async () => {
    const draft = new OnnxDraft();
    draft.node(
      "Conv",
      [draft.input("x", ["N", 2, 4, 4]), draft.constant("w", [3, 2, 2, 2], random(24))],
      "y",
    );
    await agree(draft, [1, 2, 4, 4]);
  });
});

describe("pools", () => {
  const pool = (operator: string, size: readonly number[], attributes: Attributes, opset = 13) => {
    const draft = new OnnxDraft(opset);
    draft.node(operator, [draft.input("x", [1, 3, ...size])], "y", attributes);
    return draft;
  };
  const cases: [string, readonly number[], Attributes][] = [
    ["plain", [8, 8], { kernel_shape: [2, 2], strides: [2, 2] }],
    ["stride 1 by default", [5, 6], { kernel_shape: [3, 2] }],
    ["rounded down", [7, 8], { kernel_shape: [3, 3], strides: [2, 2] }],
    ["rounded up", [8, 10], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }],
    ["rounded up, no window behind the map", [5, 5], { kernel_shape: [1, 1], strides: [3, 3], ceil_mode: 1 }],
    ["padded", [7, 7], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }],
    [
      "padded, rounded up",
      [6, 6],
      { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1 },
    ],
    [
      "padded, a window dropped",
      [4, 4],
      { kernel_shape: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1 },
    ],
    [
      "padded differently on each side",
      [7, 7],
      { kernel_shape: [3, 3], strides: [2, 2], pads: [0, 1, 2, 0] },
    ],
    ["SAME_UPPER", [7, 8], { kernel_shape: [3, 2], strides: [2, 2], auto_pad: "SAME_UPPER" }],
    ["SAME_LOWER", [7, 8], { kernel_shape: [3, 2], strides: [2, 2], auto_pad: "SAME_LOWER" }],
    ["VALID", [7, 8], { kernel_shape: [3, 2], strides: [2, 2], auto_pad: "VALID" }],
  ];
  it.each(cases)("MaxPool %s", async (_, size, attributes) => {
    await agree(pool("MaxPool", size, attributes), [1, 3, ...size]);
  });
  it.each(cases)("AveragePool %s", async (_, size, attributes) => {
    await agree(pool("AveragePool", size, attributes), [1, 3, ...size]);
  });
  const opsets = [10, 13, 19, 22];
  it.each(opsets.flatMap((opset) => cases.map((one) => [opset, ...one] as const)))(
    "AveragePool of opset %s that counts padding, %s",
    async (opset, _, size, attributes) => {
      await agree(pool("AveragePool", size, { ...attributes, count_include_pad: 1 }, opset), [1, 3, ...size]);
    },
  );
  it.each(["MaxPool", "AveragePool"])("%s dilated", async (operator) => {
    await agree(pool(operator, [8, 9], { kernel_shape: [2, 3], dilations: [3, 2] }, 19), [1, 3, 8, 9]);
  });
  it.each(["GlobalAveragePool", "GlobalMaxPool"])("%s", async (operator) => {
    await agree(pool(operator, [5, 7], {}), [1, 3, 5, 7]);
  });
});

describe("ReduceMean", () => {
  it.each([0, 1])("with keepdims %s, axes as an attribute", async (keepdims) => {
    const draft = new OnnxDraft(13);
    draft.node("ReduceMean", [draft.input("x", [1, 3, 4, 5])], "y", { axes: [-1, 2], keepdims });
    const graph = await agree(draft, [1, 3, 4, 5]);
    expect(graph.tensors.get(graph.outputs[0]!)?.shape).toEqual(keepdims ? [1, 1, 1, 3] : [1, 3]);
  });

  it.each([
    [[1], 1, [1, 4, 5, 1]],
    [[-3], 0, [1, 4, 5, 1]],
    [[1, 3], 1, [1, 4, 1, 1]],
    [[1, 2, 3], 0, [1]],
  ])("over axes %j, keepdims %i", async (axes, keepdims, stored) => {
    const draft = new OnnxDraft(13);
    draft.node("ReduceMean", [draft.input("x", [1, 3, 4, 5])], "y", { axes, keepdims });
    const graph = await agree(draft, [1, 3, 4, 5]);
    expect(graph.tensors.get(graph.outputs[0]!)?.shape).toEqual(stored);
  });

  it("with axes as an input", async () => {
    const draft = new OnnxDraft(18);
    draft.node(
      "ReduceMean",
      [draft.input("x", [1, 3, 4, 5]), draft.constant("a", [2], [2, 3], "int64")],
      "y",
    );
    await agree(draft, [1, 3, 4, 5]);
  });
});

describe("activations and arithmetic", () => {
  const shape = [1, 4, 3, 5];
  it("Relu", async () => {
    const draft = new OnnxDraft();
    draft.node("Relu", [draft.input("x", shape)], "y");
    expect(only(await agree(draft, shape)).kind).toBe("relu");
  });

  it.each<[string, Attributes, string]>([
    ["HardSigmoid", { alpha: { float: 1 / 6 } }, "hardSigmoid"],
    ["HardSwish", {}, "hardSwish"],
    ["LeakyRelu", { alpha: { float: 0.1 } }, "leakyRelu"],
    ["Sigmoid", {}, "sigmoid"],
    ["Tanh", {}, "tanh"],
  ])("%s is a kernel", async (operator, attributes, name) => {
    const draft = new OnnxDraft(14);
    // values of -2 to 2 come of noise times 4
    draft.node("Mul", [draft.input("x", [1, 3, 4, 5]), draft.constant("c", [], [4])], "wide");
    draft.node(operator, ["wide"], "y", attributes);
    const graph = await agree(draft, [1, 3, 4, 5]);
    expect(graph.nodes.at(-1)).toMatchObject({ kind: "kernel", kernel: { name } });
  });

  it("Clip with attributes before opset 11, inputs since", async () => {
    const old = new OnnxDraft(10);
    old.node("Clip", [old.input("x", shape)], "y", { min: { float: 0 }, max: { float: 6 } });
    expect(only(await agree(old, shape)).kind).toBe("relu6");
    const young = new OnnxDraft(13);
    const limits = [young.constant("low", [], [-1]), young.constant("high", [], [1])];
    young.node("Clip", [young.input("x", shape), ...limits], "y");
    expect(only(await agree(young, shape)).kind).toBe("relu-n1-to-1");
    const open = new OnnxDraft(13);
    open.node("Clip", [open.input("x", shape), open.constant("low", [], [0])], "y");
    expect(only(await agree(open, shape)).kind).toBe("relu");
  });

  it.each([7, 9, 14])("BatchNormalization of opset %s, folded into the layer before", async (opset) => {
    const draft = convolution(shape, [6, 4, 3, 3], {}, opset);
    const list = (name: string, values: readonly number[]) => draft.constant(name, [6], values);
    const variance = random(6).map((x) => x * x + 0.1);
    const operands = [list("g", random(6)), list("o", random(6)), list("m", random(6)), list("v", variance)];
    draft.node("BatchNormalization", ["y", ...operands], "z", { epsilon: { float: 1e-3 } });
    const graph = await agree(draft, shape, "z");
    expect(runPasses(graph).nodes).toHaveLength(1);
  });

  it.each(["Add", "Sub", "Mul", "Div"])("%s of a constant a channel and of one for all", async (operator) => {
    const draft = new OnnxDraft();
    draft.node(operator, [draft.input("x", shape), draft.constant("c", [4, 1, 1], [1, 2, -3, 4])], "z");
    draft.node(operator, ["z", draft.constant("d", [], [0.3])], "y");
    await agree(draft, shape);
  });

  it("Sub of a map from a constant", async () => {
    const draft = new OnnxDraft();
    draft.node("Sub", [draft.constant("c", [1, 4, 1, 1], [1, 2, -3, 4]), draft.input("x", shape)], "y");
    await agree(draft, shape);
  });

  it.each(["Add", "Mul", "Sum"])("%s of two maps", async (operator) => {
    const draft = new OnnxDraft();
    draft.node("Relu", [draft.input("x", shape)], "r");
    draft.node(operator, ["x", "r"], "y");
    await agree(draft, shape);
  });

  it.each(["Max", "Min"])(
    "%s of maps, of a map and numbers, and of a constant a channel",
    async (operator) => {
      const maps = new OnnxDraft();
      maps.node("Neg", [maps.constant("c", [1, 4, 1, 1], [0.1, -0.2, 0.3, -0.4])], "n");
      maps.node("Relu", [maps.input("x", shape)], "r");
      maps.node("Mul", ["x", maps.constant("d", [], [-0.7])], "s");
      maps.node(operator, ["x", "n", "r", "s"], "y");
      await agree(maps, shape);
      for (const number of [0, 0.25, -0.3]) {
        const one = new OnnxDraft();
        one.node(operator, [one.constant("c", [], [number]), one.input("x", shape)], "y");
        const graph = await agree(one, shape);
        if (number === 0 && operator === "Max") expect(only(graph).kind).toBe("relu");
      }
    },
  );

  it("Dropout in its three forms, and Identity", async () => {
    for (const opset of [7, 10]) {
      const draft = new OnnxDraft(opset);
      draft.node("Dropout", [draft.input("x", shape)], "y", { ratio: { float: 0.5 } });
      expect(only(await agree(draft, shape)).kind).toBe("identity");
    }
    const draft = new OnnxDraft(13);
    draft.node("Dropout", [draft.input("x", shape), draft.constant("r", [], [0.5])], "z");
    draft.node("Identity", ["z"], "y");
    await agree(draft, shape);
  });
});

describe("Softmax and LogSoftmax", () => {
  it.each([
    [11, [1, 5, 2, 3], { axis: 1 }],
    [11, [1, 5, 2, 3], { axis: 2 }],
    [13, [1, 5, 2, 3], { axis: 2 }],
    [13, [1, 5, 2, 3], { axis: 3 }],
    [11, [1, 7], {}],
    [11, [1, 7, 1, 1], {}],
    [13, [1, 7], {}],
    [13, [1, 5, 2, 3], { axis: 1 }],
    [13, [1, 5, 2, 3], { axis: -3 }],
  ])("of opset %s over %s", async (opset, shape, attributes: Attributes) => {
    for (const operator of ["Softmax", "LogSoftmax"]) {
      const draft = new OnnxDraft(opset);
      draft.node(operator, [draft.input("x", shape)], "y", attributes);
      await agree(draft, shape);
    }
  });
});

describe("layout", () => {
  const shape = [1, 3, 4, 2];

  it("Concat along channels and along rows", async () => {
    for (const axis of [1, -2, 3]) {
      const draft = new OnnxDraft();
      draft.node("Relu", [draft.input("x", shape)], "r");
      draft.node("Concat", ["x", "r", "x"], "y", { axis });
      await agree(draft, shape);
    }
  });

  it("Pad with attributes before opset 11, inputs since, axes since 18", async () => {
    const old = new OnnxDraft(10);
    old.node("Pad", [old.input("x", shape)], "y", { pads: [0, 0, 1, 2, 0, 0, 3, 4], value: { float: 0.5 } });
    expect(only(await agree(old, shape))).toMatchObject({
      padding: { top: 1, left: 2, bottom: 3, right: 4 },
      value: 0.5,
    });
    const young = new OnnxDraft(13);
    const operands = [
      young.constant("p", [8], [0, 0, 1, 2, 0, 0, 3, 4], "int64"),
      young.constant("v", [], [2]),
    ];
    young.node("Pad", [young.input("x", shape), ...operands], "y", { mode: "constant" });
    await agree(young, shape);
    const newest = new OnnxDraft(18);
    const pads = newest.constant("p", [4], [1, 2, 3, 4], "int64");
    newest.node("Pad", [newest.input("x", shape), pads, "", newest.constant("a", [2], [3, 2], "int64")], "y");
    expect(only(await agree(newest, shape))).toMatchObject({
      padding: { top: 2, left: 1, bottom: 4, right: 3 },
    });
  });

  it("Transpose that turns [N, H, W, C] into [N, C, H, W] and back moves nothing", async () => {
    const draft = new OnnxDraft();
    draft.node("Transpose", [draft.input("x", [1, 4, 5, 3])], "t", { perm: [0, 3, 1, 2] });
    draft.node("Conv", ["t", draft.constant("w", [2, 3, 3, 3], random(54))], "c");
    draft.node("Transpose", ["c"], "y", { perm: [0, 2, 3, 1] });
    const graph = draft.import(["y"]);
    expect(only(graph).kind).toBe("conv");
    const input = noise(60, next);
    const wanted = await runOnnx(draft.write(["y"]), input, [1, 4, 5, 3]);
    const found = runFloat(graph, input).get(graph.outputs[0]!)!;
    expect(Math.max(...Array.from(wanted, (x, i) => Math.abs(x - found[i]!)))).toBeLessThan(1e-5);
  });
});

describe("fully connected layers", () => {
  const shape = [1, 3, 4, 2];

  it.each<[string, readonly number[], Attributes]>([
    ["plain", [24, 5], {}],
    ["transB", [5, 24], { transB: 1 }],
    ["alpha and beta", [24, 5], { alpha: { float: 0.5 }, beta: { float: -2 } }],
  ])("Gemm %s behind a Flatten, whose order the weights take over", async (_, weights, attributes) => {
    const draft = new OnnxDraft();
    draft.node("Flatten", [draft.input("x", shape)], "f");
    const operands = [draft.constant("w", weights, random(120)), draft.constant("b", [5], random(5))];
    draft.node("Gemm", ["f", ...operands], "y", attributes);
    await agree(draft, shape);
  });

  it("MatMul and Add behind a Reshape and a Relu", async () => {
    const draft = new OnnxDraft();
    draft.node("Reshape", [draft.input("x", shape), draft.constant("s", [2], [0, -1], "int64")], "f");
    draft.node("Relu", ["f"], "r");
    draft.node("MatMul", ["r", draft.constant("w", [24, 5], random(120))], "m");
    draft.node("Add", ["m", draft.constant("b", [5], random(5))], "y");
    const graph = await agree(draft, shape);
    expect(runPasses(graph).nodes.map((node) => node.kind)).toEqual(["reshape", "relu", "dense"]);
  });

  it("Gemm with one bias for all outputs, on a vector input; Constant operators", async () => {
    const draft = new OnnxDraft();
    draft.node("Constant", [], "b", { value_float: { float: 0.25 } });
    draft.node("Gemm", [draft.input("x", [1, 6]), draft.constant("w", [6, 4], random(24)), "b"], "y");
    await agree(draft, [1, 6]);
  });

  it("GlobalAveragePool, Squeeze, Unsqueeze, Reshape back to a map", async () => {
    const draft = new OnnxDraft();
    draft.node("GlobalAveragePool", [draft.input("x", shape)], "g");
    draft.node("Squeeze", ["g", draft.constant("a", [2], [2, 3], "int64")], "s");
    draft.node("Unsqueeze", ["s", draft.constant("u", [2], [-1, -2], "int64")], "u4");
    draft.node("Reshape", ["u4", draft.constant("t", [4], [1, -1, 1, 1], "int64")], "r");
    draft.node("Conv", ["r", draft.constant("w", [5, 3, 1, 1], random(15))], "y");
    await agree(draft, shape);
  });
});
