/** 200 networks of random sparse layers, half of them on each array: none differs from the golden model. */
import { describe, test } from "vitest";
import { accelerators, expectBitExact, expectPredicted, noise } from "./accelerator.ts";
import { sparseLayers } from "./sparse-layers.ts";

const SEEDS = 100;

describe.each([
  { array: "8x8", packed: false },
  { array: "8x16", packed: true },
])("$array, packed $packed", ({ array, packed }) => {
  const graphs = Array.from({ length: SEEDS }, (_, i) => sparseLayers(1000 + i));
  const hardware = accelerators()(graphs, array, "bytes=16,latency=40", packed, undefined, true);
  test.each(graphs.map((graph, index) => [graph.name, index] as const))("%s", async (_name, index) => {
    const run = await hardware.run(index, [noise(graphs[index]!, index)]);
    expectBitExact(run);
    expectPredicted(run, 300);
  });
});
