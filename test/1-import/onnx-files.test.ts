/** What .onnx files may look like around their operators: their order, outputs that nobody reads, where constants lie. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DataType } from "../../src/1-import/onnx/schema.ts";
import type { Graph } from "../../src/ir/graph.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { problemsOf } from "../support/problems.ts";

const SHAPE = [1, 2, 4, 4];

/** Data of the node's second input. */
function weightsOf(graph: Graph, node = 0): unknown {
  return graph.tensors.get(graph.nodes[node]?.inputs[1] ?? -1)?.data;
}

function found(act: () => unknown): string[] {
  return problemsOf(act).map(({ code, node, found: what }) => `${code} ${node}: ${what}`);
}

describe("operators in any order", () => {
  it("are sorted", () => {
    const draft = new OnnxDraft();
    draft.node("Relu", ["b"], "y");
    draft.node("Sigmoid", ["a"], "b");
    draft.node("Tanh", [draft.input("x", SHAPE)], "a");
    const { nodes } = draft.import(["y"]);
    expect(nodes.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["kernel a", "kernel b", "relu y"]);
  });

  it("are refused where some read their own results, once, with what else is wrong", () => {
    const draft = new OnnxDraft();
    draft.node("Add", [draft.input("x", SHAPE), "c"], "a");
    draft.node("Relu", ["a"], "b");
    draft.node("Relu", ["b"], "c");
    draft.node("Relu", ["c"], "y");
    draft.node("NoSuch", ["x"], "z");
    expect(found(() => draft.import(["y"]))).toEqual([
      "corrupt-file a: operators that read their own results: a, c, b",
      "unsupported-operator z: NoSuch",
    ]);
  });
});

it("finds the layout of an input behind many ways that part and meet", () => {
  const draft = new OnnxDraft();
  let last = draft.input("x", [1, 4, 5, 2]);
  const factor = draft.constant("k", [], [0.5]);
  for (let i = 0; i < 40; i++) {
    const halves = ["a", "b"].map((side) => draft.node("Mul", [last, factor], `${side}${i}`));
    last = draft.node("Add", halves, `sum${i}`);
  }
  draft.node("Transpose", [last], "t", { perm: [0, 3, 1, 2] });
  draft.node("MaxPool", ["t"], "y", { kernel_shape: [2, 2] });
  const graph = draft.import(["y"]);
  expect(graph.tensors.get(graph.outputs[0]!)?.shape).toEqual([1, 3, 4, 2]);
});

describe("further outputs", () => {
  it("that nobody reads are left out", () => {
    const draft = new OnnxDraft();
    draft.node("MaxPool", [draft.input("x", SHAPE)], ["p", "indices"], { kernel_shape: [2, 2] });
    draft.node("Dropout", ["p"], ["y", "mask"]);
    expect(draft.import(["y"]).nodes.map(({ kind }) => kind)).toEqual(["max-pool", "identity"]);
    expect(found(() => draft.import(["y", "mask"]))[0]).toBe("unsupported-attribute y: further outputs mask");
  });

  it("of BatchNormalization mean training until opset 13", () => {
    const norm = (opset: number) => {
      const draft = new OnnxDraft(opset);
      const ones = ["s", "b", "m", "v"].map((name) => draft.constant(name, [2], [1, 1]));
      draft.node("BatchNormalization", [draft.input("x", SHAPE), ...ones], ["y", "mean"]);
      return draft;
    };
    expect(found(() => norm(9).import(["y"]))).toEqual([
      "unsupported-attribute y: BatchNormalization in training mode, with the outputs mean",
    ]);
    expect(norm(14).import(["y"]).nodes).toHaveLength(1);
  });
});

it("reads floats of 16 and 64 bits, raw and typed, as float32", () => {
  const bits = [0x3c00, 0xc000, 0x0001, 0x7bff]; // 1, -2, the smallest, the largest
  const values = Float32Array.of(1, -2, 2 ** -24, 65504);
  const raw = new Uint8Array(Uint16Array.from(bits).buffer);
  const doubles = new Uint8Array(Float64Array.of(1, -2, 0.1, 3).buffer);
  const brain = [0x3f80, 0xc000, 0x3e80, 0x0000];
  const cases: [object, Float32Array][] = [
    [{ dataType: DataType.FLOAT16, rawData: raw }, values],
    [{ dataType: DataType.FLOAT16, int32Data: bits }, values],
    [{ dataType: DataType.BFLOAT16, int32Data: brain }, Float32Array.of(1, -2, 0.25, 0)],
    [{ dataType: DataType.DOUBLE, rawData: doubles }, Float32Array.of(1, -2, 0.1, 3)],
    [{ dataType: DataType.DOUBLE, doubleData: [1, -2, 0.1, 3] }, Float32Array.of(1, -2, 0.1, 3)],
  ];
  for (const [fields, wanted] of cases) {
    const draft = new OnnxDraft();
    draft.rawConstant({ name: "w", dims: [2, 2, 1, 1], ...fields });
    draft.node("Conv", [draft.input("x", SHAPE), "w"], "y");
    expect(weightsOf(draft.import(["y"]))).toEqual(wanted);
  }
});

it("refuses scales of 16-bit floats, whose products are rounded to those", () => {
  const draft = new OnnxDraft();
  draft.rawConstant({ name: "s", dims: [], dataType: DataType.FLOAT16, int32Data: [0x3c00] });
  draft.node("QuantizeLinear", [draft.input("x", SHAPE), "s", draft.constant("z", [], [0], "int8")], "y");
  expect(found(() => draft.import(["y"]))).toEqual(["unsupported-type y: a scale of FLOAT16"]);
});

describe("data beside the model", () => {
  const folder = mkdtempSync(join(tmpdir(), "firebrick-external-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const home = join(folder, "model");
  mkdirSync(join(home, "data"), { recursive: true });
  const values = Float32Array.of(9, 1, 2, 3, 4);
  const bytes = new Uint8Array(values.buffer);
  writeFileSync(join(home, "net.data"), bytes);
  writeFileSync(join(home, "data", "net.data"), bytes);
  writeFileSync(join(folder, "secret"), bytes);
  symlinkSync(join(folder, "secret"), join(home, "link"));
  symlinkSync(join(home, "net.data"), join(home, "inside"));

  const draftOf = (location: string, offset?: string, length?: string) => {
    const draft = new OnnxDraft();
    const entries = Object.entries({ location, offset, length });
    const externalData = entries.flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
    draft.rawConstant({ name: "w", dims: [2, 2, 1, 1], dataType: 1, dataLocation: 1, externalData });
    draft.node("Conv", [draft.input("x", SHAPE), "w"], "y");
    return () => draft.import(["y"], join(home, "net.onnx"));
  };

  it.each(["net.data", "data/net.data", "./net.data", "inside"])("is read from %s", (location) => {
    expect(weightsOf(draftOf(location, "4", "16")())).toEqual(Float32Array.of(1, 2, 3, 4));
    expect(weightsOf(draftOf(location)())).toEqual(Float32Array.of(9, 1, 2, 3));
  });

  it.each(["../secret", "data/../../secret", join(folder, "secret"), "..\\secret", "C:\\secret", ""])(
    "is not read from %j",
    (location) => {
      expect(found(draftOf(location))).toEqual([
        `unsupported-tensor w: data in another file, ${JSON.stringify(location)}`,
      ]);
    },
  );

  it.each([
    ["link", undefined, undefined, "unsupported-tensor w: data in link, a link out of the model's folder"],
    ["none", undefined, undefined, "missing-file w: data in none, which is not there"],
    ["data", undefined, undefined, "missing-file w: data in data, which is no file"],
    ["net.data", "8", undefined, "corrupt-file w: 16 bytes from 8 of net.data"],
    ["net.data", "-4", undefined, "corrupt-file w: 16 bytes from -4 of net.data"],
    ["net.data", "x", undefined, "corrupt-file w: 16 bytes from NaN of net.data"],
    ["net.data", "0", "12", "corrupt-file w: 12 bytes from 0 of net.data"],
    ["net.data", "1e300", undefined, "corrupt-file w: 16 bytes from 1e+300 of net.data"],
  ])("is refused: %s from %s, %s bytes", (location, offset, length, wanted) => {
    expect(found(draftOf(location, offset, length))).toEqual([wanted]);
  });
});
