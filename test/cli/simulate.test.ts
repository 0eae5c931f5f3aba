import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeFiles } from "../../codegen/write.ts";
import { defaultMemory, simulate } from "../../sim/index.ts";
import { checkRecord } from "../../src/format/check.ts";
import { recordBytes } from "../../src/format/group-record.ts";
import { runGolden } from "../../src/golden/run.ts";
import { loadModel } from "../../src/load.ts";
import { simulationJob } from "../../src/targets/array/job.ts";
import type { SimulationReport } from "../../src/targets/simulation.ts";
import { compileModel } from "../support/compiled.ts";
import { firebrick, inTemporaryFolder } from "./helper.ts";

const network = "mobilenet-v1-0.25-32";
/** Small and narrow, so that the simulator is built in seconds. */
const options = ["--array", "4x4", "--memory", "bytes=8,latency=20"] as const;

/** A raw input of 32 x 32 x 3 values. */
function noise(seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: 32 * 32 * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

function writeInputs(folder: string): readonly string[] {
  return ["a.bin", "b.bin"].map((name, index) => {
    writeFileSync(join(folder, name), noise(index + 1));
    return join(folder, name);
  });
}

/** An event of a trace for Perfetto. */
interface Event {
  ph: string;
  tid: number;
  ts: number;
  name: string;
  args: { name: string; cycle: number; cycles: number; bytes: number };
}

/** `trackOf`: slices of the track of that name. */
function readTrace(file: string): { traceEvents: Event[]; trackOf: (name: string) => Event[] } {
  const { traceEvents } = JSON.parse(readFileSync(file, "utf8")) as { traceEvents: Event[] };
  return {
    traceEvents,
    trackOf(name) {
      const track = traceEvents.find((one) => one.ph === "M" && one.args.name === name);
      return traceEvents.filter(({ ph, tid }) => ph === "X" && tid === track!.tid);
    },
  };
}

/** The images of a trace, which are the report's. */
function imagesOf(images: Event[], { inputs }: SimulationReport): Event[] {
  expect(images.map(({ args, name }) => [name, args.cycles])).toEqual(
    inputs.map(({ cycles, file }) => [file, cycles]),
  );
  return images;
}

const cycles = (list: Event[]): number => list.reduce((sum, { args }) => sum + args.cycles, 0);

describe("simulate", () => {
  test("two inputs, one after the other, equal to the golden model in every layer", () =>
    inTemporaryFolder(async (folder) => {
      const inputs = writeInputs(folder);
      const hardware = join(folder, "hardware");
      const golden = join(folder, "golden");
      const { status, stdout, stderr } = await firebrick(
        ...["simulate", network, "--input", ...inputs, ...options],
        ...["--dump-logits", hardware, "--json"],
      );
      expect(stderr).not.toContain("firebrick:");
      expect(status).toBe(0);
      await firebrick("golden", network, "--input", ...inputs, "--dump-logits", golden);
      for (const name of ["a.bin", "b.bin"]) {
        expect(readFileSync(join(hardware, name))).toEqual(readFileSync(join(golden, name)));
      }

      const report = JSON.parse(stdout) as SimulationReport;
      expect(report).toMatchObject({ model: network, array: { pk: 4, pc: 4 }, multipliers: 16 });
      expect(report.inputs.map(({ bitExact, firstDivergence }) => [bitExact, firstDivergence])).toEqual([
        [true, null],
        [true, null],
      ]);
      const [first] = report.inputs;
      expect(first!.utilization).toBeCloseTo(report.macs / (16 * first!.cycles), 10);
      expect(first!.utilization).toBeGreaterThan(0.5);
      expect(first!.top).toHaveLength(5);
      const sum = (field: "cycles" | "macs"): number =>
        report.layers.reduce((total, layer) => total + layer[field], 0);
      expect(sum("cycles")).toBe(first!.cycles);
      expect(sum("macs")).toBe(report.macs);
      expect(report.layers[0]?.engine).toBe("conv");
      expect(report.layers[1]?.engine).toBe("depthwise");
      for (const layer of report.layers) {
        expect(layer.computeCycles, layer.name).toBeGreaterThan(0);
        expect(layer.computeCycles + layer.stallCycles, layer.name).toBeLessThanOrEqual(layer.cycles);
      }
    }));

  test("writes what the array did and when, for Perfetto: every cycle once, as the counters have them", () =>
    inTemporaryFolder(async (folder) => {
      const inputs = writeInputs(folder);
      const file = join(folder, "trace.json");
      const { stdout, status } = await firebrick(
        ...["simulate", network, "--input", ...inputs, ...options, "--perfetto", file, "--json"],
      );
      expect(status).toBe(0);
      const report = JSON.parse(stdout) as SimulationReport;
      const { traceEvents, trackOf } = readTrace(file);
      const images = imagesOf(trackOf("image"), report);
      const first = (list: Event[]): Event[] => list.filter(({ ts }) => ts < images[1]!.ts);
      const array = first(trackOf("array"));
      // no two slices of a track lie over each other
      for (const [index, { args }] of array.entries())
        expect(args.cycle).toBeGreaterThanOrEqual(
          index === 0 ? 0 : array[index - 1]!.args.cycle + array[index - 1]!.args.cycles,
        );
      const compute = array.filter(({ name }) => name === "compute");
      expect(cycles(compute)).toBe(report.layers.reduce((sum, layer) => sum + layer.computeCycles, 0));
      expect(cycles(array)).toBe(cycles(first(trackOf("layer"))));
      expect(new Set(first(trackOf("layer")).map(({ name }) => name))).toEqual(
        new Set(report.layers.map(({ name }) => name)),
      );
      const read = first(traceEvents).filter(({ name, ph }) => ph === "C" && name.startsWith("read"));
      const readBytes = read.reduce((sum, { args }) => sum + args.bytes * 128, 0);
      const { readBytes: counted } = report.inputs[0]!.memory;
      expect(readBytes).toBeGreaterThan(0.98 * counted);
      expect(readBytes).toBeLessThanOrEqual(counted);
    }));

  test("writes what the small engine did and when, each cycle of each image once", () =>
    inTemporaryFolder(async (folder) => {
      const file = join(folder, "trace.json");
      const pictures = ["star", "ring"].map((name) => `src/zoo/pictures/examples/${name}.png`);
      const asked = ["simulate", "pictures", "--input", ...pictures, "--board", "icebreaker"];
      const { status, stdout } = await firebrick(...asked, "--perfetto", file, "--json");
      expect(status).toBe(0);
      const report = JSON.parse(stdout) as SimulationReport;
      const { traceEvents, trackOf } = readTrace(file);
      const images = imagesOf(trackOf("image"), report);
      // Microseconds at 24 MHz; the second picture is written behind the first image.
      expect(images[1]!.ts - images[0]!.ts).toBeGreaterThan((report.inputs[0]!.cycles + 32 * 32) / 24);
      const first = (list: Event[]): Event[] => list.filter(({ ts }) => ts < images[1]!.ts);
      expect(first(trackOf("layer")).map(({ args, name }) => [name, args.cycles])).toEqual(
        report.layers.map((layer) => [layer.name, layer.cycles]),
      );
      const array = trackOf("array");
      for (const list of [first(array), array.slice(first(array).length)])
        for (const [index, { args }] of list.entries())
          expect(args.cycle).toBe(
            index === 0 ? 0 : list[index - 1]!.args.cycle + list[index - 1]!.args.cycles,
          );
      expect(cycles(array)).toBe(cycles(images));
      const total = (field: "computeCycles" | "stallCycles"): number =>
        report.layers.reduce((sum, layer) => sum + layer[field], 0);
      const named = (wanted: string): Event[] => first(array).filter(({ name }) => name === wanted);
      expect(cycles(named("compute"))).toBe(total("computeCycles"));
      expect(cycles(named("waits for weights"))).toBe(total("stallCycles"));
      const counters = traceEvents.filter(({ ph }) => ph === "C");
      expect(new Set(counters.map(({ name }) => name))).toEqual(new Set(["read, bytes a cycle"]));
      // Four bits a clock at most; the last samples of an image are not averaged.
      for (const { args } of counters) expect(args.bytes >= 0 && args.bytes <= 0.5).toBe(true);
      const { readBytes } = report.inputs[0]!.memory;
      const sampled = first(counters).reduce((sum, { args }) => sum + args.bytes * 128, 0);
      expect(sampled).toBeGreaterThan(0.98 * readBytes);
      expect(sampled).toBeLessThanOrEqual(readBytes);
    }));

  test("has traces by one process alone", async () => {
    const picture = "src/zoo/pictures/examples/star.png";
    const asked = ["simulate", "pictures", "--input", picture, "--perfetto", "never-written.json"];
    const jobs = await firebrick(...asked, "--executor", "local");
    expect([jobs.status, jobs.stderr]).toEqual([2, expect.stringContaining("leave --executor out")]);
  });

  test("prints the table and keeps the Verilog with -o", () =>
    inTemporaryFolder(async (folder) => {
      const [input] = writeInputs(folder);
      const kept = join(folder, "kept");
      const { status, stdout } = await firebrick(
        "simulate",
        network,
        "--input",
        input!,
        ...options,
        "-o",
        kept,
      );
      expect(status).toBe(0);
      expect(stdout).toContain("equal to the golden model");
      expect(stdout).toContain("utilisation");
      expect(stdout).toContain(join(kept, "rtl"));
      expect(readdirSync(kept).toSorted()).toEqual([
        "Makefile",
        "README.md",
        "files.f",
        "manifest.json",
        "memory",
        "program.json",
        "rtl",
        "sim",
      ]);
    }));

  test("hardware with one wrong weight is found out in the layer that has it", () =>
    inTemporaryFolder(async (folder) => {
      const graph = loadModel(network);
      const compiled = compileModel(graph, { array: { pk: 4, pc: 4 }, busBytes: 8 });
      const model = Uint8Array.from(compiled.files.get("memory/model.bin") as Uint8Array);
      const { segment, wordsPerGroup } = compiled.plan.blocks[2]!.phases[1]!;
      // The first weight of channel 0, behind bias, multiplier and shift of 4 lanes.
      model[segment!.offset + 48]! ^= 0x40;
      const record = model.subarray(
        segment!.offset,
        segment!.offset + recordBytes({ pk: 4, pc: 4 }, wordsPerGroup),
      );
      checkRecord(record, 4);
      const compiledDir = join(folder, "compiled");
      mkdirSync(compiledDir);
      writeFiles(compiled.files, compiledDir);
      const values = Int8Array.from(noise(1), (byte) => byte - 128);
      const job = simulationJob(
        { ...compiled, memory: { ...defaultMemory, bytes: 8, latency: 20 }, predicted: [1] },
        { folder: compiledDir, inputs: [{ file: "a.bin", values }] },
        [runGolden(graph, values)],
      );
      const result = await simulate({ ...job, regions: { ...job.regions, model } });
      const divergence = result.images[0]?.divergence;
      expect(divergence).toMatchObject({ kind: "value", block: 2, phase: 1, channel: 0 });
      // Every later layer sees the difference too.
      expect(result.images[0]!.mismatches).toBeGreaterThan(1);
    }));

  test.each([
    ["an input of the wrong size", ["short.bin"], [], "input-size: "],
    ["a window without a file", ["a.bin"], ["--trace-window", "1:2"], "name the file with --trace"],
    ["a waveform of unknown kind", ["a.bin"], ["--trace", "run.txt"], "trace-file: "],
    ["an array that there is not", ["a.bin"], ["--array", "64x8"], "array-size: "],
  ])("refuses %s", (_what, files, extra, message) =>
    inTemporaryFolder(async (folder) => {
      writeInputs(folder);
      writeFileSync(join(folder, "short.bin"), "123");
      const paths = files.map((file) => join(folder, file));
      const result = await firebrick("simulate", network, "--input", ...paths, ...extra);
      expect(result).toMatchObject({ status: 2, stdout: "" });
      expect(result.stderr).toContain(message);
    }),
  );
});
