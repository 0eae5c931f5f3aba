/** Figures of a layer and of a whole network, from where the cycles go and what moves: for arrays and small engines alike. */
import type { Operator } from "../4-schedule/plan.ts";
import type { IntGraph } from "../ir/integer.ts";
import { activationHistograms, weightHistograms } from "./histogram.ts";
import { limitOf, limitSentence } from "./limits.ts";
import type { LayerRow, ModelReport, ReportInput } from "./model-report.ts";
import { quantisationRows } from "./quantisation.ts";
import { addSplits, noCycles, totalOf, type Split } from "./split.ts";
import { addTraffic, readBytes, type Traffic } from "./traffic.ts";

type CountedLayer = Pick<LayerRow, "name" | "engine" | "block" | "macs" | "split" | "traffic">;

/** `total`: the network's cycles. */
export function layerRow(
  layer: CountedLayer,
  multipliers: number,
  total: number,
  clockMHz: number,
): LayerRow {
  const { block, engine, macs, name, split, traffic } = layer;
  const cycles = totalOf(split);
  const moved = readBytes(traffic) + traffic.results;
  return {
    name,
    engine,
    block,
    macs,
    cycles,
    share: cycles / total,
    utilization: cycles === 0 ? 0 : macs / (multipliers * cycles),
    split,
    traffic,
    intensity: moved === 0 ? 0 : macs / moved,
    gigaMacs: cycles === 0 ? 0 : (macs * clockMHz) / cycles / 1e3,
    limit: limitOf(split, busyShare(macs, multipliers, split)),
  };
}

type WholeFigures = Pick<
  ModelReport,
  | "clockMHz"
  | "macs"
  | "parameters"
  | "multipliers"
  | "macsPerMultiplier"
  | "macsPerDsp"
  | "cycles"
  | "utilization"
  | "milliseconds"
  | "framesPerSecond"
  | "gigaMacs"
  | "split"
  | "traffic"
  | "limit"
  | "layers"
>;

/** `program`: what is read beside the layers. */
export function wholeFigures(
  { macs, parameters }: Pick<IntGraph, "macs" | "parameters">,
  multipliers: number,
  clockMHz: number,
  dsps: number | null,
  layers: readonly LayerRow[],
  program: Traffic,
): WholeFigures {
  const split = layers.reduce((sum, layer) => addSplits(sum, layer.split), noCycles);
  const traffic = layers.reduce((sum, layer) => addTraffic(sum, layer.traffic), program);
  const cycles = totalOf(split);
  const read = readBytes(traffic);
  const moved = read + traffic.results;
  return {
    clockMHz,
    macs,
    parameters,
    multipliers,
    macsPerMultiplier: macs / multipliers,
    macsPerDsp: dsps === null ? null : macs / dsps,
    cycles,
    utilization: macs / (multipliers * cycles),
    milliseconds: cycles / (clockMHz * 1e3),
    framesPerSecond: (clockMHz * 1e6) / cycles,
    gigaMacs: { reached: (macs * clockMHz) / cycles / 1e3, array: (multipliers * clockMHz) / 1e3 },
    split,
    traffic: {
      ...traffic,
      readBytes: read,
      writeBytes: traffic.results,
      bytesPerCycle: moved / cycles,
      megabytesPerSecond: (moved / cycles) * clockMHz,
    },
    limit: limitSentence(split, busyShare(macs, multipliers, split), layers),
    layers,
  };
}

/** What the network computes with. */
export function valueFigures(
  graph: IntGraph,
  operators: readonly Operator[],
  input: ReportInput | null,
): Pick<ModelReport, "weightHistograms" | "quantisation" | "activationHistograms" | "input"> {
  return {
    weightHistograms: weightHistograms(operators),
    quantisation: quantisationRows(graph, input?.maps ?? null),
    activationHistograms: input === null ? [] : activationHistograms(graph, input.maps),
    input: input && { file: input.file, top: input.top },
  };
}

/** Multipliers that have work in the cycles in which the array steps, 0 to 1. */
function busyShare(macs: number, multipliers: number, { compute }: Split): number {
  return compute === 0 ? 0 : Math.min(1, macs / (multipliers * compute));
}
