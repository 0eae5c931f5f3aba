/** Dynamically quantised networks, read as the float networks that they stand for. */
import { expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { runFloat } from "../../src/3-quantise/float-run.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { channelsFirst, channelsLast, generator, noise, runOnnx } from "../support/onnx-runtime.ts";
import { problemsOf } from "../support/problems.ts";

const next = generator(99);
const SHAPE = [1, 3, 6, 5];
const bytes = (count: number, low: number) =>
  Array.from({ length: count }, () => low + Math.floor(256 * next()));

/** As ONNX Runtime's quantize_dynamic writes a convolution: a scale for each channel, a bias reshaped behind. */
function dynamicConv(draft: OnnxDraft, from: string): string {
  const weights = draft.constant("w", [4, 3, 3, 3], bytes(108, -128), "int8");
  draft.node("DynamicQuantizeLinear", [from], ["q", "s", "z"]);
  draft.node("ConvInteger", ["q", weights, "z", draft.constant("wz", [], [3], "int8")], "c", {
    pads: [1, 1, 1, 1],
  });
  draft.node("Cast", ["c"], "f", { to: 1 });
  draft.node("Mul", ["s", draft.constant("ws", [], [0.004])], "m");
  draft.node("Mul", ["f", "m"], "scaled");
  draft.node(
    "Reshape",
    [draft.constant("b", [4], [0.5, -1, 0, 2]), draft.constant("bs", [4], [1, -1, 1, 1], "int64")],
    "b4",
  );
  return draft.node("Add", ["scaled", "b4"], "conv");
}

function dense(draft: OnnxDraft, from: string): string {
  draft.node("DynamicQuantizeLinear", [from], ["q2", "s2", "z2"]);
  const weights = draft.constant("v", [4, 6], bytes(24, 0), "uint8");
  const zeros = draft.constant("vz", [6], [128, 127, 129, 128, 128, 130], "uint8");
  draft.node("MatMulInteger", ["q2", weights, "z2", zeros], "i2");
  draft.node("Cast", ["i2"], "f2", { to: 1 });
  draft.node("Mul", ["s2", draft.constant("vs", [6], [0.01, 0.02, 0.01, 0.03, 0.01, 0.02])], "m2");
  return draft.node("Mul", ["f2", "m2"], "y");
}

it("has the weights of the integers, and ONNX Runtime's results but for the maps' own steps", async () => {
  const draft = new OnnxDraft();
  const conv = dynamicConv(draft, draft.input("x", SHAPE));
  draft.node("GlobalAveragePool", [conv], "g");
  draft.node("Flatten", ["g"], "flat");
  dense(draft, "flat");
  const graph = runPasses(draft.import(["y"]));
  expect(graph.nodes.map(({ kind }) => kind)).toEqual(["conv", "mean", "reshape", "dense"]);
  const input = noise(90, next);
  const wanted = await runOnnx(draft.write(["y"]), input, SHAPE);
  const found = runFloat(graph, channelsLast(input, SHAPE)).get(graph.outputs[0]!)!;
  const largest = Math.max(...Array.from(wanted, Math.abs));
  const error = Math.max(...Array.from(wanted, (y, i) => Math.abs(y - channelsFirst(found, [1, 6])[i]!)));
  expect(error / largest).toBeLessThan(0.02);
});

it("in ONNX Runtime's joined operators is the same", () => {
  const weights = Array.from({ length: 8 }, (_, i) => i - 4);
  const expected = weights.map((w, i) => Math.fround((w - 1) * [0.5, 0.25][i % 2]!));
  const joined = (make: (draft: OnnxDraft, operands: readonly string[]) => void) => {
    const draft = new OnnxDraft();
    draft.input("x", [1, 4]);
    make(draft, [
      draft.constant("w", [4, 2], weights, "int8"),
      draft.constant("s", [2], [0.5, 0.25]),
      draft.constant("z", [], [1], "int8"),
      draft.constant("b", [2], [7, 8]),
    ]);
    const graph = runPasses(draft.import(["y"]));
    const [node] = graph.nodes;
    expect(graph.nodes).toHaveLength(1);
    const data = node!.inputs.slice(1).map((id) => graph.tensors.get(id)!.data);
    expect(data[0]).toEqual(Float32Array.from([0, 2, 4, 6, 1, 3, 5, 7], (i) => expected[i]!));
    expect(data[1]).toEqual(Float32Array.of(7, 8));
  };
  joined((draft, [w = "", s = "", z = "", b = ""]) => {
    draft.node("DynamicQuantizeMatMul", ["x", w, s, z, b], "y", {}, "com.microsoft");
  });
  joined((draft, [w = "", s = "", z = "", b = ""]) => {
    draft.node("DynamicQuantizeLinear", ["x"], ["q", "qs", "qz"]);
    draft.node("MatMulIntegerToFloat", ["q", w, "qs", s, "qz", z, b], "y", {}, "com.microsoft");
  });
});

it("is refused where the integers of a map are its own", () => {
  const draft = new OnnxDraft();
  draft.node(
    "ConvInteger",
    [draft.input("x", SHAPE, "uint8"), draft.constant("w", [1, 3, 1, 1], [1, 2, 3], "int8")],
    "y",
  );
  expect(problemsOf(() => draft.import(["y"])).map(({ code, found }) => `${code}: ${found}`)).toEqual([
    "unsupported-type: a map of uint8 whose products have no scale",
  ]);
});
