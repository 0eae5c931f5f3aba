/** The downloaded networks of ../shared/models on the generated accelerator: every layer, and the packed logits. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { defaultMemory } from "../../sim/index.ts";
import { logitsOfImage } from "../../src/targets/array/simulate.ts";
import { readInputs } from "../../src/cli/inputs.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { loadModel } from "../../src/load.ts";
import { accelerator, expectBitExact, expectPredicted, type Accelerator, type Run } from "./accelerator.ts";

const models = new URL("../../../shared/models/", import.meta.url);
const vww = "vww_96_int8";
const smallest = "mobilenet_v1_0.25_128";
const largest = "mobilenet_v1_1.0_224";

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, models));
}

function load(name: string): IntGraph {
  return loadModel(pathOf(`${name}/model.tflite`));
}

/** Made by the first test that asks: without the models there is none to make. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Runs the first `count` packed inputs and compares everything that is known of them. */
async function runPacked(hardware: Accelerator, index: number, name: string, count: number): Promise<Run> {
  const files = readdirSync(pathOf(`${name}/inputs`))
    .sort()
    .slice(0, count);
  expect(files).toHaveLength(count);
  const { graph } = hardware.plans[index]!;
  const inputs = await readInputs(
    files.map((file) => pathOf(`${name}/inputs/${file}`)),
    graph,
  );
  const run = await hardware.run(
    index,
    inputs.map(({ values }) => values),
  );
  expectBitExact(run);
  expectPredicted(run);
  for (const [i, file] of files.entries()) {
    const logits = Buffer.from(logitsOfImage(run.plan, run.result.images[i]!));
    expect(logits.equals(readFileSync(pathOf(`${name}/logits/${file}`))), file).toBe(true);
  }
  return run;
}

/** Utilisation of every input, by the definition: all MACs / (all multipliers * cycles from start to done). */
function utilizations({ plan, result, report }: Run): number[] {
  const expected = result.images.map(
    ({ cycles }) => plan.graph.macs / (plan.hardware.pk * plan.hardware.pc * cycles),
  );
  expect(report.inputs.map(({ utilization }) => utilization)).toEqual(expected);
  return expected;
}

describe.runIf(existsSync(models))("downloaded networks", () => {
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

  describe("16x16, 16 bytes a cycle", () => {
    const hardware = once(() => accelerator([load(largest), load(smallest)], "16x16", "bytes=16,latency=40"));

    test("mobilenet_v1_1.0_224", async () => {
      const run = await runPacked(hardware(), 0, largest, 1);
      expect(utilizations(run)[0]).toBeGreaterThanOrEqual(0.9);
    });

    test("mobilenet_v1_0.25_128", async () => {
      await runPacked(hardware(), 1, smallest, 1);
    });
  });

  test("mobilenet_v1_1.0_224, 16x16, 8 bytes a cycle", async () => {
    const hardware = accelerator([load(largest)], "16x16", "bytes=8,latency=40");
    const run = await runPacked(hardware, 0, largest, 1);
    expect(utilizations(run)[0]).toBeGreaterThanOrEqual(0.85);
  });

  test("mobilenet_v1_0.25_128, 4x4", async () => {
    const hardware = accelerator([load(smallest)], "4x4", "bytes=16,latency=40");
    await runPacked(hardware, 0, smallest, 1);
    // The same bytes come out of a memory that is slow, uneven and refreshed.
    const rough = { ...defaultMemory, bytes: 5.5, latency: 90, outstanding: 2, random: 20, seed: 7 };
    const inputs = await readInputs([pathOf(`${smallest}/inputs/01.bin`)], hardware.plans[0]!.graph);
    const memory = { ...rough, refresh: { period: 780, length: 30 } };
    expectBitExact(await hardware.run(0, [inputs[0]!.values], { memory }));
  });
});
