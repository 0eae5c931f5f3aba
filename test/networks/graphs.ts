/** Random graphs: branches, joins, concatenations, slices, pools, repeated pixels, sums, in any order and shape. */
import { describe, expect, test } from "vitest";
import { parseMemoryOptions } from "../../sim/memory-options.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import type { ArrayOptions } from "../../src/4-schedule/size.ts";
import { parseArray } from "../../src/cli/options.ts";
import { outputsOf } from "../../src/golden/outputs.ts";
import { runGolden } from "../../src/golden/run.ts";
import { busBytesFor } from "../../src/targets/target.ts";
import { resultOf } from "../../src/targets/array/simulate.ts";
import type { IntGraph, IntMap } from "../../src/ir/integer.ts";
import { integers, intGraph } from "../golden/helpers.ts";
import { accelerators, expectBitExact, noise } from "./accelerator.ts";
import { evaluate } from "./evaluate.ts";
import { along, layers, type Draw } from "./layers.ts";

/** Strides and padding above, at most: the row banks of networks that share hardware. */
const REACH = 4;

/** `most`: rows, columns and channels of the input. */
export function randomGraph(seed: number, most: number): IntGraph {
  const draw = integers(seed);
  const to = layers(draw);
  const image = to.map(draw(1, most), draw(1, most), draw(1, most));
  const maps = [to.pad(image, REACH)];
  // hardware is shared by networks that all have a window
  maps.push(to.depthwise(maps[0]!, 1, 1));
  for (let left = draw(4, 12); left > 0; left -= 1) {
    const made = grow(draw, to, pick(draw, maps), maps, 2 * most);
    if (made) maps.push(made);
  }
  const outputs = [maps.at(-1)!, ...maps.slice(2, -1).filter(() => draw(0, 3) === 0)].map(({ id }) => id);
  const graph = intGraph(to.maps, to.nodes);
  return { ...graph, name: `graph-${seed}`, logits: outputs[0]!, outputs };
}

/** One of the later maps rather than one of the first. */
function pick(draw: Draw, maps: readonly IntMap[]): IntMap {
  return maps[maps.length - 1 - Math.min(draw(0, maps.length - 1), draw(0, maps.length - 1))]!;
}

const sizeOf = ({ channels, height, width }: IntMap) => height * width * channels;

/** A layer behind a map, with others where it takes several; undefined where it would grow too large. */
function grow(
  draw: Draw,
  to: ReturnType<typeof layers>,
  at: IntMap,
  maps: readonly IntMap[],
  most: number,
): IntMap | undefined {
  const alike = (of: (map: IntMap) => readonly number[]) =>
    maps.filter((map) => of(map).every((size, i) => size === of(at)[i]));
  const several = (list: readonly IntMap[]) => Array.from({ length: draw(1, 3) }, () => pick(draw, list));
  const isLarge = sizeOf(at) > 8 * most * most;
  switch (draw(0, 16)) {
    case 0:
      return to.conv(at, 1, draw(1, most));
    case 1:
      return to.conv(at, 3, draw(1, most));
    case 2: {
      const groups = [4, 3, 2].find((n) => at.channels % n === 0);
      return groups === undefined ? undefined : to.grouped(at, draw(0, 1) === 0 ? 1 : 3, groups, draw(1, 8));
    }
    case 3:
      return isLarge ? undefined : to.depthwise(at, draw(0, 1) === 0 ? 1 : 2, draw(1, 3));
    case 4:
    case 5:
      return to.pool(at, along(draw, at.height, REACH), along(draw, at.width, REACH));
    case 6: {
      const half = (size: number) => {
        return { kernel: 2, stride: 2, before: 0, after: size % 2, outputs: Math.ceil(size / 2) };
      };
      return to.pool(at, half(at.height), half(at.width), "max-pool");
    }
    case 7:
    case 8:
      return to.add(
        at,
        pick(
          draw,
          alike(({ channels, height, width }) => [height, width, channels]),
        ),
      );
    case 9:
      return isLarge
        ? undefined
        : to.concat([at, ...several(alike(({ height, width }) => [height, width]))], 2);
    case 10: {
      const axis = draw(0, 1) === 0 ? 0 : 1;
      const others = alike(({ channels, height, width }) => [axis === 0 ? width : height, channels]);
      return isLarge ? undefined : to.concat([at, ...several(others)], axis);
    }
    case 11:
      return to.slice(at);
    case 12:
      return isLarge ? undefined : draw(0, 1) === 0 ? to.repeat(at) : to.resize(at);
    case 13:
    case 14: {
      // a gate of one value a channel, a pixel, a row, or a whole map
      const stretches = (a: number, b: number) => a === b || a === 1;
      const others = maps.filter(
        (map) =>
          stretches(map.height, at.height) &&
          stretches(map.width, at.width) &&
          stretches(map.channels, at.channels),
      );
      const kinds = ["add", "sub", "mul", "maximum", "minimum"] as const;
      const other = pick(draw, others);
      const pair = draw(0, 1) === 0 ? ([at, other] as const) : ([other, at] as const);
      return to.binary(kinds[draw(0, 4)]!, ...pair);
    }
    case 15:
      return to.lookup(at);
    default:
      return draw(0, 1) === 0 ? to.zeros(at) : to.rescale(at);
  }
}

/** Where the golden model differs from the independent evaluation; none. */
export function differences(seed: number, most: number): string[] {
  const graph = randomGraph(seed, most);
  const input = noise(graph, seed);
  const { maps } = runGolden(graph, input);
  const wanted = evaluate(graph, input);
  return graph.nodes.flatMap(({ name, output }) => {
    const [found, own] = [maps.get(output)!, wanted.get(output)!];
    const at = own.findIndex((value, i) => value !== found[i]);
    return at < 0 ? [] : [`${graph.name} ${name}: value ${at} is ${found[at]}, not ${own[at]}`];
  });
}

/** Graphs that one accelerator runs: window and row banks are wired. */
export function sharing(
  graphs: readonly IntGraph[],
  array: Omit<ArrayOptions, "busBytes">,
  memory: string,
): readonly (readonly IntGraph[])[] {
  const groups = new Map<string, IntGraph[]>();
  for (const graph of graphs) {
    const { lineBuffers, window } = schedule(graph, {
      ...array,
      busBytes: busBytesFor(parseMemoryOptions(memory)),
    }).hardware;
    const key = JSON.stringify([window, lineBuffers.map(({ banks }) => banks)]);
    groups.set(key, [...(groups.get(key) ?? []), graph]);
  }
  return [...groups.values()];
}

/** `count` graphs from `seed` on, all on one accelerator for each pair of window and row banks. */
export function describeGraphs(
  seed: number,
  count: number,
  most: number,
  array: string,
  memory: string,
  packed: boolean,
): void {
  describe(`${array}, ${memory}${packed ? ", packed" : ""}`, () => {
    const make = accelerators();
    const graphs = Array.from({ length: count }, (_, i) => randomGraph(seed + i, most));
    for (const together of sharing(graphs, { ...parseArray(array), packed }, memory)) {
      const hardware = make(together, array, memory, packed);
      test.each(together.map(({ name }, index) => ({ name, index })))("$name", async ({ index }) => {
        const plan = hardware.plans[index]!;
        const input = noise(plan.graph, index);
        const run = await hardware.run(index, [input]);
        expectBitExact(run);
        const found = outputsOf(resultOf(plan, { values: input }, run.result.images[0]!));
        const own = together[index]!;
        expect(found).toEqual(outputsOf(runGolden(own, input)));
      });
    }
  });
}
