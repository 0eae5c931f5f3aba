/** Pools of any window, stride and padding, wherever they stand: seeded networks of them on one accelerator. */
import { describe, test } from "vitest";
import type { IntAdd, IntConv, IntGraph, IntMap, IntNode, IntPool } from "../../src/ir/integer.ts";
import { integers, intGraph, intMap } from "../golden/helpers.ts";
import { accelerators, expectBitExact, expectPredicted, noise } from "./accelerator.ts";

type Draw = (min: number, max: number) => number;

/** A window along one side: every one meets the map, as in each framework. */
interface Along {
  readonly kernel: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
  readonly outputs: number;
}

function along(draw: Draw, size: number, reach: number): Along {
  const kernel = draw(1, draw(0, 3) === 0 ? Math.max(1, size) : Math.min(4, size + 1));
  const before = draw(0, Math.min(reach, kernel - 1));
  const least = Math.max(0, kernel - before - size);
  const after = Math.max(least, draw(0, kernel - 1));
  const stride = draw(1, reach);
  return {
    kernel,
    stride,
    before,
    after,
    outputs: Math.floor((size + before + after - kernel) / stride) + 1,
  };
}

/** Appends layers to a graph; each takes its input and returns its result. */
function layers(draw: Draw) {
  const dtype = draw(0, 3) === 0 ? "uint8" : "int8";
  const maps: IntMap[] = [];
  const nodes: IntNode[] = [];
  const map = (height: number, width: number, channels: number, zeroPoint = draw(-128, 127)): IntMap => {
    const made = intMap({ id: maps.length, height, width, channels, zeroPoint, dtype, scale: 1 / 16 });
    maps.push(made);
    return made;
  };
  const base = (kind: string, inputs: readonly IntMap[], output: IntMap) => ({
    ...{ name: `${kind}_${nodes.length}`, sources: [nodes.length], macs: 0 },
    ...{ inputs: inputs.map(({ id }) => id), output: output.id },
  });
  const append = (node: IntNode, output: IntMap): IntMap => {
    nodes.push(node);
    return output;
  };
  const range = () =>
    draw(0, 3) === 0 ? { min: draw(-128, 0), max: draw(1, 127) } : { min: -128, max: 127 };
  return {
    maps,
    nodes,
    map,
    pool(
      input: IntMap,
      rows: Along,
      columns: Along,
      kind: IntPool["kind"] = draw(0, 1) === 0 ? "max-pool" : "average-pool",
    ): IntMap {
      const output = map(rows.outputs, columns.outputs, input.channels, input.zeroPoint);
      const window: Omit<IntPool, keyof ReturnType<typeof base> | "kind" | "min" | "max"> = {
        kernel: [rows.kernel, columns.kernel],
        stride: [rows.stride, columns.stride],
        padding: { top: rows.before, left: columns.before, bottom: rows.after, right: columns.after },
      };
      return append({ kind, ...base(kind, [input], output), ...range(), ...window }, output);
    },
    pad(input: IntMap, above = draw(0, 3)): IntMap {
      const padding = { top: above, left: draw(0, 3), bottom: draw(0, 3), right: draw(0, 3) };
      const { top, left, bottom, right } = padding;
      const output = map(
        input.height + top + bottom,
        input.width + left + right,
        input.channels,
        input.zeroPoint,
      );
      return append({ kind: "pad", ...base("pad", [input], output), padding }, output);
    },
    add(first: IntMap, second: IntMap): IntMap {
      const output = map(first.height, first.width, first.channels);
      const node: IntAdd = {
        ...{ kind: "add", ...base("add", [first, second], output), ...range(), leftShift: 20 },
        input1: { multiplier: 2 ** 30, exponent: 0 },
        input2: { multiplier: draw(2 ** 30, 2 ** 31 - 1), exponent: -1 },
        result: { multiplier: draw(2 ** 30, 2 ** 31 - 1), exponent: -19 },
      };
      return append(node, output);
    },
    rescale(input: IntMap): IntMap {
      const output = map(input.height, input.width, input.channels);
      const rescaling = { multiplier: draw(2 ** 30, 2 ** 31 - 1), exponent: draw(-2, 1) };
      return append({ kind: "rescale", ...base("rescale", [input], output), rescaling }, output);
    },
    /** Without padding or, of 3 x 3, with it. */
    conv(input: IntMap, side: 1 | 3, outputs: number): IntMap {
      const output = map(input.height, input.width, outputs);
      const pad = (side - 1) / 2;
      const taps = side * side * input.channels;
      const node: IntConv = {
        ...{ kind: "conv", ...base("conv", [input], output), kernel: [side, side], stride: [1, 1] },
        ...{ dilation: [1, 1], padding: { top: pad, left: pad, bottom: pad, right: pad } },
        weights: Int16Array.from({ length: outputs * taps }, () => draw(-127, 127)),
        ...{ weightZeroPoint: 0, bias: Int32Array.from({ length: outputs }, () => draw(-999, 999)) },
        requantize: {
          multiplier: Int32Array.from({ length: outputs }, () => draw(2 ** 30, 2 ** 31 - 1)),
          exponent: new Int32Array(outputs).fill(-Math.round(Math.log2(80 * Math.sqrt(taps)))),
          ...range(),
        },
      };
      return append(node, output);
    },
  };
}

/** Pools, sums, padding and convolutions behind each other and beside each other. */
function pools(seed: number, reach: number): IntGraph {
  const draw = integers(seed);
  const to = layers(draw);
  // as many row banks as the other networks'
  let at = to.pad(to.map(draw(1, 20), draw(1, 20), draw(1, 20)), reach);
  const same = { kernel: 3, stride: 1, before: 1, after: 1 };
  for (let left = draw(1, 5); left > 0; left -= 1) {
    const { channels, height, width } = at;
    switch (draw(0, 9)) {
      case 0:
        at = to.pad(at);
        break;
      case 1:
        at = to.add(at, at);
        break;
      case 2:
        // a map with two readers
        at = to.add(to.pool(at, { ...same, outputs: height }, { ...same, outputs: width }), at);
        break;
      case 3:
        // now and then more weights than the ring holds
        at = to.conv(at, 1, draw(0, 2) === 0 ? draw(60, 120) : draw(1, 20));
        break;
      case 4:
        at = to.add(to.conv(at, 3, channels), at);
        break;
      case 6:
        at = to.rescale(at);
        break;
      case 5: {
        // the pool that stands behind the array
        const half = (size: number): Along => {
          return { kernel: 2, stride: 2, before: 0, after: size % 2, outputs: Math.ceil(size / 2) };
        };
        at = to.pool(at, half(height), half(width), "max-pool");
        break;
      }
      default:
        at = to.pool(at, along(draw, height, reach), along(draw, width, reach));
    }
  }
  return { ...intGraph(to.maps, to.nodes), name: `pools-${seed}` };
}

export function seeds(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

/** `of`: seeds, one network each. `reach`: the largest stride and padding in front, a power of two of at least 4: the row banks. */
export function describePools(
  of: readonly number[],
  reach: number,
  array: string,
  memory: string,
  packed: boolean,
): void {
  describe(`${array}, ${memory}${packed ? ", packed" : ""}`, () => {
    const graphs = of.map((seed) => pools(seed, reach));
    const hardware = accelerators()(graphs, array, memory, packed);
    test.each(hardware.plans.map(({ graph }, index) => ({ name: graph.name, index })))(
      "$name",
      async ({ index }) => {
        const { graph } = hardware.plans[index]!;
        const run = await hardware.run(index, [noise(graph, 1), noise(graph, 2)]);
        expectBitExact(run);
        // of layers of a thousand cycles: the last results leave with nothing behind them, reads and writes that share
        // the bus take turns; weights that stream for a few pixels meet them
        // at random
        if (!run.plan.blocks.some(({ streamed }) => streamed))
          expectPredicted(run, 50 + 30 * run.report.layers.length);
      },
    );
  });
}
