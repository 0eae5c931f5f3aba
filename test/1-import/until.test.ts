/** Networks cut behind a layer: what is left is the network up to there, and what lies behind has no problems. */
import { describe, expect, it } from "vitest";
import { cutBehind, cutGraph } from "../../src/1-import/until.ts";
import { openWith, readWith } from "../../src/1-import/importer.ts";
import { onnx } from "../../src/1-import/onnx/index.ts";
import { OperatorCode } from "../../src/1-import/tflite/schema.ts";
import { tflite } from "../../src/1-import/tflite/index.ts";
import { loadGraph } from "../../src/load.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { problemsOf } from "../support/problems.ts";
import { Draft } from "../support/tflite-draft.ts";

const step = (name: string, inputs: string[], ...outputs: string[]) => ({ name, inputs, outputs });

it("keeps what the named steps need, in its order, and makes their first outputs those of the network", () => {
  const steps = [
    step("a", ["in"], "x", "y"),
    step("b", ["x", "w"], "z"),
    step("c", ["y"], "u"),
    step("d", ["z", "u"], "v"),
  ];
  const { kept, outputs, read } = cutBehind(steps, ["c", "a", "c"]);
  expect({ kept, outputs, read: [...read] }).toEqual({
    kept: [0, 2],
    outputs: ["u", "x"],
    read: ["y", "in"],
  });
  expect(cutBehind(steps, ["d"]).kept).toEqual([0, 1, 2, 3]);
});

it("tells of every name that there is not, with those that are nearest", () => {
  const steps = ["conv_1", "conv_12", "pool", "logits"].map((name) => step(name, [], name));
  expect(problemsOf(() => cutBehind(steps, ["conv1", "pool", "lgits"]))).toEqual([
    expect.objectContaining({
      ...{ code: "unknown-node", node: "--until", found: '"conv1"' },
      fix: "name for example conv_1, conv_12, pool",
    }),
    expect.objectContaining({
      found: '"lgits"',
      fix: expect.stringMatching(/^name for example logits,/) as string,
    }),
  ]);
});

it("cuts a network of the zoo, without what nobody reads then", () => {
  const whole = loadGraph("mobilenet-v1-0.25-96");
  const middle = whole.nodes[4]!;
  const cut = loadGraph("mobilenet-v1-0.25-96", { until: [middle.name] });
  expect(cut.nodes.map(({ name }) => name)).toEqual(whole.nodes.slice(0, 5).map(({ name }) => name));
  expect(cut.outputs).toEqual([middle.output]);
  expect(cut.tensors.size).toBeLessThan(whole.tensors.size);
  expect(cutGraph(whole, [whole.nodes.at(-1)!.name]).nodes).toEqual(whole.nodes);
});

describe("what lies behind the cut is not read", () => {
  it("of a TFLite file", () => {
    const draft = new Draft();
    const [input, other] = [draft.map("in", [1, 4, 4, 3]), draft.map("other", [1, 4, 4, 2])];
    const first = draft.conv(input, draft.map("first", [1, 4, 4, 2]), [2, 1, 1, 3]);
    const unknown = draft.operator(OperatorCode.CUSTOM, [first, other], draft.map("unknown", [1, 4, 4, 2]));
    const file = { path: "draft.tflite", bytes: draft.write([input, other], [unknown]) };
    expect(readWith(tflite, file).problems).not.toEqual([]);
    const cut = openWith(tflite, file, ["first"]);
    expect(cut).toMatchObject({
      inputs: [input],
      outputs: [first],
      nodes: [{ name: "first", kind: "conv" }],
    });
  });

  it("of an ONNX file, whose quantised layers end in integers", () => {
    const draft = new OnnxDraft();
    const scale = (name: string) => [
      draft.constant(`${name}/s`, [], [0.5]),
      draft.constant(`${name}/z`, [], [3], "int8"),
    ];
    draft.node("DequantizeLinear", [draft.input("x", [1, 3, 4, 4], "int8"), ...scale("x")], "xf");
    draft.node("MaxPool", ["xf"], "pool", { kernel_shape: [2, 2], strides: [2, 2] });
    draft.node("QuantizeLinear", ["pool", ...scale("q")], "pool/q");
    draft.node("DequantizeLinear", ["pool/q", ...scale("d")], "pool/d");
    draft.node("Unknown", ["pool/d"], "y");
    const file = { path: "draft.onnx", bytes: draft.write(["y"]) };
    expect(readWith(onnx, file).problems).toMatchObject([{ code: "unsupported-operator" }]);
    const { nodes, outputs, tensors } = openWith(onnx, file, ["pool"]);
    expect(nodes.map(({ kind }) => kind)).toEqual(["dequantize", "max-pool", "dequantize"]);
    expect(tensors.get(outputs[0]!)).toMatchObject({ name: "pool/d", dtype: "float32", shape: [1, 2, 2, 3] });
  });
});
