/** What `report` knows of a network on the array. */
import { hostParts } from "../4-schedule/host.ts";
import { predict } from "../4-schedule/cycles/predict.ts";
import type { Plan } from "../4-schedule/plan.ts";
import { blockSpeed, layerRow, valueFigures, wholeFigures } from "./figures.ts";
import { fitSentence } from "./fit-sentence.ts";
import { layersOf, operatorsOf } from "./layers.ts";
import { memoryMap } from "./memory-map.ts";
import type { BlockRow, LayerRow, ModelReport, ReportOptions } from "./model-report.ts";
import { onChipBytes } from "./on-chip.ts";
import { noCycles, splitByLayer, type Split } from "./split.ts";
import { addTraffic, noTraffic, phaseTraffic, programTraffic, type Traffic } from "./traffic.ts";

/** Predicts one image and counts what it moves; `clockMHz` turns cycles into time. */
export function arrayReport(plan: Plan, options: ReportOptions): ModelReport {
  const { clockMHz, input, memory } = options;
  const { graph, hardware, multipliers } = plan;
  const prediction = predict(plan, memory);
  const { cycles } = prediction;
  const layers = layerRows(plan, splitByLayer(layersOf(plan), prediction), cycles);
  const program = programTraffic(plan);
  return {
    model: options.model,
    network: graph.name,
    board: options.board,
    array: { pk: hardware.pk, pc: hardware.pc },
    busBytes: hardware.busBytes,
    memory: {
      kind: "memory",
      bytes: memory.bytes,
      latency: memory.latency,
      outstanding: memory.outstanding,
    },
    dsps: options.dsps,
    ...wholeFigures(graph, multipliers, clockMHz, options.dsps, layers, program),
    blocks: blockRows(plan, layers, prediction.movedBytes, clockMHz),
    memoryMap: memoryMap(plan),
    host: hostParts(plan),
    regionBytes: plan.regionBytes,
    onChipBytes: onChipBytes(plan),
    ...valueFigures(graph, operatorsOf(plan), input),
    resources: options.resources,
    fit: fitSentence(options.board, options.resources),
  };
}

function layerRows(plan: Plan, splits: readonly Split[], total: number): LayerRow[] {
  const { multipliers } = plan;
  return layersOf(plan).map(({ block, engine, macs, name, phase }, index) => {
    const split = splits[index] ?? noCycles;
    const owner = plan.blocks[block];
    // A packing phase in front of the layer counts as the layer's.
    const first = phase > 0 && owner?.phases[phase - 1]?.operator === null ? phase - 1 : phase;
    let traffic: Traffic = noTraffic;
    for (let p = first; owner && p <= phase; p++) traffic = addTraffic(traffic, phaseTraffic(plan, owner, p));
    return layerRow({ name, engine, block, macs, split, traffic }, multipliers, total);
  });
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
