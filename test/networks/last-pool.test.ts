/** Networks that end in a pool which leaves out the last rows: an image is over when the array is, and the next one begins afresh. */
import { describe, test } from "vitest";
import { buildNetwork, type Network } from "../../src/ir/builder.ts";
import { accelerators, expectBitExact, expectPredicted, noise } from "./accelerator.ts";
import { seededInteger } from "./hardware.ts";

const make = accelerators();
const pool = { kernel: 3, stride: 2, rounding: "floor" } as const;

/** Eight rows, of which windows of three in steps of two read seven. */
const networks: readonly Network[] = [
  (() => {
    const b = buildNetwork("window-in-front", { height: 8, width: 8, channels: 16 });
    const deep = b.depthwise("deep", b.input, { kernel: 3 });
    b.maxPool("pool", b.conv("wide", deep, 64, { kernel: 1 }), pool);
    return b.finish();
  })(),
  (() => {
    const b = buildNetwork("one-layer", { height: 8, width: 8, channels: 16 });
    b.maxPool("pool", b.conv("conv", b.input, 64, { kernel: 3, padding: 1 }), pool);
    return b.finish();
  })(),
];

describe.each(["8x8", "4x16"])("%s", (array) => {
  const graphs = networks.map((network) => seededInteger(network, 5));
  test.each(graphs.map((graph) => [graph.name, graph] as const))(
    "%s, image after image",
    async (_, graph) => {
      const run = await make([graph], array, "bytes=16,latency=40").run(0, [
        noise(graph, 1),
        noise(graph, 2),
      ]);
      expectBitExact(run);
      expectPredicted(run, 20);
    },
  );
});
