/** Every operator of the packed networks against TFLite's own preparation (ops.json). */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { importModel } from "../../src/1-import/index.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import type { IntConv, IntDepthwise, IntGraph, IntNode } from "../../src/ir/integer.ts";

const models = new URL("../../../shared/models/", import.meta.url);

interface ReferenceTensor {
  shape: number[];
  scale: number;
  zero_point: number;
}
interface ReferenceOperator {
  index: number;
  op: string;
  macs: number;
  stride?: [number, number];
  dilation?: [number, number];
  filter?: [number, number];
  pad_top_left?: [number, number];
  pad_offset_hw?: [number, number];
  act_range?: [number, number];
  multiplier?: number[];
  shift?: number[];
  inputs: ReferenceTensor[];
  output: ReferenceTensor;
}
interface Reference {
  macs: number;
  weights: number;
  biases: number;
  inputs: { dtype: "int8" | "uint8" }[];
  ops: ReferenceOperator[];
}

const networks = [
  "vww_96_int8",
  "resnet8_cifar10",
  "mobilenet_v1_0.25_128",
  "mobilenet_v1_1.0_224",
  "mobilenet_v2_1.0_224",
];

// The tests are made from the files, and the body of a skipped suite runs too.
describe.runIf(existsSync(models))("operators of the packed networks", () => {
  if (!existsSync(models)) return;
  for (const name of networks) {
    describe(name, () => {
      const folder = new URL(`${name}/`, models);
      const reference = JSON.parse(readFileSync(new URL("ops.json", folder), "utf8")) as Reference;
      const graph = lower(importModel(new URL("model.tflite", folder).pathname));
      const centre = reference.inputs[0]?.dtype === "uint8" ? 128 : 0;

      it("counts multiply-accumulates and parameters", () => {
        expect(graph.macs).toBe(reference.macs);
        expect(graph.parameters).toBe(reference.weights + reference.biases);
        expect(graph.nodes.reduce((sum, node) => sum + node.macs, 0)).toBe(reference.macs);
      });

      it("stands for every operator once", () => {
        const sources = graph.nodes.flatMap((node) => node.sources);
        expect(sources.toSorted((a, b) => a - b)).toEqual(reference.ops.map((op) => op.index));
      });

      for (const op of reference.ops) {
        it(`prepares operator ${op.index}, ${op.op}`, () => compare(op, graph, centre));
      }
    });
  }
});

function compare(op: ReferenceOperator, graph: IntGraph, centre: number): void {
  const node = graph.nodes.find((candidate) => candidate.sources.at(-1) === op.index);
  if (!node) {
    expect(op.op).toBe("RESHAPE");
    return;
  }
  const output = graph.maps.get(node.output);
  expect(node.macs).toBe(op.macs);
  expect(Math.fround(output?.scale ?? 0)).toBe(Math.fround(op.output.scale));
  expect(output?.zeroPoint).toBe(op.output.zero_point - centre);
  const [h = 1, w = 1, c = 1] = [1, 1, ...op.output.shape.slice(1)].slice(-3);
  expect([output?.height, output?.width, output?.channels]).toEqual([h, w, c]);
  compareArithmetic(op, node, centre);
}

function compareArithmetic(op: ReferenceOperator, node: IntNode, centre: number): void {
  const range = op.act_range?.map((bound) => bound - centre);
  switch (node.kind) {
    case "conv":
    case "depthwise":
      compareWeighted(op, node, range);
      if (op.op !== "FULLY_CONNECTED") compareWindow(op, node);
      break;
    case "average-pool":
    case "max-pool":
      expect([node.min, node.max]).toEqual(range);
      expect(node.kernel).toEqual(op.filter);
      compareWindow(op, node);
      break;
    case "add":
      expect([node.min, node.max]).toEqual(range);
      expect([node.input1, node.input2, node.result].map((m) => m.multiplier)).toEqual(op.multiplier);
      expect([node.input1, node.input2, node.result].map((m) => m.exponent)).toEqual(op.shift);
      break;
    case "reshape":
      expect(["RESHAPE", "SQUEEZE"]).toContain(op.op);
      break;
    case "softmax":
      expect(op.op).toBe("SOFTMAX");
      break;
    case "activation":
    case "float-add":
    case "float-average-pool":
    case "concat":
    case "l2-normalization":
    case "log-softmax":
    case "lookup":
    case "mean":
    case "pad":
    case "rescale":
    case "slice":
    case "repeat":
    case "resize-bilinear":
    case "blend":
    case "interleave":
    case "mul":
    case "sub":
    case "maximum":
    case "minimum":
    case "float-mul":
      expect.fail(`unexpected ${node.kind}`);
  }
}

function compareWeighted(
  op: ReferenceOperator,
  node: IntConv | IntDepthwise,
  range: number[] | undefined,
): void {
  const channels = node.bias.length;
  const repeat = (list: number[] = []) =>
    list.length === 1 ? Array<number>(channels).fill(list[0] ?? 0) : list;
  expect([...node.requantize.multiplier]).toEqual(repeat(op.multiplier));
  expect([...node.requantize.exponent]).toEqual(repeat(op.shift));
  expect([node.requantize.min, node.requantize.max]).toEqual(range);
  const inNineBits = node.weights.every((w) => w >= -256 && w <= 255);
  expect(inNineBits).toBe(true);
  expect(node.weights.length).toBe(op.inputs[1]?.shape.reduce((product, n) => product * n, 1));
}

function compareWindow(
  op: ReferenceOperator,
  node: Extract<IntNode, { padding: unknown; stride: unknown }>,
): void {
  expect(node.stride).toEqual(op.stride);
  if (op.dilation && "dilation" in node) expect(node.dilation).toEqual(op.dilation);
  const { top, left, bottom, right } = node.padding;
  expect([top, left]).toEqual(op.pad_top_left);
  if (op.pad_offset_hw) expect([bottom - top, right - left]).toEqual(op.pad_offset_hw);
}
