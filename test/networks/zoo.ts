/** MobileNet v1 of other widths, resolutions and first layers: tests on one array. */
import { describe, test } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { buildNetwork } from "../../src/ir/builder.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { mobilenetV1 } from "../../src/zoo/mobilenet-v1.ts";
import { seededGraph } from "../../src/zoo/seeded/graph.ts";
import { accelerators, expectBitExact, expectPredicted, noise } from "./accelerator.ts";

/** The keyword spotters' and MLPerf Tiny's kind: grey picture, depthwise first layer with multiplier 8. */
export function greyMultiplier8(height: number, width: number): IntGraph {
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

export function grey(alpha: number, resolution: number): IntGraph {
  return lower(runPasses(seededGraph(mobilenetV1({ alpha, resolution, channels: 1, classes: 10 }), 2)));
}

/** 33 x 33 pixels. */
export function odd(): IntGraph {
  return lower(runPasses(seededGraph(mobilenetV1({ alpha: 0.25, resolution: 33 }), 1)));
}

/** Each network alone on an accelerator that they have in common: every layer, and the cycles. */
export function describeZoo(array: string, memory: string, graphs: () => IntGraph[]): void {
  describe(`${array}, ${memory}`, () => {
    const hardware = accelerators()(graphs(), array, memory);
    test.each(hardware.plans.map(({ graph }, index) => ({ name: graph.name, index })))(
      "$name",
      async ({ index }) => {
        const run = await hardware.run(index, [noise(hardware.plans[index]!.graph, index)]);
        expectBitExact(run);
        expectPredicted(run);
      },
    );
  });
}
