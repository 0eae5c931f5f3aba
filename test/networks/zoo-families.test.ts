/** The zoo's other families on the hardware, the large ones with few pixels: every layer, and the cycles. */
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import type { Network } from "../../src/ir/builder.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { loadModel } from "../../src/load.ts";
import { mobilenetV3 } from "../../src/zoo/mobilenet-v3.ts";
import { seededGraph } from "../../src/zoo/seeded/graph.ts";
import { ssdMobilenetV2 } from "../../src/zoo/ssd-mobilenet-v2.ts";
import { describeZoo } from "./zoo.ts";

const lowered = (network: Network): IntGraph => lower(runPasses(seededGraph(network, 1)));

for (const tasks of [
  ["vww", "kws"],
  ["ic", "ad"],
])
  describeZoo("8x8", "bytes=16,latency=40", () => tasks.map((task) => loadModel(`mlperf-tiny-${task}`)));
describeZoo("16x16", "bytes=16,latency=40", () => [
  lowered(mobilenetV3({ size: "small", alpha: 0.35, resolution: 64, classes: 10 })),
  lowered(mobilenetV3({ size: "large", alpha: 0.35, resolution: 32, classes: 10 })),
]);
describeZoo("8x16", "bytes=16,latency=40", () => [
  lowered(mobilenetV3({ size: "small", alpha: 0.5, resolution: 64, minimalistic: true })),
  lowered(ssdMobilenetV2({ resolution: 96, predictors: true })),
  lowered(ssdMobilenetV2({ resolution: 64 })),
]);
