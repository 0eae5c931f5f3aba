/** The downloaded networks of ../shared/models on the generated accelerator; real.campaign.test.ts runs all their inputs. */
import { describe, expect, test } from "vitest";
import { defaultMemory } from "../../sim/index.ts";
import { readInputs } from "../../src/cli/inputs.ts";
import { once } from "../../src/targets/once.ts";
import { accelerators, expectBitExact } from "./accelerator.ts";
import { load, modelsExist, pathOf, runPacked, smallest, utilizations, vww } from "./real.ts";

const accelerator = accelerators();

describe.runIf(modelsExist)("downloaded networks", () => {
  describe("8x8, 16 bytes a cycle", () => {
    const hardware = once(() => accelerator([load(vww), load(smallest)], "8x8", "bytes=16,latency=40"));

    test.each([
      [0, vww, 0.77],
      [1, smallest, 0.8],
    ])("network %i, %s, two inputs", async (index, name, utilization) => {
      const run = await runPacked(hardware(), index, name, 2);
      expect(Math.min(...utilizations(run))).toBeGreaterThanOrEqual(utilization);
    });
  });

  test("mobilenet_v1_0.25_128, 16x16", async () => {
    await runPacked(accelerator([load(smallest)], "16x16", "bytes=16,latency=40"), 0, smallest, 1);
  });

  test("mobilenet_v1_0.25_128, 4x4", async () => {
    const hardware = accelerator([load(smallest)], "4x4", "bytes=16,latency=40");
    await runPacked(hardware, 0, smallest, 1);
    // The same bytes come out of a memory that is slow, uneven and refreshed.
    const rough = { ...defaultMemory, bytes: 5.5, latency: 90, outstanding: 2, random: 20, seed: 7 };
    const inputs = await readInputs([pathOf(`${smallest}/inputs/01.bin`)], hardware.plans[0]!.graph, {
      err: (text) => expect.fail(text),
    });
    const memory = { ...rough, refresh: { period: 780, length: 30 } };
    expectBitExact(await hardware.run(0, [inputs[0]!.values], { memory }));
  });
});
