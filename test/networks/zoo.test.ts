/** MobileNet v1 of other widths, resolutions and first layers, on arrays of every proportion and both bus widths. */
import { describe, test } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { buildNetwork } from "../../src/ir/builder.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { loadModel } from "../../src/load.ts";
import { mobilenetV1 } from "../../src/zoo/mobilenet-v1.ts";
import { seededGraph } from "../../src/zoo/seeded/graph.ts";
import { accelerator, expectBitExact, expectPredicted, noise } from "./accelerator.ts";

/** The keyword spotters' and MLPerf Tiny's kind: grey picture, depthwise first layer with multiplier 8. */
function greyMultiplier8(height: number, width: number): IntGraph {
  const b = buildNetwork(`grey-multiplier-8-${height}x${width}`, { height, width, channels: 1 });
  let x = b.depthwise("first", b.input, { kernel: 3, stride: 2, multiplier: 8, activation: "relu6" });
  for (const [i, [outputs, stride]] of [
    [16, 1],
    [32, 2],
    [32, 1],
    [64, 2],
    [128, 1],
  ].entries()) {
    x = b.depthwise(`depthwise_${i}`, x, { kernel: 3, stride: stride!, activation: "relu6" });
    x = b.conv(`pointwise_${i}`, x, outputs!, { kernel: 1, activation: "relu6" });
  }
  x = b.conv("logits", b.globalAverage("average", x), 12, { kernel: 1 });
  b.softmax("softmax", x);
  return lower(runPasses(seededGraph(b.finish(), 3)));
}

function grey(alpha: number, resolution: number): IntGraph {
  return lower(runPasses(seededGraph(mobilenetV1({ alpha, resolution, channels: 1, classes: 10 }), 2)));
}

const zoo = (name: string): IntGraph => loadModel(name);

describe.each([
  {
    array: "8x16",
    memory: "bytes=16,latency=40",
    graphs: () => [zoo("mobilenet-v1-0.35-96"), zoo("mobilenet-v1-0.75-64"), greyMultiplier8(96, 96)],
  },
  {
    array: "16x8",
    memory: "bytes=8,latency=40",
    graphs: () => [
      zoo("mobilenet-v1-0.5-96"),
      greyMultiplier8(49, 65),
      lower(runPasses(seededGraph(mobilenetV1({ alpha: 0.25, resolution: 33 }), 1))),
    ],
  },
  {
    array: "32x32",
    memory: "bytes=16,latency=40",
    graphs: () => [zoo("mobilenet-v1-1.0-32"), zoo("mobilenet-v1-0.5-64"), grey(0.3, 48)],
  },
  {
    array: "4x32",
    memory: "bytes=8,latency=60",
    graphs: () => [zoo("mobilenet-v1-0.25-64"), greyMultiplier8(64, 48)],
  },
])("$array, $memory", ({ array, memory, graphs }) => {
  const hardware = accelerator(graphs(), array, memory);
  test.each(hardware.plans.map(({ graph }, index) => ({ name: graph.name, index })))(
    "$name",
    async ({ index }) => {
      const run = await hardware.run(index, [noise(hardware.plans[index]!.graph, index)]);
      expectBitExact(run);
      expectPredicted(run);
    },
  );
});
