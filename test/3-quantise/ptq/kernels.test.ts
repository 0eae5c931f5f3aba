import { expect, it } from "vitest";
import { runGolden, runNode } from "../../../src/golden/run.ts";
import { runFloat } from "../../../src/3-quantise/float-run.ts";
import { lower } from "../../../src/3-quantise/lower.ts";
import { quantise } from "../../../src/3-quantise/ptq/index.ts";
import { runPasses } from "../../../src/2-passes/pipeline.ts";
import { readSavedGraph, saveGraph } from "../../../src/saved/save.ts";
import { OnnxDraft } from "../../support/onnx-draft.ts";
import { noise } from "./fire-network.ts";

const preprocess = { mean: [128, 128, 128], std: [64, 64, 64], channelOrder: "rgb" } as const;
const size = 12;
const pictures = Array.from({ length: 6 }, (_, i) =>
  Uint8Array.from(noise(70 + i, size * size * 3, 255), (v) => v + 127.5),
);

/** Convolutions with a kernel behind each, as MobileNetV3's float ONNX files have them. */
function network(last: string): OnnxDraft {
  const draft = new OnnxDraft(14);
  const conv = (from: string, to: string, k: number, channels: number, outputs: number) => {
    const taps = outputs * channels * k * k;
    const w = draft.constant(
      `${to}/w`,
      [outputs, channels, k, k],
      noise(k + outputs, taps, 6 / (k * channels)),
    );
    const b = draft.constant(`${to}/b`, [outputs], noise(outputs, outputs, 1));
    return draft.node("Conv", [from, w, b], to, { pads: [1, 1, 1, 1].map((p) => (k === 3 ? p : 0)) });
  };
  let x = conv(draft.input("x", [1, 3, size, size]), "conv1", 3, 3, 8);
  x = draft.node("HardSwish", [x], "swish1");
  x = conv(x, "conv2", 1, 8, 16);
  x = draft.node(last, [x], "gate2");
  x = draft.node("GlobalAveragePool", [conv(x, "conv3", 3, 16, 5)], "mean");
  draft.node("Flatten", [x], "y");
  return draft;
}

/** The integer network's output for a picture is the float one's within 5 % of its greatest value. */
function expectNear(integer: ReturnType<typeof lower>, float: ReturnType<typeof runPasses>): void {
  const [first] = pictures;
  const wanted = runFloat(
    float,
    Float32Array.from(first!, (p) => (p - 128) / 64),
  ).get(float.outputs[0]!)!;
  const pixels = Int8Array.from(first!, (p) => p - 128);
  const output = runGolden(integer, pixels).maps.get(integer.outputs[0]!)!;
  const { scale, zeroPoint } = integer.maps.get(integer.outputs[0]!)!;
  const reach = Math.max(...Array.from(wanted, Math.abs));
  for (const [i, value] of wanted.entries())
    expect(Math.abs(scale * (output[i]! - zeroPoint) - value)).toBeLessThan(0.05 * reach);
}

it("gives the maps of a kernel its scales, and the network stays close to the float one", async () => {
  const graph = runPasses(network("Sigmoid").import(["y"]));
  const quantised = await quantise(graph, pictures, { preprocess, runNode });
  expect(
    quantised.layers.filter(({ range }) => range.startsWith("places of")).map(({ name }) => name),
  ).toEqual([...["conv1", "swish1", "conv2", "gate2"]]);
  const integer = lower(runPasses(readSavedGraph(saveGraph(quantised.graph))));
  const kernels = integer.nodes.flatMap((node) => (node.kind === "activation" ? [node] : []));
  expect(kernels.map(({ kernel }) => kernel.name)).toEqual(["hardSwish", "sigmoid"]);
  for (const pixels of pictures) {
    const { maps } = runGolden(
      integer,
      Int8Array.from(pixels, (p) => p - 128),
    );
    const wanted = runFloat(
      graph,
      Float32Array.from(pixels, (p) => (p - 128) / 64),
    ).get(graph.outputs[0]!)!;
    const { scale, zeroPoint } = integer.maps.get(integer.logits)!;
    const logits = Array.from(maps.get(integer.logits)!, (q) => scale * (q - zeroPoint));
    const reach = Math.max(...Array.from(wanted, Math.abs));
    wanted.forEach((value, i) => expect(Math.abs(value - logits[i]!)).toBeLessThan(0.05 * reach));
  }
  expect(quantised.summary.logitsSnrDb).toBeGreaterThan(25);
});

it("keeps saved models self-contained: a kernel of the user's own is refused", async () => {
  const { graph } = await quantise(runPasses(network("Sigmoid").import(["y"])), pictures, {
    preprocess,
    runNode,
  });
  const nodes = graph.nodes.map((node) =>
    node.kind === "kernel" ? { ...node, kernel: { ...node.kernel, spec: "/tmp/own.ts#own" } } : node,
  );
  expect(() => saveGraph({ ...graph, nodes })).toThrow(
    /unsupported-operator: \w+: found the kernel \/tmp\/own/,
  );
});

it("two kernels of different formats on maps that share a scale are tables, but those without one", async () => {
  const joined = (other: string, beside = "swish1") => {
    const draft = network("HardSwish");
    draft.node(other, ["conv1"], "other", other === "HardSigmoid" ? { alpha: { float: 1 / 6 } } : {});
    draft.node("Concat", ["other", beside], "both", { axis: 1 });
    return runPasses(draft.import(["both"]));
  };
  const { graph } = await quantise(joined("Sigmoid"), pictures, { preprocess, runNode });
  const integer = lower(runPasses(graph));
  expect(integer.nodes.map(({ kind }) => kind)).toEqual(["conv", "lookup", "lookup", "concat"]);
  expectNear(integer, joined("Sigmoid"));
  await expect(quantise(joined("HardSigmoid", "conv1"), pictures, { preprocess, runNode })).rejects.toThrow(
    /a map of [47] binary places for hardSigmoid and [47] for hardSigmoid/,
  );
});

it("a leaky ReLU on a map that a concatenation reads too is a table", async () => {
  const draft = network("HardSwish");
  draft.node("LeakyRelu", ["conv2"], "leaky", { alpha: { float: 0.1 } });
  draft.node("Sigmoid", ["leaky"], "gates");
  draft.node("Concat", ["leaky", "gates", "conv2"], "both", { axis: 1 });
  const { graph } = await quantise(runPasses(draft.import(["both"])), pictures, { preprocess, runNode });
  const kinds = lower(runPasses(graph)).nodes.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === "lookup").length).toBe(2);
});

it("takes constants of any shape, in the finest steps that hold them", async () => {
  const draft = network("HardSwish");
  const values = (count: number) => Array.from({ length: count }, (_, i) => ((i * 37) % 64) / 8 - 3);
  const constant = (name: string, shape: readonly number[]) =>
    draft.constant(name, shape, values(shape.reduce((product, n) => product * n, 1)));
  let x = draft.node("Relu", ["swish1"], "r");
  x = draft.node("Add", [x, constant("whole", [1, 8, size, size])], "sum");
  x = draft.node("Mul", [constant("row", [1, size]), x], "product");
  x = draft.node("Sub", [constant("column", [8, size, 1]), x], "difference");
  x = draft.node("Max", [x, constant("pixel", [1, 1, size, size])], "larger");
  draft.node("Min", [x, constant("channels", [8, 1, 1])], "last");
  const float = runPasses(draft.import(["last"]));
  const { graph } = await quantise(float, pictures, { preprocess, runNode });
  const integer = lower(runPasses(readSavedGraph(saveGraph(graph))));
  expect(integer.nodes.slice(-5).map(({ kind }) => kind)).toEqual([
    ...["add", "mul", "sub", "maximum", "lookup"],
  ]);
  expectNear(integer, float);
});
