/** Convolutions whose zeros take no multiplier: every result is the golden model's, in fewer cycles. */
import { describe, expect, test } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { buildNetwork } from "../../src/ir/builder.ts";
import type { IntGraph, IntNode } from "../../src/ir/integer.ts";
import { seededGraph } from "../../src/zoo/seeded/graph.ts";
import { accelerators, expectBitExact, expectPredicted, noise } from "./accelerator.ts";
import { pruned } from "./pruned.ts";
import { sparseLayers } from "./sparse-layers.ts";

/** Two Fire modules, the second in front of a pool, and a last convolution over all channels. */
function fires(): IntGraph {
  const b = buildNetwork("fires", { height: 20, width: 18, channels: 3 });
  const fire = (name: string, input: typeof b.input, squeezed: number, expanded: number) => {
    const squeeze = b.conv(`${name}-squeeze`, input, squeezed, { kernel: 1, activation: "relu" });
    return b.concat(name, [
      b.conv(`${name}-expand1x1`, squeeze, expanded, { kernel: 1, activation: "relu" }),
      b.conv(`${name}-expand3x3`, squeeze, expanded, { kernel: 3, padding: 1, activation: "relu" }),
    ]);
  };
  const first = b.conv("conv", b.input, 16, { kernel: 3, stride: 2, padding: 1, activation: "relu" });
  const joined = fire("fire2", fire("fire1", first, 24, 32), 40, 48);
  b.softmax("softmax", b.globalAverage("average", b.conv("last", joined, 40, { kernel: 1 })));
  return lower(runPasses(seededGraph(b.finish(), 5)));
}

describe.each([
  { array: "8x8", memory: "bytes=16,latency=40" },
  { array: "16x16", memory: "bytes=16,latency=40" },
  { array: "8x16", memory: "bytes=8,latency=30" },
  { array: "4x4", memory: "bytes=16,latency=20" },
])("$array, $memory", ({ array, memory }) => {
  test("Fire modules of a third of their weights", async () => {
    const graph = pruned(fires(), 0.33, 1);
    const make = accelerators();
    const hardware = make([graph], array, memory, false, undefined, true);
    const phases = hardware.plans[0]!.blocks.flatMap((block) => block.phases);
    expect(phases.filter(({ sparse }) => sparse !== null).length).toBeGreaterThan(2);
    const run = await hardware.run(0, [noise(graph, 1), noise(graph, 2)]);
    expectBitExact(run);
    expectPredicted(run);
  });
});

test("weights as codes of a few bits, other layers as they are", async () => {
  const graph = pruned(fires(), 0.4, 3);
  const nodes = graph.nodes.map((node, i): IntNode => {
    if (node.kind !== "conv") return node;
    // 64, 31 and 8 different weights, and in every fourth layer all
    const step = [4, 9, 37, 1][i % 4] ?? 1;
    return { ...node, weights: node.weights.map((weight) => step * Math.trunc(weight / step)) };
  });
  const hardware = accelerators()(
    [{ ...graph, nodes }],
    "16x16",
    "bytes=16,latency=40",
    false,
    undefined,
    true,
  );
  const segments = hardware.plans[0]!.blocks.flatMap(({ phases }) => phases.map(({ segment }) => segment));
  const bits = segments.flatMap((segment) => segment?.coding?.codeBits ?? []);
  expect(Math.min(...bits)).toBeLessThan(7);
  expect(bits).toContain(8);
  const run = await hardware.run(0, [noise(graph, 1), noise(graph, 2)]);
  expectBitExact(run);
  expectPredicted(run);
});

test("weights that pass through a small ring, in tiles", async () => {
  const graph = pruned(fires(), 0.4, 3);
  const make = accelerators();
  const hardware = make([graph], "8x8", "bytes=16,latency=40", false, { weightWords: 64 }, true);
  const { blocks } = hardware.plans[0]!;
  const passing = blocks.filter(({ streamed }) => streamed).flatMap(({ phases }) => phases);
  expect(passing.some(({ groups, sparse, tileGroups }) => sparse !== null && tileGroups < groups)).toBe(true);
  const run = await hardware.run(0, [noise(graph, 1), noise(graph, 2)]);
  expectBitExact(run);
  expectPredicted(run, 300);
});

describe.each([
  { array: "8x8", packed: false as const },
  { array: "16x16", packed: true as const },
])("$array, packed $packed", ({ array, packed }) => {
  const graphs = Array.from({ length: 8 }, (_, seed) => sparseLayers(seed));
  const hardware = accelerators()(graphs, array, "bytes=16,latency=40", packed, undefined, true);
  test.each(graphs.map((graph, index) => [graph.name, graph, index] as const))(
    "random layers, %s",
    async (_name, graph, index) => {
      const run = await hardware.run(index, [noise(graph, index)]);
      expectBitExact(run);
      expectPredicted(run, 300);
    },
  );
});
