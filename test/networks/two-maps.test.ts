/** Operators of two maps, one of them stretched to the other's shape: every result of networks of them through the hardware. */
import { describe, expect, it } from "vitest";
import type { IntBinary, IntConv, IntGraph, IntMap, IntNode } from "../../src/ir/integer.ts";
import { integers, intGraph, intMap } from "../golden/helpers.ts";
import { accelerators, expectBitExact, expectPredicted, noise } from "./accelerator.ts";

const accelerator = accelerators();
const memory = "bytes=16,latency=40";
const none = { top: 0, left: 0, bottom: 0, right: 0 };

/** Appends layers to a graph; each takes its inputs and returns its result. */
function layers(seed: number) {
  const draw = integers(seed);
  const maps: IntMap[] = [];
  const nodes: IntNode[] = [];
  const map = (height: number, width: number, channels: number): IntMap => {
    const made = intMap({
      id: maps.length,
      height,
      width,
      channels,
      zeroPoint: draw(-20, 20),
      scale: 1 / 16,
    });
    maps.push(made);
    return made;
  };
  const base = (kind: string, inputs: readonly IntMap[], output: IntMap) => ({
    ...{ name: `${kind}_${nodes.length}`, sources: [nodes.length], macs: 0 },
    ...{ inputs: inputs.map(({ id }) => id), output: output.id },
  });
  const factor = (exponent: number) => ({ multiplier: draw(2 ** 30, 2 ** 31 - 1), exponent });
  const append = (node: IntNode, output: IntMap): IntMap => {
    nodes.push(node);
    return output;
  };
  return {
    map,
    graph: (): IntGraph => intGraph(maps, nodes),
    conv(input: IntMap, channels: number, side: 1 | 3 = 1, stride = 1): IntMap {
      const pad = (side - 1) / 2;
      const sides = [input.height, input.width].map((n) => Math.floor((n + 2 * pad - side) / stride) + 1);
      const output = map(sides[0]!, sides[1]!, channels);
      const taps = side * side * input.channels;
      const all = Array<number>(channels).fill(0);
      const node: IntConv = {
        ...{ kind: "conv", ...base("conv", [input], output), kernel: [side, side], stride: [stride, stride] },
        ...{ dilation: [1, 1], padding: { top: pad, left: pad, bottom: pad, right: pad } },
        weights: Int16Array.from({ length: channels * taps }, () => draw(-127, 127)),
        ...{ weightZeroPoint: 0, bias: Int32Array.from(all, () => draw(-999, 999)) },
        requantize: {
          ...{ multiplier: Int32Array.from(all, () => draw(2 ** 30, 2 ** 31 - 1)), min: -128, max: 127 },
          exponent: Int32Array.from(all, () => -Math.round(Math.log2(80 * Math.sqrt(taps)))),
        },
      };
      return append(node, output);
    },
    constant(height: number, width: number, channels: number): IntMap {
      const made = map(height, width, channels);
      const values = Int8Array.from({ length: height * width * channels }, () => draw(-128, 127));
      return (maps[made.id] = { ...made, values });
    },
    average(input: IntMap): IntMap {
      const output = map(1, 1, input.channels);
      const exponent = -Math.round(Math.log2(input.height * input.width));
      return append({ kind: "mean", ...base("mean", [input], output), ...factor(exponent) }, output);
    },
    /** The part of a map, for operands of one row, one column or one channel. */
    part(input: IntMap, height: number, width: number, channels: number): IntMap {
      const output = map(height, width, channels);
      maps[output.id] = { ...output, zeroPoint: input.zeroPoint };
      const node: IntNode = {
        ...{ kind: "slice", ...base("slice", [input], output) },
        ...{ begin: [0, 0, 0], stride: [1, 1, 1] },
      };
      return append(node, maps[output.id]!);
    },
    pool(input: IntMap): IntMap {
      const output = map(Math.floor(input.height / 2), Math.floor(input.width / 2), input.channels);
      maps[output.id] = { ...output, zeroPoint: input.zeroPoint };
      const node: IntNode = {
        ...{ kind: "max-pool", ...base("pool", [input], output), kernel: [2, 2], stride: [2, 2] },
        ...{ padding: none, min: -128, max: 127 },
      };
      return append(node, maps[output.id]!);
    },
    binary(kind: IntBinary["kind"], first: IntMap, second: IntMap): IntMap {
      const most = (side: "height" | "width" | "channels") => Math.max(first[side], second[side]);
      const output = map(most("height"), most("width"), most("channels"));
      const ends = base(kind, [first, second], output);
      if (kind === "maximum" || kind === "minimum") return append({ kind, ...ends }, output);
      const range = { min: draw(-128, -100), max: draw(100, 127) };
      if (kind === "mul") {
        const leftShift = draw(0, 1) * 3;
        const result = factor(leftShift === 0 ? -3 : -6);
        return append({ kind, ...ends, leftShift, result, ...range }, output);
      }
      const scales = { input1: factor(-1), input2: factor(-1), result: factor(-18) };
      return append({ kind, ...ends, leftShift: 20, ...scales, ...range }, output);
    },
  };
}

/** Squeeze and excite as MobileNet v3 has it, between expand and project, and behind a strided layer. */
function squeezeAndExcite(): IntGraph {
  const to = layers(1);
  let at = to.conv(to.map(13, 11, 3), 16, 3);
  for (const [wide, out, stride] of [
    [40, 24, 1],
    [30, 20, 2],
  ] as const) {
    const deep = to.conv(to.conv(at, wide), wide, 3, stride);
    const gate = to.conv(to.conv(to.average(deep), 9), wide);
    at = to.conv(to.binary("mul", deep, gate), out);
  }
  to.conv(at, 10);
  return to.graph();
}

/** Every operation, in the block of its later operand and in one of its own, from either side, in front of a pool. */
function operations(): IntGraph {
  const to = layers(2);
  const image = to.map(12, 10, 4);
  let at = to.conv(image, 20, 3);
  for (const kind of ["sub", "mul", "maximum", "minimum", "add"] as const) {
    at = to.binary(kind, at, to.conv(at, 20));
    at = to.binary(kind, to.conv(at, 20, 3), at);
    // both operands read by others too: a block of its own
    const square = to.binary(kind, at, at);
    at = to.binary("sub", square, at);
  }
  to.conv(to.pool(to.binary("mul", to.conv(at, 20), at)), 6);
  return to.graph();
}

/** Operands of one row, one column, one pixel, one channel and one value, on either side, and such that stretch each other. */
function stretched(): IntGraph {
  const to = layers(3);
  const first = to.conv(to.map(9, 7, 4), 20, 3);
  const small = (height: number, width: number, channels: number): IntMap =>
    to.conv(to.part(first, height, width, 20), channels);
  let at = to.conv(first, 20);
  at = to.binary("mul", at, small(1, 7, 20));
  at = to.binary("add", small(9, 1, 20), at);
  at = to.binary("sub", small(1, 1, 20), at);
  at = to.binary("maximum", at, small(9, 7, 1));
  at = to.binary("sub", at, small(1, 1, 1));
  at = to.binary("mul", to.binary("add", small(1, 7, 20), small(9, 1, 20)), to.conv(at, 20));
  at = to.binary("minimum", to.binary("sub", small(1, 1, 20), small(9, 7, 1)), at);
  to.conv(at, 6, 3);
  return to.graph();
}

/** Constants of every shape, on either side: of a layer, of the image, of a map that is stretched itself. */
function constants(): IntGraph {
  const to = layers(4);
  const image = to.map(9, 7, 20);
  let at = to.conv(to.binary("add", image, to.constant(9, 7, 20)), 20, 3);
  at = to.binary("mul", to.constant(9, 7, 20), to.conv(at, 20));
  at = to.binary("sub", to.constant(1, 7, 20), at);
  at = to.binary("maximum", at, to.constant(9, 1, 20));
  at = to.binary("add", to.conv(at, 20), to.constant(9, 7, 1));
  at = to.binary("sub", at, to.constant(1, 7, 1));
  const pixel = to.average(at);
  const whole = to.binary("add", pixel, to.constant(9, 7, 20));
  const woven = to.binary("sub", to.constant(9, 1, 20), to.conv(to.part(at, 1, 7, 20), 20));
  at = to.binary("mul", whole, to.binary("minimum", woven, at));
  const deep = to.pool(to.binary("add", to.conv(at, 24, 3), to.constant(9, 7, 24)));
  to.conv(deep, 6);
  return to.graph();
}

/** Constants behind layers whose weights come once a strip. */
function streamedConstants(): IntGraph {
  const to = layers(5);
  let at = to.conv(to.map(9, 7, 4), 128, 3);
  at = to.binary("add", to.conv(at, 128, 3), to.constant(9, 7, 128));
  to.conv(to.binary("mul", to.constant(1, 7, 128), to.conv(at, 128, 3)), 6);
  return to.graph();
}

describe.each([
  { array: "8x8", packed: false },
  { array: "8x8", packed: true },
  { array: "4x4", packed: false },
])("on $array, packed $packed", ({ array, packed }) => {
  it.each([
    ["squeeze and excite", squeezeAndExcite],
    ["every operation", operations],
    ["operands of every smaller shape", stretched],
    ["constants of every shape", constants],
    ["constants behind streamed layers", streamedConstants],
  ])("%s is bit exact", async (_, make) => {
    const hardware = accelerator([make()], array, memory, packed);
    const [plan] = hardware.plans;
    const run = await hardware.run(0, [noise(plan!.graph, 1), noise(plan!.graph, 2)]);
    expectBitExact(run);
    expectPredicted(run, 300);
    const last = run.golden[0]!.maps.get(plan!.graph.outputs[0]!)!;
    expect(new Set(last).size).toBeGreaterThan(5);
    if (make === streamedConstants) {
      const streamed = plan!.blocks.filter((block) => block.streamed);
      expect(streamed.map(({ residual }) => residual?.place.region)).toEqual(["model", "model"]);
    }
  });
});
