/** Runs the array's Verilog on inputs and compares every layer with the golden model. */
import type { SequencerState } from "../../../sim/events.ts";
import type { Divergence, ImageResult, SimulationResult } from "../../../sim/index.ts";
import type { Plan } from "../../4-schedule/plan.ts";
import { errorText } from "../../format/error-text.ts";
import { answerTo } from "../../golden/answer.ts";
import { logitsOf } from "../../golden/logits.ts";
import { outputsOf } from "../../golden/outputs.ts";
import { runGolden, type GoldenResult } from "../../golden/run.ts";
import { assert } from "../../ir/errors.ts";
import type { IntGraph } from "../../ir/integer.ts";
import { breathe } from "../../platform/breathe.ts";
import { layerIndex, layersOf } from "../../report/layers.ts";
import { partNames } from "../../report/split.ts";
import { simulationJob, type PlannedArray } from "./job.ts";
import { cyclesByLayer, sequencerCycles } from "./layer-cycles.ts";
import { perfettoTrace, type Track } from "../perfetto.ts";
import {
  onHost,
  utilization,
  type FirstDivergence,
  type InputReport,
  type LayerReport,
  type Simulated,
  type SimulationInput,
  type SimulationReport,
  type SimulationRequest,
} from "../simulation.ts";
import { item } from "../../ir/known.ts";

/** Seconds. */
export async function buildArray(
  { hardware }: Plan,
  { folder, onBuild, signal }: Pick<SimulationRequest, "folder" | "onBuild" | "signal">,
): Promise<number> {
  const { buildSimulator } = await import("../../../sim/index.ts");
  const { busBytes, pk } = hardware;
  const simulator = await buildSimulator({
    compiledDir: folder,
    pk,
    busBytes,
    waveform: "none",
    ...(signal && { signal }),
    ...(onBuild && { onProgress: onBuild }),
  });
  return simulator.seconds;
}

/** The board is not in the report. */
export async function simulateArray(array: PlannedArray, request: SimulationRequest): Promise<Simulated> {
  const { inputs, onBuild, onProgress, signal } = request;
  const { plan, predicted, predictedNext } = array;
  const golden = await runGoldens(plan.graph, inputs, signal);
  const { simulate } = await import("../../../sim/index.ts");
  const simulated = await simulate(simulationJob(array, request, golden), {
    ...(signal && { signal }),
    ...(onBuild && { onBuild }),
    ...(onProgress && { onProgress }),
  });
  const results = simulated.images.map((image, index) => resultOf(plan, item(inputs, index), image));
  return {
    report: simulationReport(plan, request, { predicted, predictedNext }, simulated),
    logits: results.map(logitsOf),
    outputs: results.map(outputsOf),
    perfetto: request.perfetto === true ? traceOf(array, inputs, simulated) : null,
  };
}

function traceOf(
  { clockMHz, plan }: PlannedArray,
  inputs: readonly SimulationInput[],
  { images }: SimulationResult,
): string {
  const layers = layersOf(plan);
  const traces = images.map(({ cycles, events, startCycle }, index) => {
    assert(events !== undefined, "the simulator recorded what it did");
    return { ...events, cycles, startCycle, file: item(inputs, index).file };
  });
  const busy = (of: (state: SequencerState) => string): Track<SequencerState>["of"] => {
    return (state) => (state.reason === "idle" ? null : of(state));
  };
  const { pc, pk } = plan.hardware;
  return perfettoTrace(`${plan.graph.name} on ${pk}x${pc}`, clockMHz, traces, [
    { name: "block", of: busy(({ block }) => plan.blocks[block]?.name ?? `block ${block}`) },
    {
      name: "layer",
      of: busy(({ block, phase }) => {
        return layers[layerIndex(layers, block, phase)]?.name ?? `block ${block} phase ${phase}`;
      }),
    },
    { name: "array", of: ({ reason }) => (reason === "idle" ? null : partNames[reason]) },
  ]);
}

/** What the network makes of an input, by the hardware and the host behind it. */
export function resultOf(
  plan: Plan,
  { values }: Pick<SimulationInput, "values">,
  image: ImageResult,
): GoldenResult {
  return onHost(
    plan,
    values,
    plan.outputs.map(({ map }, index) => [map, item(image.outputs, index)]),
  );
}

/** The golden model on every input; lets Ctrl-C in between. */
async function runGoldens(
  graph: IntGraph,
  inputs: readonly SimulationInput[],
  signal: AbortSignal | undefined,
): Promise<GoldenResult[]> {
  const results = [];
  for (const { values } of inputs) {
    await breathe(signal);
    results.push(runGolden(graph, values));
  }
  return results;
}

/** `predicted`: cycles of each layer in the first image; `predictedNext`: of an image behind it. */
export function simulationReport(
  plan: Plan,
  { inputs, model }: Pick<SimulationRequest, "inputs" | "model">,
  { predicted, predictedNext }: Pick<PlannedArray, "predicted" | "predictedNext">,
  result: SimulationResult,
): SimulationReport {
  const { pc, pk } = plan.hardware;
  const [first] = result.images;
  assert(first !== undefined, "the simulator ran no input");
  return {
    model,
    board: "none",
    array: { pk, pc },
    macs: plan.graph.macs,
    multipliers: plan.multipliers,
    inputs: result.images.map((image, index) => ({
      ...inputReport(plan, item(inputs, index), image),
      predictedCycles: index === 0 ? predicted.reduce((sum, cycles) => sum + cycles, 0) : predictedNext,
    })),
    layers: layerReports(plan, predicted, first),
    simulation: { buildSeconds: result.buildSeconds, cyclesPerSecond: Math.round(result.cyclesPerSecond) },
  };
}

function inputReport(
  plan: Plan,
  input: SimulationInput,
  image: ImageResult,
): Omit<InputReport, "predictedCycles"> {
  const [, , rows, weights, output] = image.counters;
  return {
    file: input.file,
    bitExact:
      image.divergence === null &&
      image.mismatches === 0 &&
      image.failure === null &&
      image.errorRegister === 0,
    firstDivergence: image.divergence === null ? null : firstDivergence(plan, image.divergence),
    failure: failureOf(image),
    cycles: image.cycles,
    utilization: utilization(plan.graph.macs, plan.multipliers, image.cycles),
    memory: {
      readBytes: image.readBytes,
      writeBytes: image.writeBytes,
      stallCycles: rows + weights + output,
    },
    ...answerTo(resultOf(plan, input, image)),
  };
}

/** What ended the simulation, or what the accelerator says of it. */
function failureOf(image: ImageResult): string | null {
  if (image.failure !== null) return `${image.failure.kind}: ${image.failure.message}`;
  return image.errorRegister === 0 ? null : `error register: ${errorText(image)}`;
}

function firstDivergence(plan: Plan, { block, phase, x, y, ...rest }: Divergence): FirstDivergence {
  const layers = layersOf(plan);
  const layer = layers[layerIndex(layers, block, phase)]?.name ?? `block ${block} phase ${phase}`;
  const { channel, cycle, expected, got, kind } = rest;
  return { layer, row: y, column: x, channel, cycle, expected, got, kind };
}

function layerReports(plan: Plan, predicted: readonly number[], image: ImageResult): readonly LayerReport[] {
  const layers = layersOf(plan);
  return cyclesByLayer(layers, sequencerCycles(image)).map((counted, index) => {
    const { engine, macs, name } = item(layers, index);
    return {
      name,
      engine,
      macs,
      cycles: counted.cycles,
      predictedCycles: item(predicted, index),
      utilization: utilization(macs, plan.multipliers, counted.cycles),
      computeCycles: counted.computeCycles,
      stallCycles: counted.stallCycles,
    };
  });
}
