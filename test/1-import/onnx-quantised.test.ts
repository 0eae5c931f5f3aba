/** QLinear and QDQ networks: the golden model against ONNX Runtime, 100 random inputs an operator. */
import { describe, expect, it } from "vitest";
import { elements } from "../../src/ir/shapes.ts";
import type { AttributeValue } from "../support/onnx-draft.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { compareWithOnnx } from "../support/onnx-golden.ts";
import { generator } from "../support/onnx-runtime.ts";

const next = generator(4321);
type Byte = "int8" | "uint8";
type Attributes = Readonly<Record<string, AttributeValue>>;
const MICROSOFT = "com.microsoft";

/** Values of a type, from `low` of its range. */
const bytes = (count: number, type: Byte) =>
  Array.from({ length: count }, () => Math.floor(256 * next()) - (type === "int8" ? 128 : 0));

class Quantised extends OnnxDraft {
  #count = 0;

  /** Scale and zero point as constants. */
  scale(scale: number | readonly number[], zero: number | readonly number[], type: Byte | "int32"): string[] {
    const name = `q${this.#count++}`;
    const scales = typeof scale === "number" ? [scale] : scale;
    const zeros = typeof zero === "number" ? scales.map(() => zero) : zero;
    const shape = typeof scale === "number" ? [] : [scales.length];
    return [this.constant(`${name}/scale`, shape, scales), this.constant(`${name}/zero`, shape, zeros, type)];
  }
}

/** Equal, or one step apart in at most 0.1 % of the values. */
async function agree(draft: OnnxDraft, shape: readonly number[], type: Byte) {
  const { graph, values, different, largest } = await compareWithOnnx(draft, shape, type, next);
  const test = expect.getState().currentTestName;
  if (different > 0) console.log(`${test}: ${different} of ${values} values differ, by ${largest}`);
  expect(largest).toBeLessThanOrEqual(1);
  expect(different / values).toBeLessThanOrEqual(0.001);
  return graph;
}

const SHAPE = [1, 6, 7, 8];

/** [activations, weights, whether per channel] with zero points that are not 0 where ONNX allows them. */
const TYPES: [Byte, Byte, boolean][] = [
  ["uint8", "uint8", false],
  ["uint8", "int8", false],
  ["uint8", "int8", true],
  ["int8", "int8", false],
  ["int8", "int8", true],
];

interface Layer {
  readonly weights: readonly number[];
  readonly attributes: Attributes;
}
const LAYERS: [string, Layer][] = [
  ["plain", { weights: [5, 6, 3, 3], attributes: {} }],
  ["padded with a stride", { weights: [5, 6, 3, 3], attributes: { pads: [1, 0, 2, 1], strides: [2, 1] } }],
  ["depthwise", { weights: [6, 1, 3, 3], attributes: { group: 6, pads: [1, 1, 1, 1] } }],
  ["in two groups", { weights: [4, 3, 3, 3], attributes: { group: 2, dilations: [2, 1] } }],
];

/** Scales of weights, one for all or one a channel, such that results cover the output's range. */
function weightScale(perChannel: boolean, channels: number): number | number[] {
  return perChannel ? Array.from({ length: channels }, () => 0.002 + 0.004 * next()) : 0.0037;
}

describe("QLinearConv", () => {
  for (const [name, { weights, attributes }] of LAYERS) {
    it.each(TYPES)(`${name}: %s map, %s weights, per channel %s`, async (map, weight, perChannel) => {
      const draft = new Quantised();
      const zero = map === "int8" ? -7 : 121;
      const channels = weights[0]!;
      const inputs = [
        ...[draft.input("x", SHAPE, map), ...draft.scale(0.021, zero, map)],
        draft.constant("w", weights, bytes(elements(weights), weight), weight),
        ...draft.scale(
          weightScale(perChannel, channels),
          perChannel ? 0 : weight === "int8" ? 3 : 117,
          weight,
        ),
        ...draft.scale(0.11, map === "int8" ? 5 : 131, map),
        draft.constant(
          "b",
          [channels],
          Array.from({ length: channels }, () => Math.round(4000 * (next() - 0.5))),
          "int32",
        ),
      ];
      draft.node("QLinearConv", inputs, "y", attributes);
      await agree(draft, SHAPE, map);
    });
  }

  it("without a bias, of scales that are powers of two: every tie goes to the even side", async () => {
    const draft = new Quantised();
    const inputs = [
      ...[draft.input("x", [1, 8, 4, 4], "uint8"), ...draft.scale(0.5, 128, "uint8")],
      ...[draft.constant("w", [4, 8, 1, 1], bytes(32, "int8"), "int8"), ...draft.scale(0.0625, 0, "int8")],
      ...draft.scale(4, 100, "uint8"),
    ];
    draft.node("QLinearConv", inputs, "y");
    const { different } = await compareWithOnnx(draft, [1, 8, 4, 4], "uint8", next);
    expect(different).toBe(0);
  });
});

/** A float operator between DequantizeLinear and QuantizeLinear; `make` gets the float map and gives the result. */
function between(
  shape: readonly number[],
  [from, to]: readonly [Byte, Byte],
  make: (draft: Quantised, map: string) => string,
  scales: readonly [number, number] = [0.021, 0.11],
  opset = 13,
): Quantised {
  const draft = new Quantised(opset);
  draft.node(
    "DequantizeLinear",
    [draft.input("x", shape, from), ...draft.scale(scales[0], from === "int8" ? -7 : 121, from)],
    "xf",
  );
  draft.node(
    "QuantizeLinear",
    [make(draft, "xf"), ...draft.scale(scales[1], to === "int8" ? 5 : 131, to)],
    "y",
  );
  return draft;
}

function dequantised(
  draft: Quantised,
  name: string,
  shape: readonly number[],
  values: readonly number[],
  type: Byte | "int32",
  scale: number | number[],
  axis = 0,
): string {
  const zero = type === "uint8" ? 117 : 0;
  const inputs = [draft.constant(`${name}/q`, shape, values, type), ...draft.scale(scale, zero, type)];
  return draft.node("DequantizeLinear", inputs, name, { axis });
}

describe("QDQ", () => {
  for (const [name, { weights, attributes }] of LAYERS) {
    it.each(TYPES)(`Conv ${name}: %s map, %s weights, per channel %s`, async (map, weight, perChannel) => {
      const channels = weights[0]!;
      const draft = between(SHAPE, [map, map], (d, x) => {
        const scale = weightScale(perChannel, channels);
        const w = dequantised(d, "w", weights, bytes(elements(weights), weight), weight, scale);
        const bias = Array.from({ length: channels }, () => Math.round(4000 * (next() - 0.5)));
        const product =
          typeof scale === "number"
            ? Math.fround(Math.fround(0.021) * Math.fround(scale))
            : scale.map((s) => Math.fround(Math.fround(0.021) * Math.fround(s)));
        return d.node(
          "Conv",
          [x, w, dequantised(d, "b", [channels], bias, "int32", product)],
          "c",
          attributes,
        );
      });
      const graph = await agree(draft, SHAPE, map);
      expect(graph.nodes.map((node) => node.kind)).toEqual([name === "depthwise" ? "depthwise" : "conv"]);
    });
  }

  it("Conv and Relu, one layer", async () => {
    const draft = between(SHAPE, ["int8", "int8"], (d, x) => {
      d.node("Conv", [x, dequantised(d, "w", [5, 6, 1, 1], bytes(30, "int8"), "int8", 0.004)], "c");
      return d.node("Relu", ["c"], "r");
    });
    const graph = await agree(draft, SHAPE, "int8");
    expect(graph.nodes).toHaveLength(1);
    expect(graph.nodes[0]).toMatchObject({ requantize: { min: 5 } });
  });

  it("Conv with a float bias", async () => {
    const draft = between(SHAPE, ["int8", "int8"], (d, x) => {
      const w = dequantised(d, "w", [5, 6, 1, 1], bytes(30, "int8"), "int8", 0.004);
      return d.node("Conv", [x, w, d.constant("b", [5], [0.0084, -0.42, 0, 1.68, 0.84])], "c");
    });
    await agree(draft, SHAPE, "int8");
  });

  it.each<[Byte, Byte]>([
    ["int8", "uint8"],
    ["uint8", "int8"],
  ])("Conv from %s to %s", async (from, to) => {
    const draft = between(SHAPE, [from, to], (d, x) =>
      d.node("Conv", [x, dequantised(d, "w", [5, 6, 1, 1], bytes(30, "int8"), "int8", 0.004)], "c"),
    );
    const { largest, different, values } = await compareWithOnnx(draft, SHAPE, from, next, to);
    expect(largest).toBeLessThanOrEqual(1);
    expect(different / values).toBeLessThanOrEqual(0.001);
  });

  it.each([true, false])("Flatten and Gemm, weights per channel %s", async (perChannel) => {
    const draft = between([1, 3, 4, 2], ["uint8", "uint8"], (d, x) => {
      d.node("Flatten", [x], "f");
      const w = dequantised(d, "w", [5, 24], bytes(120, "int8"), "int8", weightScale(perChannel, 5));
      return d.node("Gemm", ["f", w, d.constant("b", [5], [0, 1, -1, 0.5, 2])], "g", { transB: 1 });
    });
    await agree(draft, [1, 3, 4, 2], "uint8");
  });

  it("MatMul", async () => {
    const draft = between([1, 24], ["int8", "int8"], (d, x) => {
      const scale = weightScale(true, 5);
      return d.node("MatMul", [x, dequantised(d, "w", [24, 5], bytes(120, "int8"), "int8", scale, 1)], "m");
    });
    await agree(draft, [1, 24], "int8");
  });

  it.each<[string, Attributes]>([
    ["MaxPool", { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }],
    ["AveragePool", { kernel_shape: [2, 2], strides: [2, 2] }],
    ["AveragePool", { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 }],
    ["GlobalAveragePool", {}],
    ["ReduceMean", { axes: [2, 3], keepdims: 0 }],
    ["Relu", {}],
    ["Pad", {}],
    ["Pad", { mode: "edge" }],
    ["Pad", { mode: "reflect" }],
  ])("%s %s, with a scale of its own", async (operator, attributes) => {
    const draft = between(
      SHAPE,
      ["int8", "int8"],
      (d, x) => {
        const pads = operator === "Pad" ? [d.constant("p", [8], [0, 0, 1, 1, 0, 0, 0, 2], "int64")] : [];
        return d.node(operator, [x, ...pads], "p4", attributes);
      },
      [0.0213171, 0.0173219],
    );
    await agree(draft, SHAPE, "int8");
  });

  it.each<Byte>(["int8", "uint8"])("Add and Concat of %s maps of three scales", async (type) => {
    for (const [operator, attributes] of [
      ["Add", {}],
      ["Concat", { axis: 1 }],
    ] as const) {
      const draft = between(
        SHAPE,
        [type, type],
        (d, x) => {
          d.node(
            "QuantizeLinear",
            [d.node("MaxPool", [x], "m", { kernel_shape: [1, 1] }), ...d.scale(0.0313171, 90, type)],
            "q",
          );
          d.node("DequantizeLinear", ["q", ...d.scale(0.0313171, 90, type)], "mf");
          return d.node(operator, [x, "mf"], "s", attributes);
        },
        [0.0211313, 0.0417123],
      );
      await agree(draft, SHAPE, type);
    }
  });
});

describe("operators of ONNX Runtime", () => {
  it.each<Byte>(["int8", "uint8"])("QLinearAdd of %s", async (type) => {
    const draft = new Quantised();
    const x = [draft.input("x", SHAPE, type), ...draft.scale(0.0213171, type === "int8" ? 3 : 120, type)];
    draft.node("MaxPool", ["x"], "m", { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
    draft.node(
      "QLinearAdd",
      [...x, "m", ...x.slice(1), ...draft.scale(0.0371933, type === "int8" ? -9 : 77, type)],
      "y",
      {},
      MICROSOFT,
    );
    await agree(draft, SHAPE, type);
  });

  it.each(["QLinearGlobalAveragePool", "QLinearAveragePool"])("%s", async (operator) => {
    const draft = new Quantised();
    const inputs = [
      draft.input("x", SHAPE, "uint8"),
      ...draft.scale(0.0213171, 120, "uint8"),
      ...draft.scale(0.0173219, 99, "uint8"),
    ];
    draft.node(
      operator,
      inputs,
      "y",
      operator === "QLinearAveragePool" ? { kernel_shape: [2, 3], strides: [2, 2] } : {},
      MICROSOFT,
    );
    await agree(draft, SHAPE, "uint8");
  });

  it("QLinearConcat", async () => {
    const draft = new Quantised();
    const x = [draft.input("x", SHAPE, "uint8"), ...draft.scale(0.0213171, 120, "uint8")];
    draft.node("MaxPool", ["x"], "m", { kernel_shape: [1, 1] });
    draft.node(
      "QLinearConcat",
      [...draft.scale(0.0471319, 99, "uint8"), ...x, "m", ...x.slice(1)],
      "y",
      { axis: 1 },
      MICROSOFT,
    );
    await agree(draft, SHAPE, "uint8");
  });

  it("QLinearMatMul and QGemm", async () => {
    for (const operator of ["QLinearMatMul", "QGemm"]) {
      const draft = new Quantised();
      const bias = operator === "QGemm" ? [draft.constant("b", [5], [100, -200, 300, 0, 50], "int32")] : [];
      const inputs = [
        ...[draft.input("x", [1, 24], "uint8"), ...draft.scale(0.0213171, 120, "uint8")],
        ...[draft.constant("w", [24, 5], bytes(120, "uint8"), "uint8"), ...draft.scale(0.0071, 130, "uint8")],
        ...bias,
        ...draft.scale(0.147, 99, "uint8"),
      ];
      draft.node(operator, inputs, "y", {}, operator === "QGemm" ? MICROSOFT : "");
      await agree(draft, [1, 24], "uint8");
    }
  });
});
