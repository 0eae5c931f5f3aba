/** Runs the small engine's Verilog on inputs and compares every layer with the golden model. */
import type { OutputFiles } from "../../../codegen/generate.ts";
import { NETWORK_FILE, SMALL_TOP } from "../../../codegen/small/generate.ts";
import type { Dut } from "../../../sim/bench/index.ts";
import type { EngineReason, EngineState } from "../../../sim/small/events.ts";
import type { SmallImage, smallRunner } from "../../../sim/small/run.ts";
import type { SmallLayerPrediction } from "../../4-schedule/small/cycles.ts";
import { SMALL, type SmallPlan } from "../../4-schedule/small/plan.ts";
import type { Board } from "../../boards/schema.ts";
import { answerTo } from "../../golden/answer.ts";
import { logitsOf } from "../../golden/logits.ts";
import { outputsOf } from "../../golden/outputs.ts";
import { runGolden, type GoldenResult } from "../../golden/run.ts";
import { assert, InputError } from "../../ir/errors.ts";
import { breathe } from "../../platform/breathe.ts";
import { removeFile } from "../../platform/files.ts";
import { join } from "../../platform/paths.ts";
import { partNames } from "../../report/split.ts";
import { perfettoTrace } from "../perfetto.ts";
import {
  onHost,
  utilization,
  type FirstDivergence,
  type InputReport,
  type LayerReport,
  type Simulated,
  type SimulationInput,
  type SimulationRequest,
} from "../simulation.ts";
import { item } from "../../ir/known.ts";

/** A planned small engine and what it is simulated with. */
export interface PlannedSmall {
  readonly plan: SmallPlan;
  readonly files: OutputFiles;
  readonly board: Board;
  readonly predictions: readonly SmallLayerPrediction[];
}

/** Seconds. */
export async function buildSmall(request: Pick<SimulationRequest, "folder" | "signal">): Promise<number> {
  const started = performance.now();
  (await openEngine(request)).close();
  return (performance.now() - started) / 1000;
}

async function openEngine({
  folder,
  signal,
  waveform,
}: Pick<SimulationRequest, "folder" | "signal" | "waveform">): Promise<Dut> {
  const { verilateModule } = await import("../../../sim/bench/index.ts");
  const rtl = join(folder, "rtl");
  return verilateModule({
    top: SMALL_TOP,
    files: [join(rtl, `${SMALL_TOP}.v`)],
    libraries: [rtl],
    ...(waveform && { trace: waveform.file }),
    ...(signal && { signal }),
  });
}

/** An input that does not end is the last. */
export async function simulateSmall(small: PlannedSmall, request: SimulationRequest): Promise<Simulated> {
  const { board, files, plan } = small;
  const network = files.get(NETWORK_FILE);
  assert(board.smallEngine && network instanceof Uint8Array, "the compiled files hold the network");
  if (request.waveform?.window) throw wholeWaveform(board);
  const started = performance.now();
  const dut = await openEngine(request);
  const buildSeconds = (performance.now() - started) / 1000;
  const begun = performance.now();
  let images: readonly SmallImage[];
  try {
    reset(dut);
    const { flash } = board.smallEngine;
    const wakeCycles = Math.ceil(flash.wakeMicroseconds.value * board.clock.target);
    const runner = await import("../../../sim/small/run.ts");
    const run = runner.smallRunner(dut, network, flash.offset, wakeCycles);
    images = await runImages(small, run, request);
  } catch (error) {
    if (request.waveform) removeFile(request.waveform.file);
    throw error;
  } finally {
    dut.close();
  }
  const seconds = (performance.now() - begun) / 1000;
  const [first] = images;
  assert(first !== undefined, "the simulator ran no input");
  const report = {
    model: request.model,
    board: board.name,
    array: { pk: SMALL.lanes, pc: SMALL.channels },
    macs: plan.graph.macs,
    multipliers: plan.multipliers,
    inputs: images.map((image, index) => inputReport(small, item(request.inputs, index), image)),
    layers: layerReports(small, first),
    simulation: {
      buildSeconds,
      cyclesPerSecond: Math.round(sum(images.map(({ cycles }) => cycles)) / seconds),
    },
  };
  const results = images.map((image, index) => resultOf(plan, item(request.inputs, index), image));
  return {
    report,
    logits: results.map(logitsOf),
    outputs: results.map(outputsOf),
    perfetto: traceOf(small, request, images),
  };
}

const reasonNames: Readonly<Record<EngineReason, string>> = {
  compute: partNames.compute,
  weights: partNames.weights,
  between: "between tiles",
};

/** null where no image has events. */
function traceOf(
  { board, plan }: PlannedSmall,
  { inputs }: SimulationRequest,
  images: readonly SmallImage[],
): string | null {
  const traces = images.flatMap(({ cycles, events, startCycle }, index) =>
    events === null ? [] : [{ ...events, cycles, startCycle, file: item(inputs, index).file }],
  );
  if (traces.length === 0) return null;
  return perfettoTrace<EngineState>(`${plan.graph.name} on ${board.name}`, board.clock.target, traces, [
    { name: "layer", of: ({ layer }) => item(plan.layers, layer).operator.node.name },
    { name: "array", of: ({ reason }) => reasonNames[reason] },
  ]);
}

function wholeWaveform({ name, title }: Board): InputError {
  return new InputError({
    code: "bad-option",
    node: "--trace-window",
    found: `--trace-window with --board ${name}`,
    supported: `${title} has a small engine, whose waveform is whole`,
    fix: "leave --trace-window out",
  });
}

async function runImages(
  { plan, predictions }: PlannedSmall,
  run: ReturnType<typeof smallRunner>,
  { inputs, onProgress, perfetto, signal }: SimulationRequest,
): Promise<readonly SmallImage[]> {
  const each = sum(predictions.map(({ cycles }) => cycles));
  const images: SmallImage[] = [];
  const begun = performance.now();
  let before = 0;
  for (const { values } of inputs) {
    await breathe(signal);
    const golden = runGolden(plan.graph, values);
    const expected = plan.layers.map(({ operator }) => {
      const map = golden.maps.get(operator.output);
      assert(map, "the golden model made every map");
      return map;
    });
    const image = run({
      plan,
      input: values,
      expected,
      events: perfetto,
      onProgress(cycles) {
        const all = before + cycles;
        onProgress?.({
          image: images.length,
          images: inputs.length,
          cycles: all,
          totalCycles: each * inputs.length,
          cyclesPerSecond: (1000 * all) / (performance.now() - begun),
        });
      },
    });
    before += image.cycles;
    images.push(image);
    if (image.failure !== null) break;
  }
  return images;
}

function reset(dut: Dut): void {
  for (const port of dut.ports.values()) if (port.direction === "input") dut.poke(port.name, 0);
  dut.reset();
}

/** What the network makes of an input, by the hardware and the host behind it. */
function resultOf(plan: SmallPlan, { values }: SimulationInput, image: SmallImage): GoldenResult {
  return onHost(plan, values, [[plan.output, image.output]]);
}

function inputReport(
  { plan, predictions }: PlannedSmall,
  input: SimulationInput,
  image: SmallImage,
): InputReport {
  const { cycles, divergence, failure, flashBytes, mismatches } = image;
  return {
    file: input.file,
    bitExact: divergence === null && mismatches === 0 && failure === null,
    firstDivergence: divergence === null ? null : firstDivergence(plan, divergence),
    failure,
    cycles,
    predictedCycles: sum(predictions.map((one) => one.cycles)),
    utilization: utilization(plan.graph.macs, plan.multipliers, cycles),
    // The flash is all the memory there is outside; it is not written.
    memory: {
      readBytes: flashBytes,
      writeBytes: 0,
      stallCycles: sum(image.layers.map(({ stallCycles }) => stallCycles)),
    },
    ...answerTo(resultOf(plan, input, image)),
  };
}

function firstDivergence(plan: SmallPlan, found: NonNullable<SmallImage["divergence"]>): FirstDivergence {
  const { layer, ...rest } = found;
  return { layer: plan.layers[layer]?.operator.node.name ?? `layer ${layer}`, ...rest };
}

function layerReports({ plan, predictions }: PlannedSmall, image: SmallImage): readonly LayerReport[] {
  return plan.layers.map(({ engine, operator }, index) => {
    const { macs, name } = operator.node;
    const counted = item(image.layers, index);
    return {
      name,
      engine,
      macs,
      ...counted,
      predictedCycles: item(predictions, index).cycles,
      utilization: utilization(macs, plan.multipliers, counted.cycles),
    };
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
