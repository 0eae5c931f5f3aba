/** The zoo's other families on the hardware at their own sizes. */
import { loadModel } from "../../src/load.ts";
import { describeZoo } from "./zoo.ts";

const memory = "bytes=16,latency=40";
const load = (...names: readonly string[]) => names.map((name) => loadModel(name));

describeZoo("16x16", memory, () => load("mobilenet-v3-small-1.0-224", "mobilenet-v3-large-1.0-224"));
describeZoo("16x16", memory, () =>
  load(
    "mobilenet-v3-small-minimalistic-1.0-224",
    "mobilenet-v3-large-minimalistic-1.0-224",
    "ssd-mobilenet-v2-300",
    "ssd-mobilenet-v2-300-coco",
  ),
);
describeZoo("16x16", memory, () => load("efficientnet-lite0-224"));
for (const name of ["alexnet", "googlenet", "vgg-16"]) describeZoo("16x16", memory, () => load(name));
