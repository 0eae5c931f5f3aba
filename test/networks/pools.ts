/** Pools of any window, stride and padding, wherever they stand: seeded networks of them on one accelerator. */
import { describe, test } from "vitest";
import type { IntAdd, IntGraph, IntMap, IntNode, IntPad, IntPool } from "../../src/ir/integer.ts";
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

/** Layers behind each other and beside each other, of maps with `channels` channels. */
function pools(seed: number, reach: number): IntGraph {
  const draw = integers(seed);
  const dtype = draw(0, 3) === 0 ? "uint8" : "int8";
  const zeroPoint = draw(-128, 127);
  const channels = draw(1, 20);
  const maps: IntMap[] = [];
  const nodes: IntNode[] = [];
  const map = (height: number, width: number): IntMap => {
    const made = intMap({ id: maps.length, height, width, channels, zeroPoint, dtype, scale: 1 / 16 });
    maps.push(made);
    return made;
  };
  const base = (kind: string, inputs: readonly IntMap[], output: IntMap) => ({
    ...{ name: `${kind}_${nodes.length}`, sources: [nodes.length], macs: 0 },
    ...{ inputs: inputs.map(({ id }) => id), output: output.id },
  });
  const range = () =>
    draw(0, 3) === 0 ? { min: draw(-128, 0), max: draw(1, 127) } : { min: -128, max: 127 };
  const pool = (input: IntMap): IntMap => {
    const [rows, columns] = [along(draw, input.height, reach), along(draw, input.width, reach)];
    const kind = draw(0, 1) === 0 ? "max-pool" : "average-pool";
    const output = map(rows.outputs, columns.outputs);
    const node: IntPool = {
      ...{ kind, ...base(kind, [input], output), ...range() },
      kernel: [rows.kernel, columns.kernel],
      stride: [rows.stride, columns.stride],
      padding: { top: rows.before, left: columns.before, bottom: rows.after, right: columns.after },
    };
    nodes.push(node);
    return output;
  };
  const pad = (input: IntMap, above = draw(0, 3)): IntMap => {
    const padding = { top: above, left: draw(0, 3), bottom: draw(0, 3), right: draw(0, 3) };
    const { top, left, bottom, right } = padding;
    const output = map(input.height + top + bottom, input.width + left + right);
    const node: IntPad = { kind: "pad", ...base("pad", [input], output), padding };
    nodes.push(node);
    return output;
  };
  /** Of maps that many read, or of one map with itself. */
  const add = (first: IntMap, second: IntMap): IntMap => {
    const output = map(first.height, first.width);
    const node: IntAdd = {
      ...{ kind: "add", ...base("add", [first, second], output), ...range(), leftShift: 20 },
      input1: { multiplier: 2 ** 30, exponent: 0 },
      input2: { multiplier: draw(2 ** 30, 2 ** 31 - 1), exponent: -1 },
      result: { multiplier: draw(2 ** 30, 2 ** 31 - 1), exponent: -19 },
    };
    nodes.push(node);
    return output;
  };
  let at = map(draw(1, 20), draw(1, 20));
  // as many row banks as the other networks'
  at = pad(at, reach);
  const layers = draw(1, 4);
  for (let i = 0; i < layers; i += 1) {
    switch (draw(0, 5)) {
      case 0:
        at = pad(at);
        break;
      case 1:
        at = add(at, at);
        break;
      case 2:
        // the map has two readers
        at = add(pool1(at), at);
        break;
      default:
        at = pool(at);
    }
  }
  function pool1(input: IntMap): IntMap {
    const output = map(input.height, input.width);
    const padding = { top: 1, left: 1, bottom: 1, right: 1 };
    const kind = draw(0, 1) === 0 ? "max-pool" : "average-pool";
    nodes.push({
      ...{ kind, ...base(kind, [input], output), ...range(), kernel: [3, 3], stride: [1, 1], padding },
    });
    return output;
  }
  return { ...intGraph(maps, nodes), name: `pools-${seed}` };
}

/** `seeds`: one network each. `reach`: the largest stride and padding in front, a power of two of at least 4: the row banks. */
export function describePools(
  seeds: readonly number[],
  reach: number,
  array: string,
  memory: string,
  packed: boolean,
): void {
  describe(`${array}, ${memory}${packed ? ", packed" : ""}`, () => {
    const graphs = seeds.map((seed) => pools(seed, reach));
    const hardware = accelerators()(graphs, array, memory, packed);
    test.each(hardware.plans.map(({ graph }, index) => ({ name: graph.name, index })))(
      "$name",
      async ({ index }) => {
        const { graph } = hardware.plans[index]!;
        const run = await hardware.run(index, [noise(graph, 1), noise(graph, 2)]);
        expectBitExact(run);
        // the last block's results leave with nothing behind them
        expectPredicted(run, 50 + 10 * run.report.layers.length);
      },
    );
  });
}
