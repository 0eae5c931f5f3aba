/** Integer graphs of small networks, run on the golden model where the arithmetic is the point. */
import { describe, expect, it } from "vitest";
import {
  ConcatenationField,
  OperatorCode,
  OptionsType,
  TensorType,
} from "../../src/1-import/tflite/schema.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { multiplyByQuantized, quantizeMultiplier } from "../../src/3-quantise/multiplier.ts";
import type { IntGraph, IntNode } from "../../src/ir/integer.ts";
import { clamp, everyInt8, lowered, run } from "../support/lowered.ts";
import { codesOf } from "../support/problems.ts";
import { byte, Draft, int } from "../support/tflite-draft.ts";

function node<Kind extends IntNode["kind"]>(graph: IntGraph, kind: Kind): Extract<IntNode, { kind: Kind }> {
  const found = graph.nodes.find((candidate) => candidate.kind === kind);
  if (!found) throw new Error(`no ${kind} among ${graph.nodes.map((n) => n.kind).join(", ")}`);
  return found as Extract<IntNode, { kind: Kind }>;
}

describe("fully connected", () => {
  it("becomes a convolution over the map behind its flattening", () => {
    const draft = new Draft();
    const [input, flat, output] = [
      draft.map("in", [1, 2, 3, 4]),
      draft.map("flat", [1, 24]),
      draft.map("out", [1, 5]),
    ];
    draft.operator(OperatorCode.RESHAPE, [input], flat);
    draft.dense(flat, output, [5, 24]);
    const graph = lowered(draft, input, output);
    expect(graph.nodes).toHaveLength(1);
    const conv = node(graph, "conv");
    expect(conv).toMatchObject({
      kernel: [2, 3],
      stride: [1, 1],
      inputs: [input],
      sources: [0, 1],
      macs: 120,
    });
    expect([...conv.weights.subarray(0, 8)]).toEqual([1, 2, 3, 4, 5, 6, 7, 1]);
    expect(graph.parameters).toBe(125);
    expect(graph.maps.has(flat)).toBe(false);
  });

  it("leaves the flattening to others that read it", () => {
    const draft = new Draft();
    const [input, flat] = [draft.map("in", [1, 1, 2, 2]), draft.map("flat", [1, 4])];
    const [a, output] = [draft.map("a", [1, 4]), draft.map("out", [1, 4])];
    draft.operator(OperatorCode.RESHAPE, [input], flat);
    draft.dense(flat, a, [4, 4]);
    draft.operator(OperatorCode.ADD, [a, flat], output);
    const graph = lowered(draft, input, output);
    expect(graph.nodes.map((n) => [n.kind, n.sources])).toEqual([
      ["reshape", [0]],
      ["conv", [1]],
      ["add", [2]],
    ]);
    expect(node(graph, "conv")).toMatchObject({ inputs: [input], kernel: [1, 2] });
  });
});

describe("convolutions", () => {
  it("subtract the weight zero point and re-centre uint8", () => {
    const draft = new Draft("uint8");
    const [input, output] = [draft.map("in", [1, 1, 1, 3], 0.5, 100), draft.map("out", [1, 1, 1, 1], 1, 10)];
    const weights = draft.constant("w", [1, 1, 1, 3], [0, 200, 255], Draft.whole(0.25, 200));
    draft.operator(OperatorCode.CONV_2D, [input, weights], output, OptionsType.Conv2DOptions, [
      int(1, 1),
      int(2, 1),
    ]);
    const graph = lowered(draft, input, output);
    const conv = node(graph, "conv");
    expect([...conv.weights]).toEqual([-200, 0, 55]);
    expect([...conv.bias]).toEqual([0]);
    expect(conv.weightZeroPoint).toBe(72);
    expect(graph.maps.get(input)).toMatchObject({ zeroPoint: -28, dtype: "uint8" });
    expect(graph.maps.get(output)).toMatchObject({ zeroPoint: -118, dtype: "uint8" });
    // (120 - 100) * (0 - 200) + (100 - 100) * 0 + (140 - 100) * 55 = -1800; / 8 = -225; + 10 clamps to 0.
    expect(run(graph, [120 - 128, 100 - 128, 140 - 128])).toEqual([-128]);
    expect(run(graph, [100 - 128, 0 - 128, 110 - 128])).toEqual([10 + Math.round(550 / 8) - 128]);
  });

  it("spread groups over all channels with weights that add nothing", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 1, 1, 4]), draft.map("out", [1, 1, 1, 2])];
    draft.conv(input, output, [2, 1, 1, 2]);
    const conv = node(lowered(draft, input, output), "conv");
    expect([...conv.weights]).toEqual([1, 2, 0, 0, 0, 0, 3, 4]);
    expect(conv.macs).toBe(4);
  });

  it("keep multiplier 8 of one input channel", () => {
    const draft = new Draft("uint8");
    const [input, output] = [draft.map("in", [1, 5, 5, 1]), draft.map("out", [1, 3, 3, 8])];
    draft.depthwise(input, output, [1, 3, 3, 8], { stride: [2, 2] });
    const graph = lowered(draft, input, output);
    expect(node(graph, "depthwise")).toMatchObject({ multiplier: 8, macs: 3 * 3 * 8 * 9 });
  });

  it("refuse a bias of another scale than the products'", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 1, 1, 1], 4), draft.map("out", [1, 1, 1, 1])];
    draft.conv(input, output, [1, 1, 1, 1]);
    expect(codesOf(() => lowered(draft, input, output))).toEqual(["invalid-quantization"]);
  });
});

describe("operators between maps", () => {
  it("rescale a ReLU that no layer absorbs", () => {
    const draft = new Draft();
    const [input, output] = [
      draft.map("in", [1, 1, 256, 1], 0.5, -3),
      draft.map("out", [1, 1, 256, 1], 0.75, 5),
    ];
    draft.operator(OperatorCode.RELU, [input], output);
    const wanted = everyInt8.map((x) => clamp(5 + Math.round(((x + 3) * 0.5) / 0.75), 5));
    expect(run(lowered(draft, input, output), everyInt8)).toEqual(wanted);
  });

  it("multiply by a constant of each channel", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 1, 1, 3], 0.5, 1), draft.map("out", [1, 1, 1, 3], 0.25, -7)];
    const constant = draft.constant("c", [1, 1, 1, 3], [2, -4, 127], Draft.whole(0.25, -1));
    draft.operator(OperatorCode.MUL, [constant, input], output);
    // (x - 1) * (c + 1) * 0.5 * 0.25 / 0.25 - 7
    expect(run(lowered(draft, input, output), [9, 5, 3])).toEqual([8 * 3 * 0.5 - 7, 4 * -3 * 0.5 - 7, 121]);
  });

  it.each([
    ["MUL", (x: number) => x * x * 0.25],
    ["SUB", () => 0],
    ["ADD", (x: number) => 2 * x * 0.5],
  ] as const)("compute %s of two maps of any scale", (code, real) => {
    const draft = new Draft();
    const input = draft.map("in", [1, 1, 256, 1], 0.5, -3);
    const output = draft.map("out", [1, 1, 256, 1], 16, 5);
    draft.operator(OperatorCode[code], [input, input], output);
    const wanted = everyInt8.map((x) => clamp(5 + Math.round(real(x + 3) / 16), -128));
    const found = run(lowered(draft, input, output), everyInt8);
    // both roundings of a product: up to a step from the real one
    for (const [i, value] of found.entries()) expect(Math.abs(value - wanted[i]!)).toBeLessThanOrEqual(1);
    expect(found.filter((value, i) => value !== wanted[i]).length).toBeLessThan(12);
  });

  it("compare the integers of MAXIMUM and MINIMUM, whatever their scales, one of a channel with all of a row", () => {
    for (const [code, choose] of [
      ["MAXIMUM", Math.max],
      ["MINIMUM", Math.min],
    ] as const) {
      const draft = new Draft("uint8");
      const input = draft.map("in", [1, 1, 4, 2], 0.5, 3);
      const row = draft.map("row", [1, 1, 1, 2], 0.5, 3);
      const output = draft.map("out", [1, 1, 4, 2], 2, 9);
      draft.operator(
        OperatorCode.SLICE,
        [input, draft.ints("b", [4], [0, 0, 0, 0]), draft.ints("s", [4], [1, 1, 1, 2])],
        row,
      );
      draft.operator(OperatorCode[code], [input, row], output);
      const values = [3, -4, 100, -100, -128, 127, 2, -3];
      const wanted = values.map((x, i) => choose(x, values[i % 2]!));
      expect(run(lowered(draft, input, output), values)).toEqual(wanted);
    }
  });

  it("refuse a product whose scale is far too small", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 4], 1), draft.map("out", [1, 4], 2 ** -15)];
    draft.operator(OperatorCode.MUL, [input, input], output);
    expect(codesOf(() => lowered(draft, input, output))).toEqual(["unsupported-quantization"]);
  });

  it("fold the count of a mean into its multiplier", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 7, 7, 1]), draft.map("out", [1, 1])];
    draft.operator(OperatorCode.MEAN, [input, draft.ints("axes", [2], [1, 2])], output);
    const graph = lowered(draft, input, output);
    expect(node(graph, "mean")).toMatchObject({ multiplier: Math.floor((2 ** 30 * 32) / 49), exponent: -4 });
    const values = Array.from({ length: 49 }, (_, i) => i);
    expect(run(graph, values)).toEqual([24]);
  });

  // TFLite's reduce.cc: shift = min(floor(log2(count)), 32, 31 + exponent), multiplier = (multiplier << shift) / count.
  it.each([
    ["one value", [1, 1], 1, 0],
    ["a power of two", [8, 8], 1, 6],
    ["one less", [7, 9], 1, 5],
    ["one more", [5, 13], 1, 6],
    ["a scale so small that the exponent limits the shift", [8, 8], 2 ** -29, 3],
    ["and one step smaller", [8, 8], 2 ** -30, 2],
  ] as const)("fold the count of a mean into its multiplier: %s", (_, [height, width], ratio, shift) => {
    const draft = new Draft();
    const input = draft.map("in", [1, height, width, 1], ratio);
    const output = draft.map("out", [1, 1], 1);
    draft.operator(OperatorCode.MEAN, [input, draft.ints("axes", [2], [1, 2])], output);
    expect(node(lowered(draft, input, output), "mean")).toMatchObject({
      multiplier: Math.floor((2 ** 30 * 2 ** shift) / (height * width)),
      exponent: Math.log2(ratio) + 1 - shift,
    });
  });

  it.each([
    [[3], [1, 4, 3], 5],
    [[1, 3], [1, 3], 20],
    [[1, 2, 3], [1], 60],
    [[2], [1, 4, 5], 3],
  ])(
    "take the mean over axes %j as TFLite: the sum times the scales' ratio over the count",
    (axes, shape, count) => {
      const draft = new Draft();
      const input = draft.map("in", [1, 4, 3, 5], 0.37, -7);
      const output = draft.map("out", shape, 0.1931, 11);
      draft.operator(OperatorCode.MEAN, [input, draft.ints("axes", [axes.length], axes)], output);
      const graph = lowered(draft, input, output);
      const values = Array.from({ length: 60 }, (_, i) => ((i * 89) % 256) - 128);
      const sums = new Map<string, number>();
      for (const [i, value] of values.entries()) {
        const place = [0, Math.floor(i / 15), Math.floor(i / 5) % 3, i % 5];
        const key = place.filter((_, axis) => !axes.includes(axis)).join();
        sums.set(key, (sums.get(key) ?? 0) + value + 7);
      }
      // reduce.cc: the multiplier of the ratio, shifted and over the count
      const whole = quantizeMultiplier(Math.fround(0.37) / Math.fround(0.1931));
      const shift = Math.floor(Math.log2(count));
      const multiplier = Math.floor((whole.multiplier * 2 ** shift) / count);
      const wanted = Array.from(sums.values(), (sum) =>
        clamp(multiplyByQuantized(sum, multiplier, whole.exponent - shift) + 11),
      );
      expect(run(graph, values)).toEqual(wanted);
    },
  );

  it("concatenate, with the float formula's integers where scales differ", () => {
    const draft = new Draft("uint8");
    const [input, other] = [
      draft.map("in", [1, 1, 256, 1], 0.3, 7),
      draft.map("pool", [1, 1, 256, 1], 0.3, 7),
    ];
    const output = draft.map("out", [1, 1, 256, 2], 0.4, 30);
    draft.pool(OperatorCode.MAX_POOL_2D, input, other, [1, 1]);
    const options = [int(ConcatenationField.axis, 3)];
    draft.operator(
      OperatorCode.CONCATENATION,
      [input, other],
      output,
      OptionsType.ConcatenationOptions,
      options,
    );
    const graph = lowered(draft, input, output);
    const [inScale, outScale] = [Math.fround(0.3), Math.fround(0.4)];
    const wanted = everyInt8.flatMap((x) => {
      const y = clamp(Math.round(((x + 128 - 7) * inScale) / outScale) + 30 - 128);
      return [y, y];
    });
    expect(run(graph, everyInt8)).toEqual(wanted);
  });

  it("concatenate without a rescale where scales are equal", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 2, 2, 1]), draft.map("out", [1, 2, 2, 2])];
    const options = [int(ConcatenationField.axis, 3)];
    draft.operator(
      OperatorCode.CONCATENATION,
      [input, input],
      output,
      OptionsType.ConcatenationOptions,
      options,
    );
    expect(node(lowered(draft, input, output), "concat").rescale).toEqual([null, null]);
  });
});

describe("ends of the network", () => {
  it("drop conversions between uint8 and int8 of the same values", () => {
    const draft = new Draft();
    const uint8 = (name: string) =>
      draft.tensor({
        name,
        shape: [1, 1, 1, 2],
        type: TensorType.UINT8,
        quantization: Draft.whole(0.5, 128),
      });
    const [input, inner] = [uint8("in"), draft.map("inner", [1, 1, 1, 2])];
    const [conv, output] = [draft.map("conv", [1, 1, 1, 2]), uint8("out")];
    draft.operator(OperatorCode.QUANTIZE, [input], inner);
    draft.conv(inner, conv, [2, 1, 1, 2]);
    draft.operator(OperatorCode.QUANTIZE, [conv], output);
    const graph = lowered(draft, input, output);
    expect(graph.nodes.map((n) => [n.kind, n.sources, n.inputs, n.output])).toEqual([
      ["conv", [0, 1, 2], [input], output],
    ]);
    expect([graph.maps.get(input)?.dtype, graph.maps.get(output)?.dtype]).toEqual(["uint8", "uint8"]);
    expect(graph.logits).toBe(output);
  });

  it("keep a conversion that changes values", () => {
    const draft = new Draft();
    const [input, output] = [draft.map("in", [1, 4], 0.5, 0), draft.map("out", [1, 4], 0.25, 3)];
    draft.operator(OperatorCode.QUANTIZE, [input], output);
    expect(run(lowered(draft, input, output), [0, 1, -2, 100])).toEqual([3, 5, -1, 127]);
  });

  it("store a pixel as itself", () => {
    const preprocessOf = (scale: number, zeroPoint: number, channels = 3) => {
      const d = new Draft("uint8");
      const [i, o] = [
        d.map("in", [1, 1, 1, channels], scale, zeroPoint),
        d.map("out", [1, 1, 1, channels], scale, zeroPoint),
      ];
      d.operator(OperatorCode.RELU, [i], o);
      return lowered(d, i, o).preprocess;
    };
    expect(preprocessOf(1 / 128, 128)).toEqual({
      mean: [128, 128, 128],
      std: [128, 128, 128],
      channelOrder: "rgb",
    });
    expect(preprocessOf(1, 0)).toEqual({ mean: [0, 0, 0], std: [1, 1, 1], channelOrder: "rgb" });
    expect(preprocessOf(1 / 255, 0)?.std.map(Math.round)).toEqual([255, 255, 255]);
    expect(preprocessOf(1, 0, 1)).toEqual({ mean: [0], std: [1], channelOrder: "grey" });
    expect(preprocessOf(1, 0, 4)).toBeUndefined();
    expect(preprocessOf(1 / 127.5, 127)?.mean).toEqual([127, 127, 127]);
    // ranges that a network's own mean and scale made: -2.1 to 2.6, 0 to 25, two steps too far
    for (const [scale, zero] of [
      [0.0186, 114],
      [0.1, 0],
      [1 / 127.5, 124],
    ] as const)
      expect(preprocessOf(scale, zero)).toBeUndefined();
  });

  it("send float networks to the quantiser", () => {
    const draft = new Draft("float32");
    const [input, output] = [draft.map("in", [1, 2, 2, 1]), draft.map("out", [1, 2, 2, 1])];
    draft.conv(input, output, [1, 1, 1, 1]);
    expect(codesOf(() => lowered(draft, input, output))).toEqual(["float-model"]);
  });

  it("keep several inputs in the file's order, and refuse them where a float network has them", () => {
    const make = (type: "int8" | "float32") => {
      const draft = new Draft(type);
      const [input, other, a] = [draft.map("in", [1, 4]), draft.map("in2", [1, 4]), draft.map("a", [1, 4])];
      draft.operator(OperatorCode.ADD, [other, input], a);
      return { graph: draft.import([input, other], [a]), inputs: [input, other] };
    };
    const { graph, inputs } = make("int8");
    const { input, furtherInputs = [] } = lower(graph);
    expect([input, ...furtherInputs]).toEqual(inputs);
    expect(codesOf(() => lower(make("float32").graph))).toEqual(["float-model", "unsupported-graph"]);
  });

  it("keep several outputs in the file's order, the logits before the first one's softmax", () => {
    const draft = new Draft();
    const [input, a, b] = [
      draft.map("in", [1, 4]),
      draft.map("a", [1, 4]),
      draft.map("b", [1, 4], 1 / 256, -128),
    ];
    draft.operator(OperatorCode.RELU, [input], a);
    const beta = [{ slot: 0, kind: "float" as const, value: 1 }];
    draft.operator(OperatorCode.SOFTMAX, [a], b, OptionsType.SoftmaxOptions, beta);
    const graph = lower(draft.import([input], [b, a]));
    expect([graph.outputs, graph.logits]).toEqual([[b, a], a]);
  });

  it("find the logits before the softmax, and nothing but maps of one scale", () => {
    const draft = new Draft();
    const [input, logits, output] = [
      draft.map("in", [1, 4]),
      draft.map("l", [1, 4]),
      draft.map("o", [1, 4], 1 / 256, -128),
    ];
    draft.operator(OperatorCode.RELU, [input], logits);
    const beta = [{ slot: 0, kind: "float" as const, value: 1 }];
    draft.operator(OperatorCode.SOFTMAX, [logits], output, OptionsType.SoftmaxOptions, beta);
    const graph = lowered(draft, input, output);
    expect([graph.logits, ...graph.outputs]).toEqual([logits, output]);
  });
});

describe("mean along one axis", () => {
  it("is a depthwise convolution of ones that rounds as the mean of both does", () => {
    const draft = new Draft();
    const [x, y] = [draft.map("in", [1, 2, 3, 2], 0.5, -10), draft.map("out", [1, 2, 2], 0.25, 3)];
    const options = [byte(0, 0)];
    draft.operator(
      OperatorCode.MEAN,
      [x, draft.ints("axes", [1], [2])],
      y,
      OptionsType.ReducerOptions,
      options,
    );
    const graph = lowered(draft, x, y);
    expect(graph.nodes).toMatchObject([{ kind: "depthwise", kernel: [1, 3], macs: 0 }]);
    // sums of x + 10 are 7, -7, 30, 0: two thirds of them, to the nearest, above 3
    const values = [-10, -10, -3, -17, -10, -10, 0, -10, 0, -10, 0, -10];
    expect(run(graph, values)).toEqual([8, -2, 23, 3]);
  });
});

describe("functions of single values", () => {
  it("PReLU has a table a channel", () => {
    const draft = new Draft();
    const [x, y] = [draft.map("in", [1, 1, 3, 2], 0.5), draft.map("out", [1, 1, 3, 2], 0.5)];
    const alpha = draft.constant("alpha", [1, 1, 2], [1, 2], Draft.whole(0.25, 0));
    draft.operator(OperatorCode.PRELU, [x, alpha], y);
    const graph = lowered(draft, x, y);
    expect(graph.nodes).toMatchObject([{ kind: "lookup" }]);
    expect(run(graph, [-100, -100, 8, 8, -4, -4])).toEqual([-25, -50, 8, 8, -1, -2]);
  });

  it.each([
    ["LOGISTIC", OperatorCode.LOGISTIC, 1 / 256, -128, [0, 96]],
    ["TANH", OperatorCode.TANH, 1 / 128, 0, [0, 97]],
    ["HARD_SWISH", OperatorCode.HARD_SWISH, 0.5, 0, [0, 1]],
    ["ELU", OperatorCode.ELU, 0.5, 0, [0, 2]],
    ["LEAKY_RELU", OperatorCode.LEAKY_RELU, 0.5, 0, [0, 2]],
  ] as const)("%s", (_, code, scale, zeroPoint, [atZero, atOne]) => {
    const draft = new Draft();
    const [x, y] = [draft.map("in", [1, 1, 2, 1], 0.5), draft.map("out", [1, 1, 2, 1], scale, zeroPoint)];
    const options = [{ slot: 0, kind: "float" as const, value: 0.1 }];
    if (code === OperatorCode.LEAKY_RELU) draft.operator(code, [x], y, OptionsType.LeakyReluOptions, options);
    else draft.operator(code, [x], y);
    expect(run(lowered(draft, x, y), [0, 2])).toEqual(
      code === OperatorCode.LOGISTIC ? [0, 59] : [atZero, atOne],
    );
  });
});
