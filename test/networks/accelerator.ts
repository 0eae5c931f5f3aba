/** Runs networks on generated hardware and returns what `simulate` would report of them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { generate } from "../../codegen/generate.ts";
import { modelImage } from "../../codegen/view/memory-image.ts";
import { writeFiles } from "../../codegen/write.ts";
import { parseMemoryOptions, simulate, type SimulationJob, type SimulationResult } from "../../sim/index.ts";
import type { Hardware, Plan } from "../../src/4-schedule/plan.ts";
import type { BufferOptions } from "../../src/4-schedule/size.ts";
import { predict } from "../../src/4-schedule/cycles/predict.ts";
import { parseArray } from "../../src/cli/options.ts";
import { compileModel } from "../support/compiled.ts";
import { outputsOf, type OutputValues } from "../../src/golden/outputs.ts";
import { runGolden, type GoldenResult } from "../../src/golden/run.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { layersOf } from "../../src/report/layers.ts";
import { splitByLayer, totalOf } from "../../src/report/split.ts";
import { busBytesFor } from "../../src/targets/target.ts";
import { simulationJob } from "../../src/targets/array/job.ts";
import { resultOf, simulationReport } from "../../src/targets/array/simulate.ts";
import type { SimulationReport } from "../../src/targets/simulation.ts";
import { createRandom } from "../../src/zoo/pictures/random.ts";

/** One accelerator, and the networks that run on it without a new build: its program comes from memory. */
export interface Accelerator {
  /** The compiled files of the first network. */
  readonly compiledDir: string;
  readonly plans: readonly Plan[];
  /** Simulates network `index` on the inputs, one after another without a reset. */
  run(index: number, inputs: readonly Int8Array[], changes?: Partial<SimulationJob>): Promise<Run>;
}

export interface Run {
  readonly plan: Plan;
  readonly golden: readonly GoldenResult[];
  readonly result: SimulationResult;
  readonly report: SimulationReport;
  /** By the cycle model, of one image. */
  readonly predictedCycles: number;
}

/**
 * Hardware for all the networks: the largest that any of them asks for. Memory as `--memory`, array as `--array`.
 * `packed`: two products a DSP block, and shared requantisers whatever they cost; `buffers` as --buffers, `sparse` as --sparse. The networks must agree in the depthwise window and in the row banks, which are wired and not addressed.
 */
export type MakeAccelerator = (
  graphs: readonly IntGraph[],
  array: string,
  memory: string,
  packed?: boolean | "shared",
  buffers?: BufferOptions,
  sparse?: boolean,
) => Accelerator;

/** For a file of tests, or a `describe`: what makes its accelerators, whose folders go after its last test. */
export function accelerators(): MakeAccelerator {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  return (...of) => {
    const folder = mkdtempSync(join(tmpdir(), "firebrick-network-"));
    folders.push(folder);
    return accelerator(folder, ...of);
  };
}

function accelerator(
  compiledDir: string,
  ...[graphs, array, memory, packed = false, buffers, sparse]: Parameters<MakeAccelerator>
): Accelerator {
  const timing = parseMemoryOptions(memory);
  const sharedRequantisers = packed === "shared" ? true : undefined;
  const size = { ...parseArray(array), packed: packed !== false, sharedRequantisers, sparse };
  const options = { array: size, busBytes: busBytesFor(timing), buffers };
  const alone = graphs.map((graph) => compileModel(graph, options).plan);
  const hardware = together(alone.map((plan) => plan.hardware));
  const most = (region: "output" | "workspace"): number =>
    Math.max(...alone.map(({ regionBytes }) => regionBytes[region]));
  const written = { output: most("output"), workspace: most("workspace") };
  const plans = alone.map((plan): Plan => ({
    ...plan,
    hardware,
    regionBytes: { ...plan.regionBytes, ...written },
  }));
  writeFiles(generate(plans[0]!), compiledDir);
  return {
    compiledDir,
    plans,
    async run(index, inputs, changes = {}) {
      const plan = plans[index]!;
      const predicted = splitByLayer(layersOf(plan), predict(plan, timing)).map(totalOf);
      const golden = inputs.map((values) => runGolden(plan.graph, values));
      const named = inputs.map((values, i) => ({ file: `${i}.bin`, values }));
      const files = new Map([["memory/model.bin", modelImage(plan)]]);
      const predictedCycles = predicted.reduce((sum, cycles) => sum + cycles, 0);
      const job = simulationJob(
        { plan, files, memory: timing, predicted },
        { folder: compiledDir, inputs: named },
        golden,
      );
      const result = await simulate({ ...job, ...changes });
      const report = simulationReport(
        plan,
        { model: plan.graph.name, inputs: named },
        { predicted, predictedNext: predict(plan, timing, "next").cycles },
        result,
      );
      return { plan, golden, result, report, predictedCycles };
    },
  };
}

function together(all: readonly Hardware[]): Hardware {
  const [first] = all;
  if (first === undefined) throw new Error("an accelerator needs a network");
  for (const other of all) {
    expect(other.window).toEqual(first.window);
    expect(other.lineBuffers.map(({ banks }) => banks)).toEqual(first.lineBuffers.map(({ banks }) => banks));
  }
  const most = (count: (hardware: Hardware) => number): number => Math.max(...all.map(count));
  return {
    ...first,
    lineBuffers: first.lineBuffers.map(({ banks }, i) => ({
      banks,
      depth: most(({ lineBuffers }) => lineBuffers[i]!.depth),
      pairDepth: most(({ lineBuffers }) => lineBuffers[i]!.pairDepth),
    })),
    weightDepth: most(({ weightDepth }) => weightDepth),
    kept: { words: most(({ kept }) => kept.words), groups: most(({ kept }) => kept.groups) },
    chipDepth: most(({ chipDepth }) => chipDepth),
    patchWords: most(({ patchWords }) => patchWords),
    codeBits: most(({ codeBits }) => codeBits),
    paramDepth: most(({ paramDepth }) => paramDepth),
    maxBlocks: most(({ maxBlocks }) => maxBlocks),
    packer: all.map(({ packer }) => packer).reduce((a, b) => (a > b ? a : b)),
    serialMax: all.some(({ serialMax }) => serialMax),
    edgeRecords: all.some(({ edgeRecords }) => edgeRecords),
    float32: all.some(({ float32 }) => float32),
    sharedRequantisers: all.every(({ sharedRequantisers }) => sharedRequantisers),
    sumBits: all.every(({ sumBits }) => sumBits === 25) ? 25 : 32,
    leftShifts: all.some(({ leftShifts }) => leftShifts),
    averages: all.some(({ averages }) => averages),
    narrowWeights: all.every(({ narrowWeights }) => narrowWeights),
    tables: all.some(({ tables }) => tables),
    residualDepth: most(({ residualDepth }) => residualDepth),
    residualOperations: all.some(({ residualOperations }) => residualOperations),
    pool: all.some(({ pool }) => pool)
      ? { groups: most(({ pool }) => pool?.groups ?? 0), depth: most(({ pool }) => pool?.depth ?? 0) }
      : null,
  };
}

/** An input of noise, the same for the same seed. */
export function noise(graph: IntGraph, seed: number): Int8Array {
  const random = createRandom(seed);
  const { height, width, channels } = graph.maps.get(graph.input)!;
  return Int8Array.from({ length: height * width * channels }, () => Math.floor(random() * 256) - 128);
}

/** Every layer of every input equals the golden model, value for value, and the hardware reported no error. */
export function expectBitExact({ report, result, golden }: Run): void {
  expect(report.inputs.map(({ failure, firstDivergence }) => ({ failure, firstDivergence }))).toEqual(
    golden.map(() => ({ failure: null, firstDivergence: null })),
  );
  expect(report.inputs.every(({ bitExact }) => bitExact)).toBe(true);
  for (const image of result.images) {
    expect(image.errorRegister).toBe(0);
    for (const { block, phase, expected, seen } of image.results) {
      expect(seen, `results of block ${block} phase ${phase}`).toBe(expected);
      expect(seen).toBeGreaterThan(0);
    }
  }
}

/**
 * The cycle model is within 1 % for the network and within 5 % for each layer over 10,000 cycles.
 * `slack`: cycles that a network may be off instead, for those whose layers take hundreds of cycles.
 */
export function expectPredicted({ report, predictedCycles }: Run, slack = 0): void {
  const { cycles } = report.inputs[0]!;
  expect(
    Math.abs(predictedCycles - cycles),
    `${predictedCycles} predicted, ${cycles} simulated`,
  ).toBeLessThanOrEqual(Math.max(0.01 * cycles, slack));
  for (const layer of report.layers) {
    if (layer.cycles > 10_000)
      expect(Math.abs(layer.predictedCycles / layer.cycles - 1), layer.name).toBeLessThanOrEqual(0.05);
  }
}

/** One image of noise through the hardware alone: every layer, the cycles within 300 and all outputs, which are the golden model's. */
export async function outputsAlone(
  make: MakeAccelerator,
  graph: IntGraph,
  array: string,
): Promise<{ readonly run: Run; readonly outputs: readonly OutputValues[] }> {
  const input = noise(graph, 1);
  const run = await make([graph], array, "bytes=16,latency=40").run(0, [input]);
  expectBitExact(run);
  expectPredicted(run, 300);
  const [image] = run.result.images;
  if (image === undefined) throw new Error("no image was simulated");
  const outputs = outputsOf(resultOf(run.plan, { values: input }, image));
  expect(outputs).toEqual(outputsOf(runGolden(graph, input)));
  return { run, outputs };
}
