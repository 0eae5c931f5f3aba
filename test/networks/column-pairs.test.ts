/** Depthwise windows that move on by two columns and take both in a step: out of either line buffer, of every size and padding. */
import { describe, expect, it, test } from "vitest";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { predict } from "../../src/4-schedule/cycles/predict.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { buildNetwork } from "../../src/ir/builder.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { loadModel } from "../../src/load.ts";
import { seededGraph } from "../../src/zoo/seeded/graph.ts";
import { accelerators, expectBitExact, expectPredicted, noise } from "./accelerator.ts";
import { greyMultiplier8 } from "./zoo.ts";

interface Shape {
  readonly height: number;
  readonly width: number;
  readonly kernel: number;
  readonly padding: number;
}

/** Separable blocks, then expand, depthwise and project, each with a window of stride 2. */
function strided({ height, kernel, padding, width }: Shape): IntGraph {
  const b = buildNetwork(`strided-${kernel}-${padding}-${height}x${width}`, { height, width, channels: 16 });
  const window = { kernel, padding, stride: 2, activation: "relu6" } as const;
  const first = b.conv("first", b.depthwise("deep", b.input, window), 24, { kernel: 1, activation: "relu6" });
  const expanded = b.conv("expand", first, 48, { kernel: 1, activation: "relu6" });
  const projected = b.conv("project", b.depthwise("middle", expanded, window), 20, { kernel: 1 });
  b.softmax("softmax", b.conv("logits", b.globalAverage("average", projected), 10, { kernel: 1 }));
  return lower(runPasses(seededGraph(b.finish(), 7)));
}

describe.each([
  { array: "16x16", memory: "bytes=16,latency=40", packed: false },
  { array: "8x16", memory: "bytes=8,latency=20", packed: true },
  { array: "4x32", memory: "bytes=16,latency=4", packed: false },
])("$array, $memory, two products a DSP $packed", ({ array, memory, packed }) => {
  const graphs = [
    strided({ height: 41, width: 39, kernel: 3, padding: 1 }),
    strided({ height: 40, width: 42, kernel: 3, padding: 0 }),
    strided({ height: 38, width: 44, kernel: 3, padding: 2 }),
    ...(array === "4x32"
      ? [1, 2].map((padding) => strided({ height: 43, width: 46, kernel: 5, padding }))
      : []),
  ];
  const sameWindow = new Map(graphs.map((graph) => [graph.name.slice(0, "strided-3".length), graph]));
  for (const kind of sameWindow.keys()) {
    const alike = graphs.filter(({ name }) => name.startsWith(kind));
    const hardware = accelerators()(alike, array, memory, packed);
    test.each(alike.map(({ name }, index) => [name, index] as const))("%s", async (_name, index) => {
      expect(
        hardware.plans[index]?.blocks.flatMap(({ phases }) => phases.map(({ columns }) => columns)),
      ).toContain(2);
      expect(hardware.plans[index]?.hardware.lineBuffers.map(({ pairDepth }) => pairDepth > 0)).toEqual([
        true,
        true,
        false,
      ]);
      const graph = alike[index]!;
      const run = await hardware.run(index, [noise(graph, 1), noise(graph, 2)]);
      expectBitExact(run);
      expectPredicted(run);
    });
  }
});

it("takes half of the cycles of such windows, and is chosen where that is a hundredth of all", () => {
  const size = { pk: 16, pc: 16, busBytes: 16 } as const;
  const timing = { bytes: 16, latency: 1, outstanding: 16 };
  const plan = (graph: IntGraph, columnPairs?: boolean) => schedule(graph, { ...size, columnPairs });
  const pairs = (graph: IntGraph, columnPairs?: boolean) =>
    plan(graph, columnPairs).hardware.lineBuffers.map(({ pairDepth }) => pairDepth > 0);
  const narrow = greyMultiplier8(64, 48);
  expect(pairs(narrow)).toContain(true);
  expect(pairs(narrow, false)).not.toContain(true);
  const cycles = (columnPairs: boolean) => predict(plan(narrow, columnPairs), timing).cycles;
  expect(cycles(false) - cycles(true)).toBeGreaterThan(0);
  const squeezenet = loadModel("squeezenet-1.1-64");
  expect(pairs(squeezenet, true)).not.toContain(true);
});
