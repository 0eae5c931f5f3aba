/** What `report` knows of a network on the array. */
import { item } from "../ir/known.ts";
import { hostParts } from "../4-schedule/host.ts";
import { predict } from "../4-schedule/cycles/predict.ts";
import type { ImageKind } from "../4-schedule/cycles/machine.ts";
import type { MapPlace, Plan } from "../4-schedule/plan.ts";
import { blockSpeed, busyShare, layerRow, valueFigures, wholeFigures } from "./figures.ts";
import { fitSentence } from "./fit-sentence.ts";
import { layerIndex, layersOf, operatorsOf } from "./layers.ts";
import { memoryMap } from "./memory-map.ts";
import type { BlockRow, LayerRow, ModelReport, ReportOptions } from "./model-report.ts";
import { onChipBytes } from "./on-chip.ts";
import { noCycles, splitByLayer, type Split } from "./split.ts";
import { storedWeights } from "./stored-weights.ts";
import { remedySentence } from "./limits.ts";
import { addTraffic, noTraffic, phaseTraffic, programTraffic } from "./traffic.ts";

/** Predicts one image and counts what it moves; `clockMHz` turns cycles into time. */
export function arrayReport(plan: Plan, options: ReportOptions): ModelReport {
  const { clockMHz, images, input, memory } = options;
  const { graph, hardware, multipliers } = plan;
  const prediction = predict(plan, memory, images);
  const { cycles } = prediction;
  const layers = layerRows(plan, images, splitByLayer(layersOf(plan), prediction), cycles);
  const program = images === "next" ? noTraffic : programTraffic(plan);
  const whole = wholeFigures(graph, multipliers, clockMHz, options.dsps, layers, program);
  return {
    model: options.model,
    network: graph.name,
    board: options.board,
    array: { pk: hardware.pk, pc: hardware.pc },
    busBytes: hardware.busBytes,
    images,
    memory: {
      kind: "memory",
      bytes: memory.bytes,
      latency: memory.latency,
      outstanding: memory.outstanding,
    },
    dsps: options.dsps,
    ...whole,
    limit: `${whole.limit} ${remedySentence(whole.split, busyShare(graph.macs, multipliers, whole.split))}`,
    blocks: blockRows(plan, layers, prediction.movedBytes, clockMHz),
    memoryMap: memoryMap(plan),
    storedWeights: storedWeights(plan),
    host: hostParts(plan),
    regionBytes: plan.regionBytes,
    onChipBytes: onChipBytes(plan),
    ...valueFigures(graph, operatorsOf(plan), input),
    resources: options.resources,
    fit: fitSentence(options.board, options.resources),
  };
}

function layerRows(plan: Plan, images: ImageKind, splits: readonly Split[], total: number): LayerRow[] {
  const { multipliers } = plan;
  const layers = layersOf(plan);
  return layers.map(({ block, engine, macs, name }, index) => {
    const split = splits[index] ?? noCycles;
    const owner = item(plan.blocks, block);
    const traffic = owner.phases
      .map((_, phase) =>
        layerIndex(layers, block, phase) === index ? phaseTraffic(plan, owner, phase, images) : noTraffic,
      )
      .reduce(addTraffic, noTraffic);
    return layerRow({ name, engine, block, macs, split, traffic }, multipliers, total);
  });
}

/** The name of the constant that lies there; null for other maps. */
function constantAt({ constants }: Plan, { offset, region }: MapPlace): string | null {
  const found = constants.find(({ place }) => place.region === region && place.offset === offset);
  return found?.map.name ?? null;
}

function blockRows(
  plan: Plan,
  layers: readonly LayerRow[],
  movedBytes: readonly number[],
  clockMHz: number,
): BlockRow[] {
  return plan.blocks.map((block, index) => {
    const own = layers.filter((layer) => layer.block === index);
    const { destination, source } = block;
    return {
      name: block.name,
      layers: own.map(({ name }) => name),
      producer: block.producer,
      residual: block.residual?.producer ?? null,
      constants: {
        source: constantAt(plan, source),
        residual: block.residual && constantAt(plan, block.residual.place),
      },
      adds: block.residual !== null,
      pools: block.pool !== null,
      streamed: block.streamed,
      weightLoads: block.weightLoads,
      input: [source.rows, source.width, source.channels],
      output: [destination.rows, destination.width, destination.channels],
      ...blockSpeed(own, movedBytes[index] ?? 0, clockMHz),
    };
  });
}
