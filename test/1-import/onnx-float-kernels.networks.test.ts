/**
 * Operators that an optimising session of ONNX Runtime computes in float32, because it has no integer kernel for their types: an int8 input
 * of the network, an int8 map with two readers, an activation that the quantisation does not end, ReduceMean. Scales of few
 * digits put sums on ties; the golden model adds in the same order and equals it value for value.
 */
import { describe, expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { floatLayers } from "../../src/4-schedule/exact-sums.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import type { OnnxDraft } from "../support/onnx-draft.ts";
import { compareWithOnnx } from "../support/onnx-golden.ts";
import { generator } from "../support/onnx-runtime.ts";
import { ScaleDraft } from "../support/scale-draft.ts";
import type { Byte } from "../support/scale-draft.ts";

const next = generator(77);
const MAP = [1, 8, 6, 6];
const PADDED = { pads: [1, 1, 1, 1] };
const STEP = 0.02;

/** Shape of the input, scale of the result from that of the input, and the operator, which leaves floats in what it names. */
type Case = readonly [shape: readonly number[], range: number, make: (draft: ScaleDraft) => string];

const bias = (d: ScaleDraft, count: number) =>
  d.bias("b", count, Math.fround(STEP) * Math.fround(d.fromScale));
const conv =
  (shape: readonly number[], attributes: Parameters<OnnxDraft["node"]>[3] = {}, hasBias = false) =>
  (d: ScaleDraft) => {
    const parts = [d.real(), d.weights("w", shape, STEP), ...(hasBias ? [bias(d, shape[0] ?? 0)] : [])];
    return d.node("Conv", parts, "r", attributes);
  };
/** The input as the network's own int8 pair, so that its type and the result's differ. */
const inside = (d: ScaleDraft) => d.through(d.node("Relu", [d.real()], "relu"), d.from);
const flat = (d: ScaleDraft) => d.node("Flatten", [d.real()], "flat");

const CASES: Readonly<Record<string, Case>> = {
  "Conv 1x1": [MAP, 4, conv([4, 8, 1, 1])],
  "Conv 3x3 with bias": [MAP, 8, conv([5, 8, 3, 3], { ...PADDED, strides: [2, 2] }, true)],
  "Conv with asymmetric padding": [MAP, 8, conv([4, 8, 3, 3], { pads: [0, 0, 1, 2], strides: [2, 2] })],
  "Conv with auto_pad": [MAP, 8, conv([4, 8, 3, 3], { auto_pad: "SAME_LOWER", strides: [2, 2] })],
  "Conv dilated, more products than a block": [
    [1, 16, 9, 9],
    16,
    conv([3, 16, 5, 5], { pads: [4, 4, 4, 4], dilations: [2, 2] }),
  ],
  "Conv of few pixels, all products in one block": [[1, 32, 5, 5], 16, conv([3, 32, 3, 3])],
  "Conv in groups": [MAP, 4, conv([4, 4, 3, 3], { ...PADDED, group: 2 })],
  "Conv depthwise": [MAP, 3, conv([8, 1, 3, 3], { ...PADDED, group: 8 })],
  "Conv depthwise with multiplier": [MAP, 3, conv([16, 1, 3, 3], { ...PADDED, group: 8 }, true)],
  "Conv of one pixel": [[1, 8, 3, 3], 8, conv([7, 8, 3, 3])],
  "Conv with float bias": [
    MAP,
    4,
    (d) => {
      const offset = d.constant("b", [3], [0.1, -2.2, 3.33]);
      return d.node("Conv", [d.real(), d.weights("w", [3, 8, 1, 1], STEP), offset], "r");
    },
  ],
  "Conv and Relu": [MAP, 8, (d) => d.node("Relu", [conv([4, 8, 3, 3], PADDED)(d)], "a")],
  "Conv and Clip": [
    MAP,
    4,
    (d) => {
      const limits = [d.constant("low", [], [0]), d.constant("high", [], [6])];
      return d.node("Clip", [conv([4, 8, 1, 1])(d), ...limits], "a");
    },
  ],
  "Conv of a map that two read": [
    MAP,
    4,
    (d) => {
      const map = inside(d);
      const scale = d.scale(Number((4 * d.fromScale).toPrecision(2)), 3);
      const parts = [1, 3].map((size) => {
        const weights = d.weights(`w${size}`, [4, 8, size, size], STEP);
        const pads = Array.from({ length: 4 }, () => (size - 1) / 2);
        return d.through(d.node("Conv", [map, weights], `c${size}`, { pads }), scale);
      });
      return d.node("Concat", parts, "r", { axis: 1 });
    },
  ],
  "Conv behind MaxPool": [
    MAP,
    4,
    (d) => {
      const pooled = d.node("MaxPool", [d.real()], "p", { kernel_shape: [2, 2] });
      return d.node("Conv", [pooled, d.weights("w", [10, 8, 1, 1], STEP)], "r");
    },
  ],
  Gemm: [[1, 32], 6, (d) => d.node("Gemm", [d.real(), d.weights("w", [32, 16], STEP)], "r")],
  "Gemm of two types": [
    [1, 23],
    6,
    (d) => d.node("Gemm", [inside(d), d.weights("w", [23, 7], STEP), bias(d, 7)], "r"),
  ],
  "Gemm behind Flatten": [
    MAP,
    16,
    (d) => d.node("Gemm", [flat(d), d.weights("w", [11, 288], STEP)], "r", { transB: 1 }),
  ],
  "Gemm with float bias behind Flatten": [
    MAP,
    16,
    (d) => {
      const offset = d.constant("b", [3], [0.11, -2.3, 4.56]);
      return d.node("Gemm", [flat(d), d.weights("w", [3, 288], STEP), offset], "r", { transB: 1 });
    },
  ],
  MatMul: [[1, 300], 16, (d) => d.node("MatMul", [d.real(), d.weights("w", [300, 19], STEP)], "r")],
  ReduceMean: [MAP, 0.5, (d) => d.node("ReduceMean", [d.real()], "r", { axes: [2, 3] })],
  "ReduceMean of an odd map": [
    [1, 8, 5, 5],
    0.5,
    (d) => d.node("ReduceMean", [d.real()], "r", { axes: [2, 3], keepdims: 0 }),
  ],
  "ReduceMean over channels": [MAP, 0.5, (d) => d.node("ReduceMean", [d.real()], "r", { axes: [1] })],
  "ReduceMean over channels and rows": [
    [1, 32, 4, 5],
    0.2,
    (d) => d.node("ReduceMean", [d.real()], "r", { axes: [1, -2], keepdims: 0 }),
  ],
  "ReduceMean over all": [MAP, 0.2, (d) => d.node("ReduceMean", [d.real()], "r", { axes: [1, 2, 3] })],
  "GlobalAveragePool of two types": [MAP, 0.5, (d) => d.node("GlobalAveragePool", [inside(d)], "r")],
  "AveragePool of two types": [
    MAP,
    1,
    (d) => d.node("AveragePool", [inside(d)], "r", { kernel_shape: [3, 3], ...PADDED }),
  ],
  "AveragePool rounded up": [
    [1, 8, 7, 7],
    1,
    (d) => d.node("AveragePool", [inside(d)], "r", { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 }),
  ],
  "AveragePool, padding that counts": [
    MAP,
    1,
    (d) =>
      d.node("AveragePool", [inside(d)], "r", {
        kernel_shape: [5, 2],
        pads: [2, 1, 2, 1],
        count_include_pad: 1,
      }),
  ],
};

function draftOf([shape, range, make]: Case, type: Byte, from: number, rounded: boolean): ScaleDraft {
  const to = rounded ? Number((0.85 * range * from).toPrecision(2)) : range * from;
  const draft = new ScaleDraft(type, from, to, shape, next);
  draft.node("QuantizeLinear", [make(draft), ...draft.to], "y");
  return draft;
}

describe.each(Object.entries(CASES))("%s", (_, tried) => {
  it.each<Byte>(["int8", "uint8"])("of %s", async (type) => {
    for (const [from, rounded] of [
      [0.02, false],
      [0.1, true],
      [1 / 128, true],
    ] as const) {
      const draft = draftOf(tried, type, from, rounded);
      const { different, values } = await compareWithOnnx(draft, tried[0], type, next);
      expect(different, `scale ${from}, ${values} values`).toBe(0);
    }
  });
});

it("leaves the accelerator the exact sums", () => {
  const draft = draftOf(CASES["Conv 3x3 with bias"]!, "int8", 0.02, false);
  const graph = lower(runPasses(draft.import(["y"])));
  expect(floatLayers(graph).map(({ name }) => name)).toEqual(["r"]);
  const plan = schedule(graph, { pk: 4, pc: 4, busBytes: 8 });
  expect(floatLayers(plan.graph)).toEqual([]);
});
