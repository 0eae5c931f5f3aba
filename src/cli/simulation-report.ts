/** The result of `simulate`: the JSON object of the command, and the same for people. */
import Table from "cli-table3";
import { visible } from "../ir/visible.ts";
import type { Plan } from "../4-schedule/plan.ts";
import { ownType } from "../golden/logits.ts";
import { assert } from "../ir/errors.ts";
import type { Divergence, ImageResult, SimulationResult } from "../../sim/index.ts";
import type { Answer } from "../report/model-report.ts";
import type { NamedInput } from "./inputs.ts";
import { cyclesByLayer, layerIndex, layersOf, sequencerCycles, type LayerCycles } from "./layers.ts";
import { answerOf, formatAnswer } from "./top.ts";

/** Where the hardware first differed from the golden model. */
export interface FirstDivergence {
  readonly layer: string;
  readonly row: number;
  readonly column: number;
  readonly channel: number;
  readonly cycle: number;
  readonly expected: number;
  readonly got: number;
  /** `value`, `unexpected`, `duplicate`, `missing`, `output`: sim/result.ts. */
  readonly kind: Divergence["kind"];
}

export interface InputReport extends Answer {
  readonly file: string;
  readonly bitExact: boolean;
  readonly firstDivergence: FirstDivergence | null;
  /** Why the simulation of this input ended early; null when it did not. */
  readonly failure: string | null;
  readonly cycles: number;
  readonly utilization: number;
  readonly memory: { readonly readBytes: number; readonly writeBytes: number; readonly stallCycles: number };
}

export interface LayerReport extends LayerCycles {
  readonly name: string;
  readonly engine: string;
  readonly macs: number;
  readonly predictedCycles: number;
  readonly utilization: number;
}

export interface SimulationReport {
  readonly model: string;
  readonly board: string;
  readonly array: { readonly pk: number; readonly pc: number };
  readonly macs: number;
  readonly multipliers: number;
  readonly inputs: readonly InputReport[];
  /** Of the first input. */
  readonly layers: readonly LayerReport[];
  readonly simulation: { readonly buildSeconds: number; readonly cyclesPerSecond: number };
}

/** `predicted`: cycles of each layer. An input that an earlier failure kept from running is not in the report. */
export function simulationReport(
  model: string,
  plan: Plan,
  inputs: readonly NamedInput[],
  predicted: readonly number[],
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
    inputs: result.images.map((image, index) => inputReport(plan, inputs[index]!.file, image)),
    layers: layerReports(plan, predicted, first),
    simulation: { buildSeconds: result.buildSeconds, cyclesPerSecond: Math.round(result.cyclesPerSecond) },
  };
}

function inputReport(plan: Plan, file: string, image: ImageResult): InputReport {
  const [, , rows, weights, output] = image.counters;
  return {
    file,
    bitExact: image.divergence === null && image.mismatches === 0 && image.failure === null,
    firstDivergence: image.divergence === null ? null : firstDivergence(plan, image.divergence),
    failure: image.failure === null ? null : `${image.failure.kind}: ${image.failure.message}`,
    cycles: image.cycles,
    utilization: utilization(plan.graph.macs, plan.multipliers, image.cycles),
    memory: {
      readBytes: image.readBytes,
      writeBytes: image.writeBytes,
      stallCycles: rows + weights + output,
    },
    ...answerOf(plan.graph, logitsOfImage(plan, image)),
  };
}

/** The logits that the hardware wrote, in the model's own type. */
export function logitsOfImage(plan: Plan, image: ImageResult): Uint8Array | Int8Array {
  const map = plan.graph.maps.get(plan.graph.logits);
  assert(map !== undefined, "the graph has logits");
  return ownType(map, image.output);
}

function firstDivergence(plan: Plan, { block, phase, x, y, ...rest }: Divergence): FirstDivergence {
  const layers = layersOf(plan);
  const layer = layers[layerIndex(layers, block, phase)]?.name ?? `block ${block} phase ${phase}`;
  const { channel, cycle, expected, got, kind } = rest;
  return { layer, row: y, column: x, channel, cycle, expected, got, kind };
}

function layerReports(plan: Plan, predicted: readonly number[], image: ImageResult): readonly LayerReport[] {
  const layers = layersOf(plan);
  return cyclesByLayer(layers, sequencerCycles(image)).map((spent, index) => {
    const { engine, macs, name } = layers[index]!;
    return {
      name,
      engine,
      macs,
      cycles: spent.cycles,
      predictedCycles: predicted[index]!,
      utilization: utilization(macs, plan.multipliers, spent.cycles),
      computeCycles: spent.computeCycles,
      stallCycles: spent.stallCycles,
    };
  });
}

function utilization(macs: number, multipliers: number, cycles: number): number {
  return cycles === 0 ? 0 : macs / (multipliers * cycles);
}

/** Table of layers, then a paragraph an input. */
export function formatReport(report: SimulationReport): string {
  const { array, multipliers, simulation } = report;
  const lines = [
    `${visible(report.model)} on a ${array.pk}x${array.pc} array, ${multipliers} multipliers`,
    layerTable(report),
    ...report.inputs.flatMap((input) => inputLines(input)),
    `simulated ${simulation.cyclesPerSecond} cycles a second, simulator ready after ${simulation.buildSeconds.toFixed(1)} s`,
  ];
  return `${lines.join("\n")}\n`;
}

function layerTable({ layers, macs, inputs }: SimulationReport): string {
  const right = "right" as const;
  const table = new Table({
    head: ["layer", "engine", "MACs", "cycles", "predicted", "utilisation", "compute", "stalls"],
    colAligns: ["left", "left", right, right, right, right, right, right],
    style: { head: [], border: [] },
    // A line a layer, without rules between them.
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const layer of layers) {
    const { cycles, computeCycles, engine, name, predictedCycles, stallCycles, utilization: used } = layer;
    table.push([
      visible(name),
      engine,
      layer.macs,
      cycles,
      predictedCycles,
      used.toFixed(3),
      computeCycles,
      stallCycles,
    ]);
  }
  const sum = (field: "cycles" | "predictedCycles" | "computeCycles" | "stallCycles"): number =>
    layers.reduce((total, layer) => total + layer[field], 0);
  const used = inputs[0]?.utilization ?? 0;
  table.push([
    ...["total", "", macs, sum("cycles"), sum("predictedCycles")],
    ...[used.toFixed(3), sum("computeCycles"), sum("stallCycles")],
  ]);
  return table.toString();
}

function inputLines(input: InputReport): readonly string[] {
  const { cycles, file, memory } = input;
  return [
    `${file}: ${cycles} cycles, utilisation ${input.utilization.toFixed(3)}, ` +
      `memory read ${memory.readBytes} and written ${memory.writeBytes} bytes`,
    formatAnswer(input).trimEnd(),
    input.bitExact ? "equal to the golden model" : describeDivergence(input),
  ];
}

/** What went wrong with an input, in one line. */
export function describeDivergence({ failure, file, firstDivergence: first }: InputReport): string {
  const parts = [];
  if (first !== null) {
    parts.push(
      `differs from the golden model (${first.kind}): layer ${visible(first.layer)}, row ${first.row}, ` +
        `column ${first.column}, channel ${first.channel}, cycle ${first.cycle}: ` +
        `expected ${first.expected}, got ${first.got}`,
    );
  }
  if (failure !== null) parts.push(`the simulation ended early (${failure})`);
  return `${file}: ${parts.length > 0 ? parts.join("; ") : "differs from the golden model"}`;
}
