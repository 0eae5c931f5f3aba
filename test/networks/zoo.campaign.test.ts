/** MobileNet v1 of larger widths and resolutions on arrays of every proportion. */
import { loadModel } from "../../src/load.ts";
import { describeZoo } from "./zoo.ts";

describeZoo("8x16", "bytes=16,latency=40", () => [
  loadModel("mobilenet-v1-0.35-96"),
  loadModel("mobilenet-v1-0.75-64"),
]);
describeZoo("16x8", "bytes=8,latency=40", () => [loadModel("mobilenet-v1-0.5-96")]);
describeZoo("32x32", "bytes=16,latency=40", () => [
  loadModel("mobilenet-v1-1.0-32"),
  loadModel("mobilenet-v1-0.5-64"),
]);
describeZoo("4x32", "bytes=8,latency=60", () => [loadModel("mobilenet-v1-0.25-64")]);
