/** Refusals as a newcomer reads them: what was found is true, told once, and beside everything else. */
import { describe, expect, it } from "vitest";
import { readTfliteFile } from "../../src/1-import/tflite/file.ts";
import { importTflite } from "../../src/1-import/tflite/import.ts";
import { TensorType, OperatorCode } from "../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { mergeProblems } from "../../src/ir/errors.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { problemsOf } from "../support/problems.ts";
import { Draft } from "../support/tflite-draft.ts";

const SHAPE = [1, 4, 6, 6];
const found = (run: () => unknown) => problemsOf(run).map((p) => `${p.code} ${p.node}: ${p.found}`);
const ones = (count: number) => Array.from({ length: count }, () => 1);

it("tells problems that differ in their node as one, and equal ones once", () => {
  const problem = { code: "c", found: "f", supported: "s", fix: "x" };
  const of = (...nodes: string[]) =>
    mergeProblems(nodes.map((node) => ({ ...problem, node }))).map(({ node }) => node);
  expect(of("a", "b", "a")).toEqual(["a", "b"]);
  expect(of("a", "b", "c", "d")).toEqual(["a, b, c, d"]);
  expect(of("a", "b", "c", "d", "e")).toEqual(["a, b, c and 2 more"]);
});

describe("ONNX", () => {
  it("tensors of one type, or in one other file, are one problem that names the file", () => {
    const draft = new OnnxDraft();
    for (const name of ["a", "b", "c", "d", "e"]) {
      draft.rawConstant({ name: `h${name}`, dims: [1], dataType: 8 });
      const externalData = [{ key: "location", value: "net.data" }];
      draft.rawConstant({ name, dims: [1], dataType: 1, dataLocation: 1, externalData });
    }
    draft.node("Relu", [draft.input("x", SHAPE)], "y");
    const problems = problemsOf(() => draft.import(["y"]));
    expect(problems.map(({ found }) => found)).toEqual(["STRING", "data in net.data, which is not there"]);
    expect(problems[0]?.fix).toMatch(/float32 weights/);
  });

  it("16-bit activations are told that 8 bits are needed", () => {
    const draft = new OnnxDraft();
    const zero = "zero";
    draft.rawConstant({ name: zero, dims: [], dataType: 4, int32Data: [0] });
    const scale = draft.constant("scale", [], [0.1]);
    draft.node("QuantizeLinear", [draft.input("x", SHAPE), scale, zero], "y");
    const [problem, ...others] = problemsOf(() => draft.import(["y"]));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ node: "zero", found: "UINT16" });
    expect(problem?.fix).toMatch(/8-bit activations/);
  });

  it("what follows from an operator that was told is not told", () => {
    const draft = new OnnxDraft();
    draft.node("NonZero", [draft.input("x", SHAPE)], "s");
    draft.node("Gather", ["s", draft.constant("i", [], [0], "int64")], "g");
    draft.node("Unsqueeze", ["g", draft.constant("a", [1], [0], "int64")], "u");
    draft.node("Concat", ["u", draft.constant("r", [1], [-1], "int64")], "t", { axis: 0 });
    draft.node("Reshape", ["x", "t"], "y");
    const told = found(() => draft.import(["y"]));
    expect(told).toEqual(["unsupported-operator s: NonZero"]);
  });

  it("a Gather of a batch is told, one of what nothing makes as that", () => {
    const draft = new OnnxDraft();
    const index = draft.constant("i", [], [0], "int64");
    draft.node("Gather", [draft.input("x", SHAPE), index], "y");
    draft.node("Gather", ["nothing", index], "z");
    expect(found(() => draft.import(["y"]))).toEqual([
      "unsupported-attribute y: elements 0 along axis 0 of [1, 4, 6, 6]",
      'corrupt-file z: an input "nothing" that nothing makes',
    ]);
  });

  it("float operators inside of a quantised network are told without what follows from them", () => {
    const draft = new OnnxDraft();
    const scale = [draft.constant("s", [], [0.1]), draft.constant("z", [], [0], "int8")];
    draft.node("DequantizeLinear", [draft.input("x", SHAPE, "int8"), ...scale], "f");
    draft.node("Conv", ["f", draft.constant("w", [4, 4, 1, 1], ones(16))], "c");
    draft.node("Add", ["c", "f"], "a");
    draft.node("QuantizeLinear", ["a", ...scale], "y");
    const graph = draft.import(["y"]);
    expect(found(() => lower(runPasses(graph)))).toEqual([
      "unsupported-operator c: conv on float32 values inside of a quantised network",
      "unsupported-operator a: add on float32 values inside of a quantised network",
    ]);
  });

  it("a layer behind a last layer that stays real says that it gives the output", () => {
    const draft = new OnnxDraft();
    const scale = [draft.constant("s", [], [0.1]), draft.constant("z", [], [0], "int8")];
    draft.node("DequantizeLinear", [draft.input("x", SHAPE, "int8"), ...scale], "f");
    const integers = draft.constant("wi", [4, 4, 1, 1], ones(16), "int8");
    const weights = draft.node("DequantizeLinear", [integers, ...scale], "w");
    draft.node("Conv", [draft.node("Relu", ["f"], "r"), weights], "y");
    const graph = draft.import(["y"]);
    expect(found(() => lower(runPasses(graph)))).toEqual([
      "unsupported-operator r: relu on float32 values inside of a quantised network",
      "unsupported-operator y: conv on float32 values inside of a quantised network",
    ]);
  });
});

describe("TFLite", () => {
  it.each([
    ["ethos-u", /Vela/],
    ["edgetpu-custom-op", /edgetpu_compiler/],
  ])("a network compiled for another accelerator (%s) is told that and nothing else", (custom, tool) => {
    const draft = new Draft();
    const [input, scratch, output] = [1, 2, 3].map((i) => draft.map(`m${i}`, [i, 2, 2, 4]));
    draft.operator(OperatorCode.ADD, [input!, scratch!], output!);
    const file = readTfliteFile(draft.write([input!], [output!]));
    const operators = file.operators.map((operator) => ({ ...operator, custom, code: OperatorCode.CUSTOM }));
    const [problem, ...others] = importTflite("net", { ...file, operators }).problems;
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: "unsupported-operator", node: "net" });
    expect(problem?.found).toContain(custom);
    expect(problem?.fix).toMatch(tool);
  });

  it("weights of an unknown type are no batch, and the layer that reads them is not told again", () => {
    const draft = new Draft("float32");
    const [input, output] = [draft.map("in", [1, 4, 4, 3]), draft.map("out", [1, 4, 4, 8])];
    const half = draft.tensor({
      ...{ name: "double", shape: [8, 1, 1, 3], type: TensorType.FLOAT64, data: new Uint8Array(192) },
    });
    const weights = draft.map("w", [8, 1, 1, 3]);
    draft.operator(OperatorCode.DEQUANTIZE, [half], weights);
    draft.operator(OperatorCode.CONV_2D, [input, weights], output);
    expect(found(() => draft.import([input], [output]))).toEqual(["unsupported-type double: FLOAT64"]);
  });

  it("an addition of a constant without one scale in an integer network does not ask for full-integer quantisation", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 2, 2, 4]), draft.map("out", [1, 2, 2, 4])];
    const quantization = { scales: [0.1, 0.2, 0.3, 0.4], zeroPoints: [0, 0, 0, 0], axis: 3 };
    draft.operator(
      OperatorCode.ADD,
      [input, draft.constant("k", [1, 2, 2, 4], ones(16), quantization)],
      output,
    );
    const graph = draft.import([input], [output]);
    const [problem] = problemsOf(() => lower(runPasses(graph)));
    expect(problem).toMatchObject({ code: "unsupported-operator", node: "out" });
    expect(problem?.found).toMatch(/add of a map and a constant without one scale/);
    expect(problem?.fix).not.toMatch(/full-integer/);
  });
});
