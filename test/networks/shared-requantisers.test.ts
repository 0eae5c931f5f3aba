/** Two lanes that share a requantiser, where it costs cycles too: convolutions of one step a group, on a row's way to memory and not. */
import { describe, expect, it, test } from "vitest";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { predict } from "../../src/4-schedule/cycles/predict.ts";
import { buildNetwork } from "../../src/ir/builder.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { loadModel } from "../../src/load.ts";
import { seededGraph } from "../../src/zoo/seeded/graph.ts";
import { accelerators, expectBitExact, expectPredicted, noise } from "./accelerator.ts";
import { greyMultiplier8 } from "./zoo.ts";

/** A Fire module of 8 squeeze channels: its centre groups are one step, the others nine. */
function fire(): IntGraph {
  const b = buildNetwork("fire", { height: 20, width: 18, channels: 3 });
  const conv = b.conv("conv", b.input, 16, { kernel: 3, stride: 2, padding: 1, activation: "relu" });
  const squeeze = b.conv("squeeze", conv, 8, { kernel: 1, activation: "relu" });
  const joined = b.concat("fire", [
    b.conv("expand1x1", squeeze, 16, { kernel: 1, activation: "relu" }),
    b.conv("expand3x3", squeeze, 16, { kernel: 3, padding: 1, activation: "relu" }),
  ]);
  b.softmax("softmax", b.globalAverage("average", b.conv("last", joined, 10, { kernel: 1 })));
  return lower(runPasses(seededGraph(b.finish(), 5)));
}

describe.each([
  { array: "8x8", memory: "bytes=16,latency=40" },
  { array: "4x16", memory: "bytes=8,latency=30" },
])("$array, $memory", ({ array, memory }) => {
  const graphs = [greyMultiplier8(64, 48), loadModel("mobilenet-v1-0.35-32"), fire()];
  test.each(graphs.map((graph) => [graph.name, graph] as const))("%s", async (_name, graph) => {
    const hardware = accelerators()([graph], array, memory, "shared");
    expect(hardware.plans[0]?.hardware).toMatchObject({ packed: true, sharedRequantisers: true });
    const run = await hardware.run(0, [noise(graph, 1), noise(graph, 2)]);
    expectBitExact(run);
    expectPredicted(run);
  });
});

it("costs a cycle for each group of one step, and is chosen where these are few", () => {
  const size = { pk: 8, pc: 8, busBytes: 16, packed: true } as const;
  const timing = { bytes: 16, latency: 1, outstanding: 16 };
  const cycles = (graph: IntGraph, sharedRequantisers: boolean) =>
    predict(schedule(graph, { ...size, sharedRequantisers }), timing).cycles;
  const choice = (graph: IntGraph) => schedule(graph, size).hardware.sharedRequantisers;
  // 8 channels of 32 x 24 pixels become 16: two groups of one step a pixel
  const narrow = greyMultiplier8(64, 48);
  expect(choice(narrow)).toBe(false);
  expect(cycles(narrow, true) - cycles(narrow, false)).toBeGreaterThan(2 * 32 * 24);
  const wide = loadModel("mobilenet-v1-1.0-32");
  expect(choice(wide)).toBe(true);
  expect(cycles(wide, true) / cycles(wide, false)).toBeLessThan(1.005);
  expect(schedule(wide, { ...size, packed: false }).hardware.sharedRequantisers).toBe(false);
});
