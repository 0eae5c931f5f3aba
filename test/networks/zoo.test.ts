/** MobileNet v1 on arrays of every proportion and both bus widths; larger ones: zoo.campaign.test.ts. */
import { loadModel } from "../../src/load.ts";
import { describeZoo, grey, greyMultiplier8, odd } from "./zoo.ts";

describeZoo("8x16", "bytes=16,latency=40", () => [
  loadModel("mobilenet-v1-0.35-32"),
  greyMultiplier8(96, 96),
]);
describeZoo("16x8", "bytes=8,latency=40", () => [greyMultiplier8(49, 65), odd()]);
describeZoo("32x4", "bytes=16,latency=40", () => [grey(0.3, 48)]);
describeZoo("4x32", "bytes=8,latency=60", () => [greyMultiplier8(64, 48)]);
