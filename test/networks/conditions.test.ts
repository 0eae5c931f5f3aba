/** What happens around an image leaves no trace in it: resets, images before it, errors and moods of the memory. */
import { describe, expect, test } from "vitest";
import { defaultMemory, type MemoryOptions } from "../../sim/index.ts";
import { inputImage, modelImage } from "../../codegen/view/memory-image.ts";
import type { MapPlace } from "../../src/4-schedule/plan.ts";
import { errorText } from "../../src/format/error-text.ts";
import { maskOf } from "../../src/format/registers.ts";
import { loadModel } from "../../src/load.ts";
import { accelerators, expectBitExact, noise, type Run } from "./accelerator.ts";

const accelerator = accelerators();

const hardware = accelerator(
  [loadModel("pictures"), loadModel("mobilenet-v1-0.25-32")],
  "8x8",
  "bytes=16,latency=40",
);
const inputs = (index: number, ...seeds: number[]) =>
  seeds.map((seed) => noise(hardware.plans[index]!.graph, seed));
const outputs = ({ result }: Run) => result.images.map(({ outputs }) => Array.from(outputs[0]!));

describe("one accelerator, two networks", () => {
  test("image after image equals each alone; those behind the first take the same cycles", async () => {
    const together = await hardware.run(1, inputs(1, 1, 2, 1));
    const alone = await hardware.run(1, inputs(1, 2));
    expectBitExact(together);
    expectBitExact(alone);
    const [first, second, third] = outputs(together);
    expect(second).toEqual(outputs(alone)[0]);
    expect(third).toEqual(first);
    expect(second).not.toEqual(first);
    const { cycles } = alone.result.images[0]!;
    const [begins, ...others] = together.result.images.map((image) => image.cycles);
    expect([begins, ...new Set(others)]).toEqual([cycles, together.report.inputs[1]!.cycles]);
    // the program is there
    expect(others[0]).toBeLessThan(cycles);
  });

  test("a reset in the middle of an image leaves the next one clean", async () => {
    const plain = await hardware.run(0, inputs(0, 5));
    expectBitExact(plain);
    const { cycles } = plain.result.images[0]!;
    // In the program's arrival, in the first rows, in the middle, and while the last results leave.
    const moments = [3, 90, 400, 0.31 * cycles, 0.62 * cycles, 0.93 * cycles, cycles - 30].map(Math.round);
    for (const resetAt of moments) {
      const run = await hardware.run(0, inputs(0, 5, 6), { resetAt });
      expectBitExact(run);
      expect(run.result.images[0]!.cycles, `reset at ${resetAt}`).toBe(cycles);
      expect(outputs(run)[0]).toEqual(outputs(plain)[0]);
    }
  });
});

describe("a stopped image", () => {
  const moods: Record<string, Partial<MemoryOptions>> = {
    "a memory far away": { latency: 200 },
    "one transaction at a time": { slave: "serial" },
  };
  test.each(Object.keys(moods))("leaves no answer to the next one: %s", async (mood) => {
    const memory = { ...defaultMemory, ...moods[mood] };
    const plain = await hardware.run(0, inputs(0, 5), { memory });
    const { cycles } = plain.result.images[0]!;
    // in the program's arrival, in the first rows, and in the middle: reads and writes are under way
    const moments = [9, 250, 600, ...[0.31, 0.47, 0.93].map((part) => part * cycles)];
    for (const stopAt of moments.map(Math.round)) {
      const run = await hardware.run(0, inputs(0, 5, 6), { memory, stopAt });
      expectBitExact(run);
      expect(outputs(run)[0], `stopped at ${stopAt}`).toEqual(outputs(plain)[0]);
    }
  });
});

describe("memory", () => {
  const moods: Record<string, Partial<MemoryOptions>> = {
    "random back-pressure": { random: 30, seed: 11 },
    "heavy random back-pressure": { random: 80, seed: 12 },
    refresh: { refresh: { period: 500, length: 60 } },
    "one burst at a time, far away": { outstanding: 1, latency: 300 },
    "a byte and a half a cycle": { bytes: 1.5 },
    "one transaction at a time, as a bridge to AXI4-Lite": { slave: "serial" },
    "one transaction at a time, far away, at random": { slave: "serial", latency: 200, random: 20 },
    "a write address only with its first beat": { slave: "joint" },
    "a write address only with its first beat, at random": { slave: "joint", random: 30, bytes: 4 },
    "faster than the bus, no latency": { bytes: 64, latency: 1, outstanding: 64 },
    "everything at once": {
      bytes: 3.3,
      latency: 70,
      random: 25,
      seed: 3,
      refresh: { period: 900, length: 50 },
    },
  };
  test.each(Object.keys(moods))("%s changes cycles, not results", async (mood) => {
    const plain = await hardware.run(0, inputs(0, 7, 8));
    const run = await hardware.run(0, inputs(0, 7, 8), { memory: { ...defaultMemory, ...moods[mood] } });
    expectBitExact(run);
    expect(outputs(run)).toEqual(outputs(plain));
    expect(run.result.images[0]!.cycles).not.toBe(plain.result.images[0]!.cycles);
  });

  test.each([
    ["read", 1],
    ["read", 2],
    ["read", 40],
    ["write", 1],
    ["write", 20],
  ] as const)("an error of %s burst %i ends the image, and the next is clean", async (direction, burst) => {
    const { result, report } = await hardware.run(0, inputs(0, 9, 10, 10), {
      memory: { ...defaultMemory, error: { direction, burst } },
    });
    expect(result.images.map(({ failure }) => failure)).toEqual([null, null, null]);
    expect(result.images[0]!.errorRegister).toBe(maskOf("error", direction));
    const unit = direction === "write" ? "results" : "(program|rows|weights and tables)";
    expect(report.inputs[0]!.failure).toMatch(
      new RegExp(
        `^error register: ${direction} response: ${unit} of block \\d+ at 0x[0-9a-f]{8} with SLVERR$`,
      ),
    );
    expect(result.images.slice(1).map(({ errorRegister }) => errorRegister)).toEqual([0, 0]);
    expect(report.inputs.slice(1).map(({ bitExact }) => bitExact)).toEqual([true, true]);
  });

  // header and descriptors: what a beat that failed says of places in memory is not followed
  test.each([
    { burst: 1, data: "random" },
    { burst: 2, data: "random" },
    { burst: 2, data: "stale" },
    { burst: 3, data: "random", beat: 2 },
    { burst: 9, data: "random", beat: 5 },
    { burst: 9, data: "stale", beat: 6 },
  ] as const)("a program read with an error is not run: %o", async (where) => {
    const { result, report } = await hardware.run(0, inputs(0, 9, 10), {
      memory: { ...defaultMemory, error: { direction: "read", ...where } },
    });
    const [first, second] = result.images;
    expect(first).toMatchObject({ failure: null, errorRegister: maskOf("error", "read"), writeBytes: 0 });
    expect(second!.errorRegister).toBe(0);
    expect(report.inputs[1]!.bitExact).toBe(true);
  });

  test.each([0xe80, 0x1000_0008, 0x1000_0800])(
    "a model at %i is refused: error register, done, nothing read",
    async (modelBase) => {
      const { result } = await hardware.run(0, inputs(0, 1), { modelBase });
      expect(result.images[0]).toMatchObject({
        failure: null,
        errorRegister: maskOf("error", "base"),
        readBursts: 0,
        writeBursts: 0,
      });
    },
  );

  // what no compiler of ours makes, with the check that belongs to it
  test.each<[string, (place: MapPlace) => MapPlace, RegExp]>([
    ["behind", (place) => ({ ...place, offset: 2 ** 20 }), /: results of block 0 at 0x[0-9a-f]{8}$/],
    ["in front", (place) => ({ ...place, offset: 2 ** 32 - 4096 }), /: results of block 0 at 0x[0-9a-f]{8}$/],
    ["in the input", (place) => ({ ...place, region: "input" }), /: results of block 0 at/],
    ["in the model", (place) => ({ ...place, region: "model" }), /: results of block 0 at/],
    ["row by row", (place) => ({ ...place, rowPitch: 2 ** 16 }), /: results of block 0 at/],
  ])("a program that writes %s of its region writes nothing there", async (_, change, told) => {
    const plan = hardware.plans[0]!;
    const [first, ...others] = plan.blocks;
    const wild = { ...plan, blocks: [{ ...first!, destination: change(first!.destination) }, ...others] };
    const [values] = inputs(0, 9);
    const regions = {
      model: modelImage(wild),
      inputs: [inputImage(plan, values!)],
      outputBytes: plan.regionBytes.output,
      workspaceBytes: plan.regionBytes.workspace,
    };
    const { result } = await hardware.run(0, [values!], { regions, stress: {} });
    const image = result.images[0]!;
    expect(image).toMatchObject({
      failure: null,
      outsideWrites: 0,
      errorRegister: maskOf("error", "outside"),
    });
    expect(errorText(image)).toMatch(told);
  });

  test("a program for hardware that differs in the depth of a ring alone is refused", async () => {
    const plan = hardware.plans[0]!;
    const { paramDepth } = plan.hardware;
    const stale = modelImage({ ...plan, hardware: { ...plan.hardware, paramDepth: 2 * paramDepth } });
    const [values] = inputs(0, 9);
    const { output, workspace } = plan.regionBytes;
    const regions = { inputs: [inputImage(plan, values!)], outputBytes: output, workspaceBytes: workspace };
    const { result } = await hardware.run(0, [values!], { regions: { ...regions, model: stale } });
    expect(result.images[0]).toMatchObject({
      failure: null,
      writeBursts: 0,
      errorRegister: maskOf("error", "program"),
    });
  });

  test("a program for another array is refused: error register, and done", async () => {
    const [plan] = hardware.plans;
    const other = accelerator([plan!.graph], "4x8", "bytes=16,latency=40");
    const { result } = await other.run(0, inputs(0, 1), { compiledDir: hardware.compiledDir, pk: 8 });
    expect(result.images[0]).toMatchObject({ failure: null, errorRegister: maskOf("error", "program") });
  });
});
