/** Figures of a layer and of a whole network, from where the cycles go and what moves: for arrays and small engines alike. */
import type { Operator } from "../4-schedule/plan.ts";
import type { IntGraph } from "../ir/integer.ts";
import { activationHistograms, weightHistograms } from "./histogram.ts";
import { limitOf, limitSentence } from "./limits.ts";
import type { BlockRow, LayerRow, ModelReport, ReportInput } from "./model-report.ts";
import { quantisationRows } from "./quantisation.ts";
import { addSplits, noCycles, totalOf, type Split } from "./split.ts";
import { addTraffic, readBytes, type Traffic } from "./traffic.ts";
import { waterfall } from "./waterfall.ts";

type CountedLayer = Pick<LayerRow, "name" | "engine" | "block" | "macs" | "split" | "traffic">;

/** `total`: the network's cycles. */
export function layerRow(layer: CountedLayer, multipliers: number, total: number): LayerRow {
  const { block, engine, macs, name, split, traffic } = layer;
  const cycles = totalOf(split);
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
    limit: limitOf(split, busyShare(macs, multipliers, split)),
  };
}

export type BlockSpeed = Pick<BlockRow, "macs" | "cycles" | "movedBytes" | "intensity" | "gigaMacs">;

/** What a block's layers do together: bytes belong to the block, since its layers share the rows and the time. */
export function blockSpeed(
  layers: readonly Pick<LayerRow, "cycles" | "macs">[],
  movedBytes: number,
  clockMHz: number,
): BlockSpeed {
  const macs = layers.reduce((sum, layer) => sum + layer.macs, 0);
  const cycles = layers.reduce((sum, layer) => sum + layer.cycles, 0);
  return {
    macs,
    cycles,
    movedBytes,
    intensity: movedBytes === 0 ? 0 : macs / movedBytes,
    gigaMacs: cycles === 0 ? 0 : (macs * clockMHz) / cycles / 1e3,
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
  | "waterfall"
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
    waterfall: waterfall(layers, macs, multipliers),
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
    input: input && { file: input.file, top: input.top, values: input.values },
  };
}

/** Multipliers that have work in the cycles in which the array steps, 0 to 1. */
export function busyShare(macs: number, multipliers: number, { compute }: Split): number {
  return compute === 0 ? 0 : Math.min(1, macs / (multipliers * compute));
}
