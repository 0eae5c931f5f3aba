/** Expand, depthwise and project in one block: small networks of many shapes, every result of every phase compared. */
import { describe, expect, test } from "vitest";
import { buildNetwork, type Network, type NetworkBuilder, type NetworkMap } from "../../src/ir/builder.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { defaultMemory } from "../../sim/index.ts";
import { accelerators, expectBitExact, expectPredicted, noise } from "./accelerator.ts";
import { seededInteger } from "./hardware.ts";
import { sketch } from "./sketch.ts";

const accelerator = accelerators();

interface Bottleneck {
  readonly expand: number;
  readonly project: number;
  readonly stride?: 1 | 2;
  readonly padding?: "valid";
}

function bottleneck(b: NetworkBuilder, name: string, from: NetworkMap, of: Bottleneck): NetworkMap {
  const { expand, project, stride = 1, padding } = of;
  const wide = b.conv(`${name}/expand`, from, expand, { kernel: 1, activation: "relu6" });
  const window = { kernel: 3, stride, ...(padding ? { padding } : {}), activation: "relu6" } as const;
  return b.conv(`${name}/project`, b.depthwise(`${name}/depthwise`, wide, window), project, { kernel: 1 });
}

/** Weights that stay: odd sides, both strides, channels that fill no word, residuals, a pool behind. */
function resident(): Network {
  const b = buildNetwork("resident", { height: 43, width: 38, channels: 3 });
  // 22 x 19, through the packer into the banked line buffer
  let map = b.conv("conv1", b.input, 7, { kernel: 3, stride: 2, padding: 1, activation: "relu6" });
  map = b.conv("point1", b.depthwise("deep1", map, { kernel: 3 }), 9, { kernel: 1 });
  map = b.add("add2", bottleneck(b, "b2", map, { expand: 54, project: 9 }), map);
  map = bottleneck(b, "b3", map, { expand: 42, project: 11, stride: 2 });
  // 11 x 10
  map = b.add("add4", map, bottleneck(b, "b4", map, { expand: 23, project: 11 }));
  map = bottleneck(b, "b5", map, { expand: 16, project: 10, stride: 2, padding: "valid" });
  // 5 x 4
  map = bottleneck(b, "b6", map, { expand: 13, project: 6 });
  map = b.maxPool("pool7", bottleneck(b, "b7", map, { expand: 9, project: 5 }), { kernel: 2, stride: 2 });
  b.globalAverage("average", b.conv("conv8", map, 7, { kernel: 1 }));
  return b.finish();
}

/** Weights that stream: strips that share rows of a window, and one strip of a whole map. */
function streamed(): Network {
  const b = buildNetwork("streamed", { height: 14, width: 13, channels: 40 });
  const conv = b.conv("conv1", b.input, 40, { kernel: 1, activation: "relu6" });
  let map = b.add("add2", bottleneck(b, "b2", conv, { expand: 240, project: 40 }), conv);
  map = bottleneck(b, "b3", map, { expand: 200, project: 52, stride: 2 });
  // 7 x 7
  map = b.add("add4", map, bottleneck(b, "b4", map, { expand: 310, project: 52 }));
  map = bottleneck(b, "b5", map, { expand: 300, project: 70, stride: 2 });
  // 4 x 4
  map = bottleneck(b, "b6", map, { expand: 330, project: 50 });
  b.globalAverage("average", map);
  return b.finish();
}

const k1 = { kernel: [1, 1] } as const;
const k3 = { kernel: [3, 3], same: true } as const;

/** Legacy networks' zero points of weights; a single pixel; a single row. */
function legacy(): IntGraph[] {
  return [
    sketch("uint8", [17, 15, 6], "uint8")
      .conv(5, k3)
      .conv(30, k1)
      .depthwise(k3)
      .conv(7, k1)
      .conv(21, k1)
      .depthwise({ ...k3, stride: [2, 2] })
      .conv(6, k1),
    sketch("pixel", [1, 1, 37]).conv(29, k1).conv(40, k1).depthwise(k3).conv(33, k1),
    sketch("row", [1, 21, 5]).conv(6, k3).conv(20, k1).depthwise(k3).conv(9, k1).mean(),
  ].map((network) => network.graph());
}

const networks = (): { graph: IntGraph; triples: number }[] => [
  { graph: seededInteger(resident(), 3), triples: 6 },
  { graph: seededInteger(streamed(), 4), triples: 5 },
  ...legacy().map((graph, i) => ({ graph, triples: [2, 1, 1][i]! })),
];

describe.each([
  ["8x4", "bytes=8,latency=25"],
  ["4x16", "bytes=16,latency=40"],
])("%s, %s", (array, memory) => {
  const cases = networks();
  const hardware = accelerator(
    cases.map(({ graph }) => graph),
    array,
    memory,
  );
  test.each(cases.map(({ graph, triples }, index) => ({ name: graph.name, index, triples })))(
    "$name",
    async ({ index, triples }) => {
      const { blocks, graph } = hardware.plans[index]!;
      expect(blocks.filter(({ phases }) => phases.length === 3)).toHaveLength(triples);
      const inputs = [noise(graph, 1), noise(graph, 2)];
      const run = await hardware.run(index, inputs);
      expectBitExact(run);
      expectPredicted(run, 20 * run.report.layers.length);
      const rough = { ...defaultMemory, bytes: 3, latency: 70, outstanding: 2, random: 30, seed: 5 };
      expectBitExact(await hardware.run(index, inputs, { memory: rough, resetAt: 1234 }));
    },
  );
});
