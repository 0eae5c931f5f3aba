/** Strides that leave the last row of a block's inner map unread, where it comes late: the next block takes no other row for its own. */
import { describe, expect, test } from "vitest";
import type { IntGraph } from "../../src/ir/integer.ts";
import { buildNetwork } from "../../src/ir/builder.ts";
import { accelerators, expectBitExact, expectPredicted, noise } from "./accelerator.ts";
import { seededInteger } from "./hardware.ts";

/** Expand, depthwise and project, twice: windows of 2 x 2 on an odd number of rows. */
function unread(height: number, width: number): IntGraph {
  const b = buildNetwork(`unread-${height}x${width}`, { height, width, channels: 40 });
  const shrunk = ["first", "second"].reduce((map, name) => {
    const wide = b.conv(`${name}/expand`, map, 8, { kernel: 1, activation: "relu6" });
    const deep = b.depthwise(`${name}/depthwise`, wide, { kernel: 2, stride: 2, padding: 0 });
    return b.conv(`${name}/project`, deep, 40, { kernel: 1 });
  }, b.input);
  b.conv("logits", b.globalAverage("average", shrunk), 5, { kernel: 1 });
  return seededInteger(b.finish(), 3);
}

describe.each(["bytes=2,latency=200", "bytes=8,latency=200"])("8x8, %s", (memory) => {
  const graphs = [unread(15, 12), unread(19, 5)];
  const hardware = accelerators()(graphs, "8x8", memory);
  test.each(graphs.map(({ name }, index) => [name, index] as const))("%s", async (_name, index) => {
    const { blocks, graph } = hardware.plans[index]!;
    const triple = blocks.find(({ phases }) => phases.length === 3)!;
    expect(triple.source.rows - triple.phases[0]!.outputRows).toBe(1);
    const run = await hardware.run(index, [noise(graph, 1), noise(graph, 2)]);
    expectBitExact(run);
    expectPredicted(run, 100);
  });
});
