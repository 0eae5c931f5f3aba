/** A report for the terminal. */
import { visible } from "../ir/visible.ts";
import { limitText } from "./limits.ts";
import type { ModelReport } from "./model-report.ts";
import { quantisationSentence } from "./quantisation.ts";
import { readBytes } from "./traffic.ts";
import { numbers, textTable } from "./text-table.ts";

export function formatModelReport(report: ModelReport): string {
  const { array, memory } = report;
  // a small engine's hardware is known, an array's is generated
  const counted = memory.kind === "flash" ? "" : ", estimated";
  const lines = [
    `${report.model} on a ${array.pk}x${array.pc} array, board ${report.board}, ` +
      (report.images === "next" ? "images behind the first, " : "") +
      `${memory.kind} of ${memory.bytes} bytes a cycle, ${memory.latency} cycles latency`,
    layerTable(report),
    `${report.cycles} cycles an image by the cycle model: ${report.milliseconds.toFixed(3)} ms, ` +
      `${report.framesPerSecond.toFixed(1)} frames a second at ${report.clockMHz} MHz`,
    `${report.macs} multiply-accumulates, ${report.macsPerMultiplier.toFixed(0)} a multiplier` +
      (report.macsPerDsp === null ? "" : `, ${report.macsPerDsp.toFixed(0)} a DSP block`) +
      `; utilisation ${report.utilization.toFixed(3)}`,
    trafficLine(report),
    ...weightLines(report),
    ...report.resources.map((use) => `${use.resource}${counted}: ${use.needed} of ${use.available}`),
    ...(report.fit === null ? [] : [report.fit]),
    ...hostLines(report),
    ...quantisationLines(report),
    report.limit,
  ];
  return `${lines.join("\n")}\n`;
}

function hostLines({ host }: ModelReport): readonly string[] {
  const parts = host.map(({ kind, name }) => `${visible(name)} (${kind})`);
  return parts.length === 0 ? [] : [`on the host: ${parts.join(", ")}`];
}

function trafficLine({ memory, traffic }: ModelReport): string {
  const size = (name: string, n: number): string => `${name} ${(n / 1024).toFixed(1)} KiB`;
  const { image, maps, megabytesPerSecond, program, results, weights } = traffic;
  const moved =
    memory.kind === "flash"
      ? [size("program", program), size("weights", weights)]
      : [size("image", image), size("weights", weights), size("maps read", maps), size("written", results)];
  return `${memory.kind}: ${moved.join(", ")}; ${megabytesPerSecond.toFixed(0)} MB/s`;
}

/** Where memory holds weights without their zeros. */
function weightLines({ storedWeights: stored }: ModelReport): readonly string[] {
  if (stored === null || stored.coded === stored.dense) return [];
  const { coded, dense, sparse } = stored;
  const share = (bytes: number): string => `${bytes} bytes (${((100 * bytes) / dense).toFixed(1)} %)`;
  const codes = coded === sparse ? "" : `, with codes ${share(coded)}`;
  return [`weights in memory: dense ${dense} bytes, without zeros ${share(sparse)}${codes}`];
}

function layerTable({ cycles, layers, macs, memory, split, traffic, utilization }: ModelReport): string {
  const counts = ["MACs", "cycles", "compute", `${memory.kind} wait`, "other", "used", "bytes"];
  const columns = (of: Pick<ModelReport, "cycles" | "split" | "traffic" | "utilization">) => {
    const { output, rows, weights } = of.split;
    // a small engine's results stay on the chip
    const wait = memory.kind === "flash" ? weights : rows + weights + output;
    return [
      of.cycles,
      of.split.compute,
      wait,
      of.cycles - of.split.compute - wait,
      of.utilization.toFixed(3),
      readBytes(of.traffic) + of.traffic.results,
    ];
  };
  const rows = layers.map(({ engine, limit, name, ...layer }) => {
    const all = { ...layer, traffic: { ...traffic, ...layer.traffic } };
    return [visible(name), engine, layer.macs, ...columns(all), limitText(limit)];
  });
  const total = ["total", "", macs, ...columns({ cycles, split, traffic, utilization }), ""];
  return textTable(["layer", "engine", ...counts.map(numbers), "limit"], [...rows, total]);
}

/** A table where errors or an input are known, else only what can be said. */
function quantisationLines({ quantisation }: ModelReport): readonly string[] {
  const sentence = quantisationSentence(quantisation);
  if (quantisation.every(({ error, input }) => error === null && input === null)) return [sentence];
  const figures = ["step", "from", "to", "SNR dB", "outside", "step allows dB", "at an end"];
  const decibels = (value: number | null): string => value?.toFixed(2) ?? "exact";
  const percent = (share: number): string => `${(100 * share).toFixed(3)} %`;
  const rows = quantisation.map(({ error, high, input, layer, low, scale }) => [
    visible(layer),
    scale.toPrecision(4),
    low.toPrecision(4),
    high.toPrecision(4),
    ...(error ? [decibels(error.snrDb), percent(error.saturated)] : ["", ""]),
    ...(input ? [decibels(input.roundingSnrDb), percent(input.atEnds)] : ["", ""]),
  ]);
  return [textTable(["layer", ...figures.map(numbers)], rows), sentence];
}
