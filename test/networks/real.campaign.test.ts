/** Every packed input of the downloaded networks, and the largest one, on the generated accelerator. */
import { describe, expect, test } from "vitest";
import { once } from "../../src/targets/once.ts";
import { accelerators } from "./accelerator.ts";
import { largest, load, modelsExist, runPacked, smallest, utilizations, vww } from "./real.ts";

const accelerator = accelerators();

describe.runIf(modelsExist)("downloaded networks", () => {
  describe("8x8, 16 bytes a cycle", () => {
    const hardware = once(() => accelerator([load(vww), load(smallest)], "8x8", "bytes=16,latency=40"));

    test("vww_96_int8, 12 inputs", async () => {
      const run = await runPacked(hardware(), 0, vww, 12);
      expect(Math.min(...utilizations(run))).toBeGreaterThanOrEqual(0.77);
    });

    test("mobilenet_v1_0.25_128, 20 inputs", async () => {
      const run = await runPacked(hardware(), 1, smallest, 20);
      expect(Math.min(...utilizations(run))).toBeGreaterThanOrEqual(0.8);
    });
  });

  test.each([
    ["bytes=16,latency=40", 0.9],
    ["bytes=8,latency=40", 0.85],
  ])("mobilenet_v1_1.0_224, 16x16, %s", async (memory, utilization) => {
    const run = await runPacked(accelerator([load(largest)], "16x16", memory), 0, largest, 1);
    expect(utilizations(run)[0]).toBeGreaterThanOrEqual(utilization);
  });
});
