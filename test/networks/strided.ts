/** Random networks of depthwise windows that move on by two, in every block that they may stand in: tests on one array. */
import { describe, expect, test } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { parseMemoryOptions } from "../../sim/memory-options.ts";
import type { BufferOptions } from "../../src/4-schedule/size.ts";
import { parseArray } from "../../src/cli/options.ts";
import { buildNetwork, type NetworkMap, type WindowOptions } from "../../src/ir/builder.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { accelerators, expectBitExact, expectPredicted, noise } from "./accelerator.ts";
import { sharing } from "./graphs.ts";
import { seededInteger } from "./hardware.ts";
import { pruned } from "./pruned.ts";

/** Kernels of up to `most` rows and columns, any padding, sides of 1 to 40, channels of any number; some have few weights. */
function strided(seed: number, most: number): IntGraph {
  const random = benchRandom(seed, "strided");
  const between = (least: number, greatest: number): number => least + random.below(greatest - least + 1);
  const side = () => (random.chance(20) ? between(1, 6) : between(4, 40));
  const size = { height: between(1, 24), width: side(), channels: between(1, 44) };
  const b = buildNetwork(`strided-${seed}-of-${most}`, size);
  const activation = () => (["relu6", "relu", "none"] as const)[random.below(3)] ?? "none";
  const along = (length: number, kernel: number): readonly [number, number] => {
    const before = random.below(kernel);
    return [before, Math.max(kernel - before - length, random.below(kernel))];
  };
  const window = ({ height, width }: NetworkMap): WindowOptions => {
    const side = () => (random.chance(60) ? most : between(1, most));
    const kernel = [side(), side()] as const;
    const [top, bottom] = along(height, kernel[0]);
    const [left, right] = along(width, kernel[1]);
    const padding = random.chance(40) ? "same" : { top, bottom, left, right };
    return { kernel, stride: random.chance(80) ? 2 : [1, 2], padding, activation: activation() };
  };
  const point = (name: string, from: NetworkMap, outputs = between(1, 44)) =>
    b.conv(name, from, outputs, { kernel: 1, activation: activation() });
  const deep = (name: string, from: NetworkMap) => b.depthwise(`${name}-deep`, from, window(from));
  const gated = (name: string, map: NetworkMap): NetworkMap => {
    const few = point(`${name}-few`, b.globalAverage(`${name}-mean`, map), between(1, 12));
    return b.multiply(`${name}-gate`, map, point(`${name}-grow`, few, map.channels));
  };
  const blocks: readonly ((name: string, map: NetworkMap) => NetworkMap)[] = [
    (name, map) => deep(name, map),
    (name, map) => point(`${name}-point`, deep(name, map)),
    (name, map) => point(`${name}-project`, deep(name, point(`${name}-expand`, map))),
    (name, map) => point(`${name}-project`, gated(name, deep(name, point(`${name}-expand`, map)))),
    (name, map) => {
      const same = { kernel: most, padding: "same", activation: activation() } as const;
      const inner = b.depthwise(`${name}-inner`, point(`${name}-expand`, map), same);
      return b.add(`${name}-sum`, point(`${name}-project`, inner, map.channels), map);
    },
    (name, map) => {
      const both = window(map);
      const other = point(`${name}-expand`, map, map.channels);
      return b.add(`${name}-sum`, b.depthwise(`${name}-a`, map, both), b.depthwise(`${name}-b`, other, both));
    },
  ];
  let map = random.chance(60) ? point("first", b.input) : b.input;
  for (let i = between(2, 4); i > 0; i--) map = blocks[random.below(blocks.length)]?.(`b${i}`, map) ?? map;
  // window and row banks that all networks have
  const whole = { kernel: most, stride: 2, padding: "same" } as const;
  const last = b.depthwise("last-deep", point("last-expand", b.depthwise("last", map, whole)), whole);
  b.globalAverage("average", point("last-project", last));
  const graph = seededInteger(b.finish(), seed);
  return random.chance(40) ? pruned(graph, 0.1 + 0.1 * random.below(5), seed) : graph;
}

interface Hardware {
  readonly array: string;
  readonly memory: string;
  /** Rows and columns of the largest kernels. */
  readonly most: number;
  readonly packed?: boolean | "shared";
  readonly sparse?: boolean;
  readonly buffers?: BufferOptions;
}

/** `count` networks from `seed` on: every result of one image or two, and the cycles of networks whose layers take a few hundred. */
export function describeStrided(seed: number, count: number, on: Hardware): void {
  const { array, buffers, memory, most, packed = false, sparse } = on;
  describe(JSON.stringify(on), () => {
    const graphs = Array.from({ length: count }, (_, i) => strided(seed + i, most));
    const options = { ...parseArray(array), packed: packed !== false, sparse, buffers };
    for (const together of sharing(graphs, options, memory)) {
      const hardware = accelerators()(together, array, memory, packed, buffers, sparse);
      test.each(together.map(({ name }, index) => [name, index] as const))("%s", async (_name, index) => {
        const { graph } = hardware.plans[index]!;
        const inputs = [noise(graph, 1), noise(graph, 2)].slice(index % 2);
        const run = await hardware.run(index, inputs);
        expectBitExact(run);
        expect(run.report.inputs).toHaveLength(inputs.length);
        if (parseMemoryOptions(memory).latency <= 40)
          expectPredicted(run, 100 + 30 * run.report.layers.length);
      });
    }
  });
}
