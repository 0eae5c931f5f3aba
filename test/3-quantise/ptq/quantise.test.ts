import { describe, expect, it } from "vitest";
import { runGolden, runNode } from "../../../src/golden/run.ts";
import { runFloat } from "../../../src/3-quantise/float-run.ts";
import { lower } from "../../../src/3-quantise/lower.ts";
import { checkPictureInput, quantise } from "../../../src/3-quantise/ptq/index.ts";
import { runPasses } from "../../../src/2-passes/pipeline.ts";
import type { Graph } from "../../../src/ir/graph.ts";
import { readSavedGraph, saveGraph } from "../../../src/saved/save.ts";
import { GraphDraft, plainWindow } from "../../support/graphs.ts";
import { fireNetwork, noise, size } from "./fire-network.ts";

const preprocess = { mean: [104, 117, 123], std: [50, 50, 50], channelOrder: "bgr" } as const;
const pictures = Array.from({ length: 6 }, (_, i) =>
  Uint8Array.from(noise(100 + i, size * size * 3, 255), (v) => v + 127.5),
);
const options = { preprocess, runNode };

/** What the float network takes for a picture [H, W, C]: B, G, R without their means. */
function prepared(picture: Uint8Array): Float32Array {
  return Float32Array.from(picture, (_, i) => {
    const channel = i % 3;
    return (picture[i + 2 - 2 * channel]! - preprocess.mean[channel]!) / preprocess.std[channel]!;
  });
}

describe("post-training quantisation", () => {
  it("gives a graph that equals a float simulation of the quantised network within one step", async () => {
    const { graph } = await quantise(fireNetwork(), pictures, options);
    const integer = lower(runPasses(graph));
    const result = runGolden(
      integer,
      Int8Array.from(pictures[0]!, (p) => p - 128),
    );
    // Every node on the dequantised values of the maps that it reads, in float.
    const real = (id: number) => {
      const map = integer.maps.get(id)!;
      return Float32Array.from(result.maps.get(id)!, (q) => map.scale * (q - map.zeroPoint));
    };
    let compared = 0;
    for (const node of integer.nodes) {
      const source = graph.nodes.find((other) => other.output === node.output)!;
      if (node.kind === "softmax") continue;
      const simulated = simulate(graph, source, node.inputs.map(real));
      const map = integer.maps.get(node.output)!;
      result.maps.get(node.output)!.forEach((q, i) => {
        const step = Math.min(127, Math.max(-128, simulated[i]! / map.scale + map.zeroPoint));
        expect(Math.abs(step - q)).toBeLessThanOrEqual(1);
        compared++;
      });
    }
    expect(compared).toBeGreaterThan(700);
  });

  it("makes functions without a kernel tables on scales of their own", async () => {
    const draft = new GraphDraft();
    const [x, y, z, out] = [0, 1, 2, 3].map((i) => draft.map(`map ${i}`, [1, size, size, 3]));
    const weights = draft.floats("w", [3, 1, 1, 3], [0.5, -1, 0.2, -0.3, 0.4, 0.6, 0.1, -0.9, 0.8]);
    const base = { sources: [], ...plainWindow, kernel: [1, 1], groups: 1, activation: "none" } as const;
    draft.node({ kind: "conv", name: "conv", inputs: [x!, weights], output: y!, ...base });
    draft.node({ kind: "leaky-relu", name: "leaky", sources: [], inputs: [y!], output: z!, alpha: 0.3 });
    draft.node({ kind: "elu", name: "elu", sources: [], inputs: [z!], output: out! });
    const float = draft.graph([x!], [out!]);
    const { graph, layers } = await quantise(float, pictures, options);
    expect(lower(runPasses(graph)).nodes.map(({ kind }) => kind)).toEqual(["conv", "lookup", "lookup"]);
    expect(layers.every((layer) => (layer.snrDb ?? 99) > 30)).toBe(true);
  });

  it("makes tables of smooth functions, and quantises slopes of channels", async () => {
    const draft = new GraphDraft();
    const [x, y, z, out] = [0, 1, 2, 3].map((i) => draft.map(`map ${i}`, [1, size, size, 3]));
    const weights = draft.floats("w", [3, 1, 1, 3], [0.5, -1, 0.2, -0.3, 0.4, 0.6, 0.1, -0.9, 0.8]);
    const slopes = draft.floats("slopes", [1, 1, 3], [0.25, -0.5, 1.5]);
    const base = { sources: [], ...plainWindow, kernel: [1, 1], groups: 1, activation: "none" } as const;
    draft.node({ kind: "conv", name: "conv", inputs: [x!, weights], output: y!, ...base });
    draft.node({ kind: "prelu", name: "prelu", sources: [], inputs: [y!, slopes], output: z! });
    const curve = { name: "mish" } as const;
    draft.node({ kind: "curve", name: "mish", sources: [], inputs: [z!], output: out!, curve });
    const float = draft.graph([x!], [out!]);
    const { graph, layers } = await quantise(float, pictures, options);
    expect(graph.tensors.get(slopes)).toMatchObject({ dtype: "int8", data: Int8Array.of(21, -42, 127) });
    const { nodes } = lower(runPasses(graph));
    expect(nodes).toMatchObject([{ kind: "conv" }, { kind: "lookup", slopes: {} }, { kind: "lookup" }]);
    expect(layers.every((layer) => (layer.snrDb ?? 99) > 30)).toBe(true);
  });

  it("is close to the float network and says how close", async () => {
    const { layers, summary } = await quantise(fireNetwork(), pictures, options);
    expect(layers.map((layer) => layer.name)).toContain("fire3/e3");
    expect(layers.every((layer) => (layer.snrDb ?? 99) > 25)).toBe(true);
    expect(summary).toMatchObject({ pictures: 6, measured: 6, paddingError: 0, agreement: 1 });
    expect(summary.logitsSnrDb).toBe(layers.at(-1)?.snrDb);
  });

  // The trained SqueezeNet on photographs: squeezenet.campaign.test.ts.
  it("is close to the float network on pictures that it was not calibrated on", async () => {
    const float = fireNetwork();
    const { graph } = await quantise(float, pictures.slice(0, 4), options);
    const integer = lower(runPasses(graph));
    const map = integer.maps.get(integer.logits)!;
    for (const picture of pictures.slice(4)) {
      const wanted = runFloat(float, prepared(picture)).get(integer.logits)!;
      const centred = Int8Array.from(picture, (p) => p - 128);
      const found = Float32Array.from(
        runGolden(integer, centred).maps.get(integer.logits)!,
        (q) => map.scale * (q - map.zeroPoint),
      );
      expect(found.indexOf(Math.max(...found))).toBe(wanted.indexOf(Math.max(...wanted)));
      const power = (values: Float32Array) => values.reduce((sum, x) => sum + x * x, 0);
      const error = power(found.map((x, i) => x - wanted[i]!));
      expect(10 * Math.log10(power(wanted) / error)).toBeGreaterThan(40);
    }
  });

  it("corrects biases against the very pictures that it ran, when there are more than those", async () => {
    // 48 pictures, of which every second one is measured; the others are black.
    const many = Array.from({ length: 48 }, (_, i) =>
      i % 2 === 0 ? pictures[(i / 2) % 6]! : new Uint8Array(size * size * 3),
    );
    const { layers, summary } = await quantise(fireNetwork(), many, options);
    expect(summary).toMatchObject({ pictures: 48, measured: 24 });
    expect(layers.every((layer) => (layer.snrDb ?? 99) > 25)).toBe(true);
  });

  it("keeps a Fire module's concat free of rescaling, pools at their scale and ReLU at the lowest zero point", async () => {
    const { graph } = await quantise(fireNetwork(), pictures, options);
    const integer = lower(graph);
    const concats = integer.nodes.filter((node) => node.kind === "concat");
    expect(concats.map((node) => node.rescale)).toEqual([
      [null, null],
      [null, null],
    ]);
    const kinds = integer.nodes.map((node) => node.kind);
    expect(kinds).not.toContain("rescale");
    expect(kinds.slice(-2)).toEqual(["mean", "softmax"]);
    expect(integer.maps.get(integer.input)).toMatchObject({ dtype: "uint8", scale: 1, zeroPoint: -128 });
    for (const node of integer.nodes) {
      if (node.kind === "conv") expect(integer.maps.get(node.output)?.zeroPoint).toBe(-128);
    }
  });

  it("keeps the input's mean out of the weights: a picture of the mean colour gives the network of zeros", async () => {
    const graph = fireNetwork();
    const mean = Uint8Array.from({ length: size * size * 3 }, (_, i) => [123, 117, 104][i % 3]!);
    const { graph: quantised } = await quantise(graph, [...pictures, mean], options);
    const integer = lower(quantised);
    const logits = runGolden(
      integer,
      Int8Array.from(mean, (p) => p - 128),
    ).maps.get(integer.logits)!;
    const map = integer.maps.get(integer.logits)!;
    const wanted = runFloat(graph, new Float32Array(mean.length)).get(integer.logits)!;
    wanted.forEach((value, i) =>
      expect(Math.abs(value - map.scale * (logits[i]! - map.zeroPoint))).toBeLessThan(3 * map.scale),
    );
  });

  it("writes the same file for the same pictures, and the file reads back as the same network", async () => {
    const [one, two] = [
      await quantise(fireNetwork(), pictures, options),
      await quantise(fireNetwork(), pictures, options),
    ];
    const bytes = saveGraph(one.graph);
    expect(Buffer.from(saveGraph(two.graph)).equals(bytes)).toBe(true);
    const read = readSavedGraph(bytes);
    expect(lower(read)).toEqual(lower(one.graph));
    expect(read.labels).toEqual(["a", "b", "c", "d", "e"]);
    const other = await quantise(fireNetwork(), pictures.slice(1), options);
    expect(Buffer.from(saveGraph(other.graph)).equals(bytes)).toBe(false);
  });

  it("needs pictures and a float network", async () => {
    await expect(quantise(fireNetwork(), [], options)).rejects.toThrow(/no-pictures/);
    const { graph } = await quantise(fireNetwork(), pictures, options);
    await expect(quantise(graph, pictures, options)).rejects.toThrow(/not-a-float-model/);
  });

  it("takes real values of the input, whose range becomes its scale", async () => {
    const draft = new GraphDraft();
    const x = draft.map("x", [1, 4, 4, 5]);
    const pooled = draft.map("p", [1, 2, 2, 5]);
    const y = draft.map("y", [1, 2, 2, 3]);
    const weights = draft.floats(
      "w",
      [3, 1, 1, 5],
      Array.from({ length: 15 }, (_, i) => Math.sin(i)),
    );
    const window = { ...plainWindow, activation: "none" as const };
    draft.node({
      ...{ kind: "max-pool", name: "pool", sources: [], inputs: [x], output: pooled, countPadding: false },
      ...{ ...window, kernel: [2, 2], stride: [2, 2] },
    });
    draft.node({
      ...{ kind: "conv", name: "conv", sources: [], inputs: [pooled, weights], output: y, groups: 1 },
      ...{ ...window, kernel: [1, 1] },
    });
    const inputs = [0, 1, 2].map((seed) =>
      Float32Array.from({ length: 80 }, (_, i) => 3 * Math.cos(i + seed) - 0.5),
    );
    const { graph, summary } = await quantise(draft.graph([x], [y]), inputs, { runNode });
    const integer = lower(runPasses(graph));
    const map = integer.maps.get(integer.input)!;
    expect(map).toMatchObject({ dtype: "int8", channels: 5 });
    // -3.5 to 2.5 over 255 steps
    expect(map.scale).toBeCloseTo(6 / 255, 3);
    expect(map.zeroPoint).toBe(Math.round(-128 + 3.5 / map.scale));
    expect(integer.maps.get(pooled)).toMatchObject({ scale: map.scale, zeroPoint: map.zeroPoint });
    expect(summary.logitsSnrDb).toBeGreaterThan(30);
    expect(graph.preprocess).toBeUndefined();
  });

  it("refuses vectors and maps that are no pictures, in words", () => {
    const refusal = (...shape: number[]) => {
      const draft = new GraphDraft();
      const x = draft.map("x", shape);
      const y = draft.map("y", shape);
      draft.node({ kind: "relu", name: "r", sources: [], inputs: [x], output: y });
      return () => checkPictureInput(draft.graph([x], [y]));
    };
    expect(refusal(1, 16)).toThrow(
      /picture-channels: x: found an input that is a vector of 16 values; .* raw \.bin tensors of float32 values for any/,
    );
    expect(refusal(1, 8, 8, 5)).toThrow(/picture-channels: x: found an input of 5 channels;/);
    expect(refusal(1, 8, 3)).toThrow(/picture-channels: x: found an input of shape \[1, 8, 3\];/);
    expect(refusal(1, 8, 8, 3)).not.toThrow();
  });
});

/** One node of the quantised graph in float, on real values. */
function simulate(graph: Graph, node: Graph["nodes"][number], values: readonly Float32Array[]): Float32Array {
  const tensors = new Map(graph.tensors);
  node.inputs.forEach((id) => {
    const tensor = tensors.get(id)!;
    const { data, quantization: q } = tensor;
    const perChannel = (q?.scales.length ?? 1) > 1 ? (data?.length ?? 0) / q!.scales.length : Infinity;
    const scale = (i: number) => q?.scales[perChannel === Infinity ? 0 : Math.floor(i / perChannel)] ?? 1;
    if (data)
      tensors.set(id, {
        ...tensor,
        dtype: "float32",
        data: Float32Array.from({ length: data.length }, (_, i) => Number(data[i]) * scale(i)),
      });
  });
  const maps = node.inputs.filter((id) => tensors.get(id)?.data === undefined);
  // All its maps side by side become inputs of a graph of one node.
  const first = maps[0]!;
  maps
    .slice(1)
    .forEach((id, i) => tensors.set(id, { ...tensors.get(id)!, dtype: "float32", data: values[i + 1]! }));
  const single: Graph = { ...graph, tensors, nodes: [node], inputs: [first], outputs: [node.output] };
  return runFloat(single, values[0]!).get(node.output)!;
}
