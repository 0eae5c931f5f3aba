/** The report of `simulate` for people. */
import { visible } from "../ir/visible.ts";
import type { InputReport, SimulationReport } from "../targets/simulation.ts";
import { formatAnswer } from "./answer-text.ts";
import { numbers, textTable } from "../report/text-table.ts";

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
  const figures = ["MACs", "cycles", "predicted", "utilisation", "compute", "stalls"];
  const rows = layers.map((layer) => {
    const { cycles, computeCycles, engine, name, predictedCycles, stallCycles, utilization: used } = layer;
    return [
      visible(name),
      engine,
      layer.macs,
      cycles,
      predictedCycles,
      used.toFixed(3),
      computeCycles,
      stallCycles,
    ];
  });
  const sum = (field: "cycles" | "predictedCycles" | "computeCycles" | "stallCycles"): number =>
    layers.reduce((total, layer) => total + layer[field], 0);
  const used = inputs[0]?.utilization ?? 0;
  rows.push([
    "total",
    "",
    macs,
    sum("cycles"),
    sum("predictedCycles"),
    used.toFixed(3),
    sum("computeCycles"),
    sum("stallCycles"),
  ]);
  return textTable(["layer", "engine", ...figures.map(numbers)], rows);
}

function inputLines(input: InputReport): readonly string[] {
  const { cycles, file, memory, predictedCycles } = input;
  return [
    `${file}: ${cycles} cycles, ${predictedCycles} predicted, utilisation ${input.utilization.toFixed(3)}, ` +
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
