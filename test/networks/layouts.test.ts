/** Nodes that only move values, as layouts: every result of networks of them through the hardware. */
import { describe, expect, it } from "vitest";
import type { Tail } from "../../src/ir/tail.ts";
import type { IntMap, IntNode } from "../../src/ir/integer.ts";
import { buildNetwork } from "../../src/ir/builder.ts";
import { runGolden } from "../../src/golden/run.ts";
import { outputsOf } from "../../src/golden/outputs.ts";
import { resultOf } from "../../src/targets/array/simulate.ts";
import {
  BlockField,
  Conv2DField,
  OperatorCode,
  OptionsType,
  PaddingScheme,
  TransposeConvField,
} from "../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { byte, Draft, int } from "../support/tflite-draft.ts";
import { elements } from "../../src/ir/shapes.ts";
import { integers, intGraph, intMap } from "../golden/helpers.ts";
import { accelerators, expectBitExact, expectPredicted, noise } from "./accelerator.ts";
import { seededInteger } from "./hardware.ts";

const accelerator = accelerators();
const memory = "bytes=16,latency=40";
const none = { top: 0, left: 0, bottom: 0, right: 0 };

/** An inception module of odd channels, a dense block, sums and pools of concatenations. */
function concatenations() {
  const b = buildNetwork("concatenations", { height: 7, width: 6, channels: 3 });
  const first = b.conv("first", b.input, 12, { kernel: 3, activation: "relu" });
  const one = b.conv("one", first, 5, { kernel: 1, activation: "relu" });
  const three = b.conv("three", b.conv("reduce", first, 6, { kernel: 1, activation: "relu" }), 7, {
    kernel: 3,
    activation: "relu",
  });
  const pooled = b.maxPool("pool", first, { kernel: 3, stride: 1, padding: "same" });
  const inception = b.concat("inception", [
    one,
    three,
    b.conv("project", pooled, 3, { kernel: 1, activation: "relu" }),
  ]);
  const dense = b.concat("dense", [
    inception,
    b.conv("grow", inception, 4, { kernel: 3, activation: "relu" }),
  ]);
  const denser = b.concat("denser", [
    dense,
    b.conv("more", dense, 4, { kernel: 3, activation: "relu" }),
    inception,
  ]);
  const half = b.maxPool("half", denser, { kernel: 2, stride: 2, rounding: "floor" });
  const twice = b.depthwise("depthwise", b.concat("twice", [half, half]), { kernel: 3, activation: "relu" });
  const whole = b.concat("whole", [
    b.conv("a", twice, 16, { kernel: 1, activation: "relu" }),
    b.conv("b", twice, 16, { kernel: 1, activation: "relu" }),
  ]);
  const sum = b.add("sum", whole, b.conv("c", whole, 32, { kernel: 3, activation: "relu" }));
  b.conv("classes", b.globalAverage("average", b.add("again", sum, whole)), 10, {
    kernel: 1,
    activation: "relu",
  });
  return seededInteger(b.finish(), 3);
}

/** Slices, channels of zeros, repeated pixels, rows and columns side by side, several outputs, a tail for the host. */
function moves() {
  const draw = integers(11);
  const maps: IntMap[] = [];
  const nodes: IntNode[] = [];
  const scale = { scale: 1 / 16, zeroPoint: -7 };
  const map = (height: number, width: number, channels: number, own: Partial<IntMap> = scale): number => {
    maps.push(intMap({ id: maps.length, name: `m${maps.length}`, height, width, channels, ...own }));
    return maps.length - 1;
  };
  const base = (name: string, inputs: readonly number[], output: number) => ({
    ...{ name, sources: [nodes.length], inputs, output, macs: 0 },
  });
  const conv = (name: string, input: number, channels: number, kernel: number): number => {
    const { height, width, channels: from } = maps[input]!;
    const output = map(height, width, channels);
    const all = Array<number>(channels).fill(0);
    const half = (kernel - 1) / 2;
    nodes.push({
      ...{ kind: "conv", ...base(name, [input], output), macs: 1 },
      ...{ kernel: [kernel, kernel], stride: [1, 1], dilation: [1, 1] },
      padding: { top: half, left: half, bottom: half, right: half },
      weights: Int16Array.from({ length: channels * kernel * kernel * from }, () => draw(-100, 100)),
      weightZeroPoint: 0,
      bias: Int32Array.from(all, () => draw(-500, 500)),
      requantize: {
        ...{ min: -128, max: 127, exponent: Int32Array.from(all, () => -8) },
        multiplier: Int32Array.from(all, () => 2 ** 30 + draw(0, 2 ** 29)),
      },
    });
    return output;
  };
  const slice = (
    name: string,
    input: number,
    [height, width, channels]: readonly [number, number, number],
    begin: readonly [number, number, number],
    stride: readonly [number, number, number] = [1, 1, 1],
  ): number => {
    const output = map(height, width, channels);
    nodes.push({ kind: "slice", ...base(name, [input], output), begin, stride });
    return output;
  };
  const image = map(6, 5, 4);
  const first = conv("first", image, 24, 3);
  // channels that begin on a memory word and such that do not, rows and columns, every second one
  const aligned = conv("of_aligned", slice("aligned", first, [6, 5, 8], [0, 0, 16]), 8, 3);
  const apart = conv("of_apart", slice("apart", first, [4, 3, 5], [2, 1, 3], [1, 1, 2]), 8, 3);
  const coarse = slice("coarse", first, [3, 3, 24], [0, 0, 0], [2, 2, 1]);
  const padded = map(3, 3, 30);
  nodes.push({ kind: "pad", ...base("zeros", [coarse], padded), padding: none, channels: [2, 4] });
  const wide = map(3, 3, 30);
  const same = { multiplier: 2 ** 30, exponent: 0 };
  nodes.push({
    ...{ kind: "add", ...base("sum", [conv("thirty", coarse, 30, 1), padded], wide) },
    ...{ leftShift: 20, input1: same, input2: same, result: { multiplier: 2 ** 30, exponent: -18 } },
    ...{ min: -128, max: 127 },
  });
  const repeated = map(6, 6, 30);
  nodes.push({ kind: "repeat", ...base("twice", [wide], repeated), factor: [2, 2] });
  const rows = map(10, 6, 30);
  nodes.push({
    ...{
      kind: "concat",
      ...base("rows", [repeated, conv("more", slice("last", repeated, [4, 6, 30], [2, 0, 0]), 30, 1)], rows),
    },
    ...{ axis: 0, rescale: [null, { multiplier: 2 ** 30 + 12345, exponent: 0 }] },
  });
  const end = conv("end", rows, 6, 3);
  const tail = map(14, 6, 6);
  nodes.push({
    ...{ kind: "concat", ...base("tail", [end, slice("top", end, [4, 6, 6], [3, 0, 0])], tail) },
    ...{ axis: 0, rescale: [null, null] },
  });
  const graph = intGraph(maps, nodes);
  const macs = nodes.reduce((sum, node) => sum + node.macs, 0);
  const place = maps.length;
  const choice: Tail = {
    nodes: [{ kind: "arg-max", name: "best", sources: [], inputs: [tail], output: place, axis: 2 }],
    values: new Map([[place, { id: place, name: "best", shape: [14, 6], dtype: "int64" }]]),
  };
  const outputs = [tail, aligned, rows, apart, place];
  return { ...graph, macs, logits: tail, outputs, floatOutputs: [1], tail: choice };
}

/** Layers in groups, depthwise layers with several outputs a channel, a pool of a concatenation. */
function split() {
  const b = buildNetwork("split", { height: 8, width: 7, channels: 3 });
  const activation = "relu";
  const first = b.conv("first", b.input, 24, { kernel: 3, activation });
  const aligned = b.conv("aligned", first, 48, { kernel: 3, groups: 3, activation });
  const apart = b.conv("apart", first, 12, { kernel: 3, groups: 2, activation });
  const joined = b.concat("joined", [aligned, apart, b.conv("one", first, 6, { kernel: 1, activation })]);
  const pooled = b.maxPool("pooled", joined, { kernel: 3, stride: 2 });
  const twice = b.depthwise("twice", pooled, { kernel: 3, multiplier: 2, activation });
  const read = b.conv("read", twice, 10, { kernel: 3, activation });
  const thrice = b.depthwise("thrice", read, { kernel: 3, multiplier: 3, activation });
  b.conv("classes", b.globalAverage("average", thrice), 5, { kernel: 1 });
  return seededInteger(b.finish(), 7);
}

/** Three inputs, put together, in part added to a layer's map, and taken apart by the host. */
function severalInputs() {
  const scale = { scale: 1 / 16, zeroPoint: 5 };
  const sizes = [3, 1, 2, 6, 2, 6, 6];
  const maps = sizes.map((channels, id) =>
    intMap({ id, name: `m${id}`, height: 4, width: 5, channels, ...scale }),
  );
  const same = { multiplier: 2 ** 30, exponent: 0 };
  const base = (name: string, inputs: readonly number[], output: number) => ({
    ...{ name, sources: [output], inputs, output, macs: 0 },
  });
  const nodes: IntNode[] = [
    { kind: "concat", ...base("joined", [2, 0, 1], 3), axis: 2, rescale: [null, null, null] },
    { kind: "slice", ...base("part", [3], 4), begin: [0, 0, 1], stride: [1, 1, 2] },
    { kind: "pad", ...base("wide", [4], 5), padding: none, channels: [4, 0] },
    {
      ...{ kind: "add", ...base("sum", [3, 5], 6), leftShift: 20, input1: same, input2: same },
      ...{ result: { multiplier: 2 ** 30, exponent: -18 }, min: -128, max: 127 },
    },
  ];
  return { ...intGraph(maps, nodes), input: 0, furtherInputs: [1, 2], logits: 6, outputs: [6, 4] };
}

/** Channels as blocks of pixels and back between convolutions, and transposed convolutions, one of an odd size. */
function blocks() {
  const draft = new Draft();
  const draw = integers(17);
  const map = (shape: readonly number[]) => draft.map(`map ${draft.tensors.length}`, shape, 0.5, -5);
  const conv = (input: number, shape: readonly number[], kernel: readonly number[]) => {
    const values = Array.from({ length: elements(kernel) }, () => draw(-100, 100));
    const weights = draft.constant(`w${draft.tensors.length}`, kernel, values, Draft.whole(0.002, 0));
    const strides = [int(Conv2DField.strideH, 1), int(Conv2DField.strideW, 1)];
    return draft.operator(
      OperatorCode.CONV_2D,
      [input, weights],
      map(shape),
      OptionsType.Conv2DOptions,
      strides,
    );
  };
  const moved = (code: number, options: number, input: number, shape: readonly number[]) =>
    draft.operator(code, [input], map(shape), options, [int(BlockField.size, 2)]);
  const transposed = (
    input: number,
    shape: readonly number[],
    kernel: readonly number[],
    padding: number,
  ) => {
    const values = Array.from({ length: elements(kernel) }, () => draw(-100, 100));
    const weights = draft.constant(`w${draft.tensors.length}`, kernel, values, Draft.whole(0.002, 0));
    const operands = [draft.ints(`s${draft.tensors.length}`, [4], shape), weights, input];
    return draft.operator(
      OperatorCode.TRANSPOSE_CONV,
      operands,
      map(shape),
      OptionsType.TransposeConvOptions,
      [
        byte(TransposeConvField.padding, padding),
        int(TransposeConvField.strideH, 2),
        int(TransposeConvField.strideW, 2),
      ],
    );
  };
  const input = draft.map("in", [1, 4, 5, 3], 0.5, 4);
  const channels = conv(input, [1, 4, 5, 20], [20, 3, 3, 3]);
  const pixels = moved(OperatorCode.DEPTH_TO_SPACE, OptionsType.DepthToSpaceOptions, channels, [1, 8, 10, 5]);
  const middle = conv(pixels, [1, 8, 10, 8], [8, 3, 3, 5]);
  const apart = moved(OperatorCode.SPACE_TO_DEPTH, OptionsType.SpaceToDepthOptions, middle, [1, 4, 5, 32]);
  const larger = transposed(apart, [1, 8, 10, 9], [9, 3, 3, 32], PaddingScheme.SAME);
  const largest = transposed(larger, [1, 17, 21, 8], [8, 3, 3, 9], PaddingScheme.VALID);
  const end = conv(largest, [1, 17, 21, 16], [16, 3, 3, 8]);
  const tail = moved(OperatorCode.DEPTH_TO_SPACE, OptionsType.DepthToSpaceOptions, end, [1, 34, 42, 4]);
  return lower(runPasses(draft.import([input], [tail, middle])));
}

describe.each(["8x8", "4x4"])("on %s", (array) => {
  it("concatenations of any maps are bit exact", async () => {
    const hardware = accelerator([concatenations()], array, memory);
    const run = await hardware.run(0, [
      noise(hardware.plans[0]!.graph, 1),
      noise(hardware.plans[0]!.graph, 2),
    ]);
    expectBitExact(run);
    expectPredicted(run, 300);
  });

  it("layers that are split are bit exact", async () => {
    const hardware = accelerator([split()], array, memory);
    const names = hardware.plans[0]!.graph.nodes.map(({ name }) => name);
    const parts = ["aligned/0", "aligned/2", "apart/1", "pooled/0", "twice/0", "twice/1", "thrice/2"];
    expect(names).toEqual(expect.arrayContaining(parts));
    const run = await hardware.run(0, [noise(hardware.plans[0]!.graph, 1)]);
    expectBitExact(run);
    expectPredicted(run, 300);
    // the network itself, before it was split, says the same
    const own = runGolden(split(), noise(split(), 1));
    const [last] = run.plan.outputs;
    expect(run.result.images[0]!.outputs[0]).toEqual(own.maps.get(last!.map));
  });

  it("several inputs are bit exact", async () => {
    const hardware = accelerator([severalInputs()], array, memory);
    const draw = integers(5);
    const input = Int8Array.from({ length: 4 * 5 * 6 }, () => draw(-128, 127));
    const run = await hardware.run(0, [input]);
    expectBitExact(run);
    const outputs = outputsOf(resultOf(run.plan, { values: input }, run.result.images[0]!));
    // channel 1 of the third input, channel 0 of the first
    const pixels = Array.from({ length: 20 }, (_, p) => [input[80 + 2 * p + 1]!, input[3 * p + 1]!]);
    expect([...outputs[1]!]).toEqual(pixels.flat());
  });

  it("slices, zeros, repeated pixels, rows side by side and every output are bit exact", async () => {
    const hardware = accelerator([moves()], array, memory);
    const input = noise(hardware.plans[0]!.graph, 1);
    const run = await hardware.run(0, [input]);
    expectBitExact(run);
    expectPredicted(run, 300);
    const { plan, result } = run;
    expect(plan.hostNodes.map(({ name }) => name)).toEqual(["top", "tail"]);
    const outputs = outputsOf(resultOf(plan, { values: input }, result.images[0]!));
    expect(outputs).toEqual(outputsOf(run.golden[0]!));
    expect(outputs[1]).toBeInstanceOf(Float32Array);
    expect(new Set<number | bigint>(outputs[0]).size).toBeGreaterThan(20);
    expect(outputs[4]).toBeInstanceOf(BigInt64Array);
    expect(new Set<number | bigint>(outputs[4]).size).toBe(6);
  });

  it("blocks of pixels as channels and back, and transposed convolutions, are bit exact", async () => {
    const hardware = accelerator([blocks()], array, memory);
    const input = noise(hardware.plans[0]!.graph, 1);
    const run = await hardware.run(0, [input]);
    expectBitExact(run);
    expectPredicted(run, 300);
    expect(run.plan.hostNodes.map(({ kind }) => kind)).toEqual([
      ...Array<string>(4).fill("slice"),
      "interleave",
    ]);
    const outputs = outputsOf(resultOf(run.plan, { values: input }, run.result.images[0]!));
    expect(outputs).toEqual(outputsOf(run.golden[0]!));
    expect(new Set<number | bigint>(outputs[0]).size).toBeGreaterThan(20);
  });
});
