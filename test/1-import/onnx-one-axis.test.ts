/** Layers along one axis, of [1, C, L], in every spelling of exporters: against ONNX Runtime. */
import { describe, expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { quantise } from "../../src/3-quantise/ptq/index.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { outputsOf } from "../../src/golden/outputs.ts";
import { runGolden, runNode } from "../../src/golden/run.ts";
import type { Graph } from "../../src/ir/graph.ts";
import { agreeWithOnnx } from "../support/onnx-agree.ts";
import { OnnxDraft, type AttributeValue } from "../support/onnx-draft.ts";
import { channelsLast, generator, noise, runOnnxFused } from "../support/onnx-runtime.ts";
import { ScaleDraft } from "../support/scale-draft.ts";

const next = generator(121);
const MAP = [1, 4, 15];

class Network extends OnnxDraft {
  #count = 0;

  random(shape: readonly number[]): string {
    const count = shape.reduce((product, n) => product * n, 1);
    return this.constant(`c${this.#count++}`, shape, Array.from(noise(count, next)));
  }

  list(values: readonly number[]): string {
    return this.constant(`l${this.#count++}`, [values.length], values, "int64");
  }

  step(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    return this.node(opType, inputs, `t${this.#count++}`, attributes);
  }

  normalised(from: string, channels: number): string {
    const positive = this.constant(`v${this.#count++}`, [channels], Array(channels).fill(0.7));
    const [gain, offset, mean] = [0, 1, 2].map(() => this.random([channels])) as [string, string, string];
    return this.step("BatchNormalization", [from, gain, offset, mean, positive]);
  }

  /** The last layer, of a vector or a map. */
  classes(from: string, inputs: number): void {
    this.node("Gemm", [this.step("Flatten", [from]), this.random([5, inputs]), this.random([5])], "y", {
      transB: 1,
    });
  }
}

async function kindsOf(make: (network: Network) => void, shape = MAP, opset = 13): Promise<string[]> {
  const network = new Network(opset);
  network.input("x", shape);
  make(network);
  const graph = await agreeWithOnnx(network, shape, next);
  return runPasses(graph).nodes.map(({ kind }) => kind);
}

describe("layers along one axis", () => {
  it("are layers of one row: convolutions with strides, dilations, groups, and pools", async () => {
    const kinds = await kindsOf((n) => {
      const attributes = { kernel_shape: [5], strides: [2], pads: [1, 3], dilations: [1] };
      const first = n.step("Relu", [n.step("Conv", ["x", n.random([6, 4, 5]), n.random([6])], attributes)]);
      const pooled = n.step("MaxPool", [first], { kernel_shape: [3], strides: [1], pads: [1, 1] });
      const own = n.step("Conv", [pooled, n.random([6, 1, 3])], { group: 6, dilations: [2], pads: [2, 2] });
      const sum = n.step("Add", [first, n.step("Conv", [own, n.random([6, 6, 1])])]);
      const mean = n.step("AveragePool", [sum], { kernel_shape: [2], strides: [2] });
      n.classes(
        n.step("Concat", [mean, n.step("MaxPool", [own], { kernel_shape: [2], strides: [2] })], { axis: 1 }),
        48,
      );
    });
    expect(kinds).toEqual([
      ...[
        "conv",
        "max-pool",
        "depthwise",
        "conv",
        "add",
        "average-pool",
        "max-pool",
        "reshape",
        "reshape",
        "concat",
        "reshape",
        "dense",
      ],
    ]);
  });

  it("with normalisation in front and between, and a mean or a maximum over all", async () => {
    for (const whole of ["GlobalAveragePool", "GlobalMaxPool"])
      await kindsOf((n) => {
        const first = n.step("Conv", [n.normalised("x", 4), n.random([6, 4, 3])], { auto_pad: "SAME_UPPER" });
        n.classes(n.step(whole, [n.step("Relu", [n.normalised(first, 6)])]), 6);
      });
  });

  it("behind a pool of the input itself", async () => {
    expect(
      await kindsOf((n) => {
        const pooled = n.step("MaxPool", ["x"], { kernel_shape: [3], strides: [3] });
        n.classes(n.step("Conv", [pooled, n.random([2, 4, 2])]), 8);
      }),
    ).toEqual(["max-pool", "conv", "reshape", "dense"]);
  });

  it("of [1, L, C] that are transposed in front of each, as keras2onnx writes them", async () => {
    await kindsOf(
      (n) => {
        const turned = n.step("Transpose", ["x"], { perm: [0, 2, 1] });
        const conv = n.step("Relu", [n.step("Conv", [turned, n.random([6, 4, 3]), n.random([6])])]);
        n.classes(n.step("Transpose", [conv], { perm: [0, 2, 1] }), 78);
      },
      [1, 15, 4],
    );
  });

  it("of [1, L, C] that become pictures, as tf2onnx writes them", async () => {
    await kindsOf(
      (n) => {
        const picture = n.step("Unsqueeze", ["x", n.list([1])]);
        const turned = n.step("Transpose", [picture], { perm: [0, 3, 1, 2] });
        const conv = n.step("Relu", [n.step("Conv", [turned, n.random([6, 4, 1, 3]), n.random([6])])]);
        const back = n.step("Transpose", [conv], { perm: [0, 2, 3, 1] });
        n.classes(n.step("Squeeze", [back, n.list([1])]), 78);
      },
      [1, 15, 4],
    );
  });
});

it("quantised networks along one axis equal ONNX Runtime's", async () => {
  const draft = new ScaleDraft("uint8", 0.0213, 0.05, MAP, next);
  const weights = draft.weights("w", [6, 4, 3], 0.01);
  const conv = draft.node("Conv", [draft.real(), weights, draft.bias("b", 6, 0.0213 * 0.01)], "c", {
    pads: [1, 1],
  });
  draft.node(
    "QuantizeLinear",
    [draft.node("Flatten", [draft.through(conv, draft.to)], "f"), ...draft.to],
    "y",
  );
  const graph = lower(runPasses(draft.import(["y"])));
  const inputs = Array.from({ length: 20 }, () =>
    Uint8Array.from({ length: 60 }, () => Math.floor(256 * next())),
  );
  const wanted = await runOnnxFused(draft.write(["y"], "uint8"), inputs, MAP);
  for (const [i, input] of inputs.entries()) {
    const stored = Int8Array.from(channelsLast(input, [1, 4, 1, 15]), (x) => x - 128);
    const [found] = outputsOf(runGolden(graph, stored));
    expect(Array.from(found!, Number)).toEqual(Array.from(wanted[i]!));
  }
});

it("float networks along one axis are quantised", async () => {
  const network = new Network();
  network.input("x", MAP);
  const conv = network.step("Conv", ["x", network.random([6, 4, 3])], { pads: [1, 1] });
  network.classes(network.step("GlobalAveragePool", [network.step("Relu", [conv])]), 6);
  const graph: Graph = runPasses(network.import(["y"]));
  expect(graph.inputAxes).toEqual([0, 3, 1, 2]);
  const { summary } = await quantise(graph, [noise(60, next), noise(60, next)], { runNode });
  expect(summary.logitsSnrDb).toBeGreaterThan(30);
});
