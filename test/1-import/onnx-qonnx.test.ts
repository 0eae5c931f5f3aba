/** QONNX's Quant, and batch normalisation behind quantised weights. */
import { describe, expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { roundEven } from "../../src/ir/rounding.ts";
import { everyInt8, run } from "../support/lowered.ts";
import type { AttributeValue } from "../support/onnx-draft.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { compareWithOnnx } from "../support/onnx-golden.ts";
import { generator } from "../support/onnx-runtime.ts";
import { problemsOf } from "../support/problems.ts";
import { ScaleDraft } from "../support/scale-draft.ts";

const next = generator(808);
const MAP = [1, 4, 5, 6];
const DOMAIN = "qonnx.custom_op.general";
type Attributes = Readonly<Record<string, AttributeValue>>;

class Qonnx extends OnnxDraft {
  quant(
    from: string,
    to: string,
    [scales, zero, bits]: readonly [readonly number[], number, number],
    attributes: Attributes = {},
    shape: readonly number[] = [],
    domain = DOMAIN,
  ): string {
    const operands = [
      this.constant(`${to}/s`, scales.length === 1 ? [] : shape, scales),
      this.constant(`${to}/z`, [], [zero]),
      this.constant(`${to}/b`, [], [bits]),
    ];
    const all = { signed: 1, narrow: 0, rounding_mode: "ROUND", ...attributes };
    return this.node("Quant", [from, ...operands], to, all, domain);
  }
}

/** Integers, scales and axis of the weights of a network of one convolution between Quants. */
function weightsOf(bits: number, attributes: Attributes, scales: readonly number[], domain = DOMAIN) {
  const draft = new Qonnx();
  const map = draft.quant(draft.input("x", MAP), "xq", [[0.05], 0, 8], {}, [], domain);
  const values = [0.1, -0.9, 0.25, 5, -5, 0.35, 0.74, -0.26];
  const w = draft.quant(
    draft.constant("w", [2, 4, 1, 1], values),
    "wq",
    [scales, 0, bits],
    attributes,
    [2, 1, 1, 1],
    domain,
  );
  draft.node("Conv", [map, w], "c");
  draft.quant("c", "y", [[0.1], 0, 8], { signed: 0 }, [], domain);
  const graph = runPasses(draft.import(["y"]));
  expect(graph.nodes.map(({ kind }) => kind).slice(0, 1)).toEqual(["conv"]);
  const { data, quantization } = graph.tensors.get(graph.nodes[0]!.inputs[1]!)!;
  return { data: Array.from(data as Int8Array), scales: quantization!.scales, lowered: lower(graph) };
}

describe("Quant of weights", () => {
  // Halves go to even: in float32 0.25 / 0.1 is 2.5, and 0.35 / 0.1 is 3.5.
  it("of 4 bits, narrow or not, for all or a channel", () => {
    const all = weightsOf(4, {}, [0.1]);
    expect(all.data).toEqual([1, -8, 2, 7, -8, 4, 7, -3]);
    expect(weightsOf(4, { narrow: 1 }, [0.1]).data).toEqual([1, -7, 2, 7, -7, 4, 7, -3]);
    expect(weightsOf(8, {}, [0.1]).data).toEqual([1, -9, 2, 50, -50, 4, 7, -3]);
    expect(weightsOf(2, {}, [0.1]).data).toEqual([1, -2, 1, 1, -2, 1, 1, -2]);
    const each = weightsOf(4, {}, [0.1, 0.5]);
    expect(each.data).toEqual([1, -8, 2, 7, -8, 1, 1, -1]);
    expect(each.scales).toEqual([Math.fround(0.1), 0.5]);
  });

  it("in the older domains", () => {
    for (const domain of ["finn.custom_op.general", "onnx.brevitas"])
      expect(weightsOf(4, {}, [0.1], domain).data).toEqual([1, -8, 2, 7, -8, 4, 7, -3]);
  });
});

it("Quant of maps has its scale in the integer graph", () => {
  const { lowered } = weightsOf(8, {}, [0.1]);
  expect(lowered.maps.get(lowered.input)).toMatchObject({
    scale: Math.fround(0.05),
    zeroPoint: 0,
    dtype: "int8",
  });
  expect(lowered.maps.get(lowered.outputs[0]!)).toMatchObject({
    scale: Math.fround(0.1),
    zeroPoint: -128,
    dtype: "uint8",
  });
});

describe("Quant of maps of fewer bits", () => {
  /** What every int8 input of steps of 0.05 becomes in steps of 0.3. */
  const stepsOf = (bits: number, attributes: Attributes) => {
    const draft = new Qonnx();
    const map = draft.quant(draft.input("x", [1, 1, 16, 16]), "xq", [[0.05], 0, 8]);
    draft.quant(map, "y", [[0.3], 0, bits], attributes);
    return run(lower(runPasses(draft.import(["y"]))), everyInt8);
  };
  const wanted = (low: number, high: number) =>
    everyInt8.map((x) => {
      const steps = roundEven(Math.fround(Math.fround(x * Math.fround(0.05)) / Math.fround(0.3)));
      return 0 + Math.min(high, Math.max(low, steps));
    });

  it("is limited to what they hold", () => {
    expect(stepsOf(4, {})).toEqual(wanted(-8, 7));
    expect(stepsOf(4, { narrow: 1 })).toEqual(wanted(-7, 7));
    expect(stepsOf(2, {})).toEqual(wanted(-2, 1));
    expect(stepsOf(8, { narrow: 1 })).toEqual(wanted(-127, 127));
    const unsigned = wanted(0, 15).map((steps) => steps - 128);
    expect(stepsOf(4, { signed: 0 })).toEqual(unsigned);
  });

  it("behind a layer is a table behind its lanes", () => {
    const network = (bits: number) => {
      const draft = new Qonnx();
      const map = draft.quant(draft.input("x", MAP), "xq", [[0.05], 0, 8]);
      const values = Array.from({ length: 8 }, (_, i) => 0.1 * (i - 3));
      const weights = draft.quant(draft.constant("w", [2, 4, 1, 1], values), "wq", [[0.1], 0, 4]);
      draft.quant(draft.node("Relu", [draft.node("Conv", [map, weights], "c")], "r"), "y", [[0.1], 0, bits], {
        signed: 0,
      });
      return lower(runPasses(draft.import(["y"])));
    };
    const [limited, whole] = [network(3), network(8)];
    expect(limited.nodes.map(({ kind }) => kind)).toEqual(["conv", "lookup"]);
    const input = Array.from({ length: 120 }, () => Math.floor(256 * next()) - 128);
    const steps = run(whole, input).map((x) => Math.min(7, x + 128));
    expect(Math.max(...run(whole, input))).toBeGreaterThan(7 - 128);
    expect(run(limited, input).map((x) => x + 128)).toEqual(steps);
  });
});

it("maps of more bits, and other roundings, are refused by name, MultiThreshold too", () => {
  const found = (make: (draft: Qonnx) => void) => {
    const draft = new Qonnx();
    draft.input("x", MAP);
    make(draft);
    return problemsOf(() => draft.import(["y"])).map(({ code, found: what }) => `${code}: ${what}`);
  };
  expect(found((d) => d.quant("x", "y", [[0.1], 0, 9]))).toEqual([
    "unsupported-quantization: a map of 9 bits, -256 to 255, 1 scales, zero point 0",
  ]);
  expect(found((d) => d.quant("x", "y", [[0.1], 0, 8], { rounding_mode: "FLOOR" }))).toEqual([
    "unsupported-attribute: rounding_mode FLOOR",
  ]);
  expect(found((d) => d.quant("x", "y", [[0.1], 0, 2.5]))).toEqual([
    "invalid-quantization: scales [], zero points [], 2.5 bits",
  ]);
  expect(found((d) => d.node("BipolarQuant", ["x", d.constant("s", [], [1])], "y", {}, DOMAIN))).toEqual([
    "unsupported-operator: values of 1 bit (qonnx.custom_op.general.BipolarQuant)",
  ]);
  expect(found((d) => d.node("MultiThreshold", ["x"], "y", {}, "finn.custom_op.general"))).toEqual([
    "unsupported-operator: FINN's thresholds (finn.custom_op.general.MultiThreshold)",
  ]);
});

describe("batch normalisation between a layer and its quantisation", () => {
  const norm = (d: ScaleDraft, from: string, factors: readonly number[]) => {
    const offsets = d.constant(
      "offset",
      [factors.length],
      factors.map((_, k) => 0.1 * k - 0.2),
    );
    const zeros = d.constant(
      "mean",
      [factors.length],
      factors.map(() => 0),
    );
    const ones = d.constant(
      "variance",
      [factors.length],
      factors.map(() => 1 - 1e-5),
    );
    return d.node(
      "BatchNormalization",
      [from, d.constant("factor", [factors.length], factors), offsets, zeros, ones],
      "n",
    );
  };

  it.each<[string, readonly number[], Attributes]>([
    ["of a convolution", [4, 4, 3, 3], {}],
    ["of a depthwise convolution", [4, 1, 3, 3], { group: 4 }],
  ])("%s is in its scales and bias", async (_, weights, attributes) => {
    const draft = new ScaleDraft("uint8", 0.02, 0.03, MAP, next);
    const bias = draft.constant("bias", [4], [0.5, -0.25, 1, 0]);
    const layer = draft.node(
      "Conv",
      [draft.real(), draft.weights("w", weights, 0.004), bias],
      "c",
      attributes,
    );
    const relu = draft.node("Relu", [norm(draft, layer, [1.5, 0.25, -0.75, 2])], "relu");
    draft.node("QuantizeLinear", [relu, ...draft.to], "y");
    const { different, graph, largest, values } = await compareWithOnnx(draft, MAP, "uint8", next);
    expect(graph.nodes).toHaveLength(1);
    expect(largest).toBeLessThanOrEqual(1);
    expect(different / values).toBeLessThanOrEqual(0.02);
  });
});

it.each(["uint8", "int8"] as const)(
  "batch normalisation of a quantised map of %s equals ONNX Runtime's",
  async (type) => {
    for (const activation of ["Relu", "Identity"]) {
      const draft = new ScaleDraft(type, 0.02, 0.03, MAP, next);
      const constants = [
        ["gain", [1.5, 0.25, -0.75, 0]],
        ["offset", [0.1, -0.2, 0.033, 0.5]],
        ["mean", [0.3, 0, -0.1, 0.2]],
        ["variance", [1, 0.5, 2, 1]],
      ] as const;
      const parts = constants.map(([name, values]) => draft.constant(name, [4], values));
      const norm = draft.node("BatchNormalization", [draft.real(), ...parts], "n");
      draft.node("QuantizeLinear", [draft.node(activation, [norm], "a"), ...draft.to], "y");
      const { different, graph } = await compareWithOnnx(draft, MAP, type, next);
      expect(graph.nodes.map(({ kind }) => kind)).toEqual(["depthwise"]);
      expect(different).toBe(0);
    }
  },
);

it.each(["uint8", "int8"] as const)(
  "a bias behind MatMul of %s equals ONNX Runtime's, which makes Gemm of both",
  async (type) => {
    const draft = new ScaleDraft(type, 0.02, 0.05, [1, 12], next);
    const product = draft.node("MatMul", [draft.real(), draft.weights("w", [12, 5], 0.01)], "m");
    const sum = draft.node("Add", [product, draft.constant("b", [5], [0.3, -0.71, 0.25, 1, 0])], "n");
    draft.node("QuantizeLinear", [sum, ...draft.to], "y");
    const { different, graph } = await compareWithOnnx(draft, [1, 12], type, next);
    expect(graph.nodes).toHaveLength(1);
    expect(different).toBe(0);
  },
);

it("weights that are transposed behind DequantizeLinear keep their integers", async () => {
  const draft = new ScaleDraft("uint8", 0.02, 0.05, [1, 12], next);
  const real = draft.real();
  draft.node("Transpose", [draft.weights("w", [5, 12], 0.01)], "t", { perm: [1, 0] });
  draft.node("QuantizeLinear", [draft.node("MatMul", [real, "t"], "m"), ...draft.to], "y");
  const { different } = await compareWithOnnx(draft, [1, 12], "uint8", next);
  expect(different).toBe(0);
});
