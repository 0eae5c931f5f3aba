/** What `report` knows of a network on a board with a small engine (docs/icebreaker.md). */
import { hostParts } from "../4-schedule/host.ts";
import {
  PROGRAM_CYCLES,
  predictSmall,
  SMALL_FLASH,
  type SmallLayerPrediction,
} from "../4-schedule/small/cycles.ts";
import { SMALL, type SmallLayer, type SmallMap, type SmallPlan } from "../4-schedule/small/plan.ts";
import type { Board } from "../boards/schema.ts";
import { BANK_BYTES, smallBlockRams, smallDsps, smallOnChipBytes } from "../resources/small.ts";
import { blockSpeed, layerRow, valueFigures, type BlockSpeed, wholeFigures } from "./figures.ts";
import { fitSentence } from "./fit-sentence.ts";
import type { MemoryEntry } from "./memory-map.ts";
import type { BlockRow, LayerRow, ModelReport, ReportInput, ResourceUse } from "./model-report.ts";
import { noCycles, type Split } from "./split.ts";
import { noTraffic } from "./traffic.ts";
import { item } from "../ir/known.ts";

/** Bytes of a layer's descriptor, and of the end of the stream. */
const DESCRIPTOR_BYTES = 66;
const END_BYTES = 4;
/** Headers of a tile; biases, multipliers and shifts of a group of four outputs. */
const TILE_BYTES = 8;
const GROUP_BYTES = 40;

export interface SmallReportOptions {
  readonly model: string;
  readonly board: Board;
  readonly clockMHz: number;
  readonly input: ReportInput | null;
}

/** Predicts one image and counts what comes from the flash; `clockMHz` turns cycles into time. */
export function smallReport(plan: SmallPlan, options: SmallReportOptions): ModelReport {
  const { board, clockMHz, input, model } = options;
  const { graph, multipliers } = plan;
  const predictions = predictSmall(plan);
  const layers = layerRows(plan, predictions);
  const program = { ...noTraffic, program: END_BYTES + DESCRIPTOR_BYTES * plan.layers.length };
  const figures = wholeFigures(graph, multipliers, clockMHz, smallDsps, layers, program);
  const resources = smallResources(plan, board);
  return {
    model,
    network: graph.name,
    board: board.name,
    array: { pk: SMALL.lanes, pc: SMALL.channels },
    busBytes: null,
    images: "first",
    memory: { kind: "flash", ...SMALL_FLASH, outstanding: 1 },
    dsps: smallDsps,
    ...figures,
    blocks: plan.layers.map((layer, index) => ({
      ...blockRow(layer, index),
      ...blockSpeed([item(figures.layers, index)], item(predictions, index).flashBytes, clockMHz),
    })),
    memoryMap: [...streamEntries(plan), ...bankEntries(plan)],
    host: hostParts(plan),
    storedWeights: null,
    regionBytes: smallRegionBytes(plan),
    onChipBytes: smallOnChipBytes(),
    ...valueFigures(
      graph,
      plan.layers.map(({ operator }) => operator),
      input,
    ),
    resources,
    fit: fitSentence(board.name, resources),
  };
}

function layerRows(plan: SmallPlan, predictions: readonly SmallLayerPrediction[]): readonly LayerRow[] {
  const total = predictions.reduce((sum, { cycles }) => sum + cycles, 0);
  return plan.layers.map((layer, block) => {
    const { engine, operator } = layer;
    const { macs, name } = operator.node;
    const split = splitOf(item(predictions, block), block === 0);
    const traffic = { ...noTraffic, weights: weightBytes(layer) };
    return layerRow({ name, engine, block, macs, split, traffic }, plan.multipliers, total);
  });
}

/** All waits are for the flash; the first layer's begin with the program. */
function splitOf(prediction: SmallLayerPrediction, first: boolean): Split {
  const { computeCycles, drainCycles, scalerCycles, setupCycles, stallCycles } = prediction;
  const program = first ? PROGRAM_CYCLES : 0;
  return {
    ...noCycles,
    program,
    compute: computeCycles,
    weights: stallCycles - program,
    output: scalerCycles,
    setup: setupCycles,
    drain: drainCycles,
  };
}

/** Parameters and weights of a layer in the flash. */
function weightBytes({ diagonal, result, rowsPerGroup, tiles }: SmallLayer): number {
  const rowBytes = diagonal ? 4 : 16;
  return TILE_BYTES * tiles.length + (GROUP_BYTES + rowsPerGroup * rowBytes) * result.words;
}

/** Bytes of the network in the flash: program, parameters and weights. */
function streamBytes({ layers }: SmallPlan): number {
  return layers.reduce((sum, layer) => sum + DESCRIPTOR_BYTES + weightBytes(layer), END_BYTES);
}

/** The picture is written into a bank and results leave by the serial line: neither has a region. */
export function smallRegionBytes(plan: SmallPlan): ModelReport["regionBytes"] {
  return { model: streamBytes(plan), input: 0, output: 0, workspace: 2 * BANK_BYTES };
}

/** What is known without synthesis: logic cells are not. */
export function smallResources(plan: SmallPlan, { resources, smallEngine }: Board): ResourceUse[] {
  const maps = [plan.input, ...plan.layers.map(({ result }) => result)];
  const flash = (smallEngine?.flash.megabytes.value ?? 0) * 2 ** 20 - (smallEngine?.flash.offset ?? 0);
  return [
    { resource: "DSP blocks", needed: smallDsps, available: resources.dsp.value },
    { resource: "block RAMs", needed: smallBlockRams(), available: resources.blockRam.value },
    {
      resource: "bytes of the largest feature map",
      available: BANK_BYTES,
      needed: Math.max(...maps.map(mapBytes)),
    },
    { resource: "bytes of flash behind the bitstream", needed: streamBytes(plan), available: flash },
  ];
}

const mapBytes = ({ height, width, words }: SmallMap): number => 4 * height * width * words;

/** Nothing is fused: a layer is a block. */
function blockRow(layer: SmallLayer, index: number): Omit<BlockRow, keyof BlockSpeed> {
  const { operator, result, source } = layer;
  return {
    name: operator.node.name,
    layers: [operator.node.name],
    producer: index === 0 ? null : index - 1,
    residual: null,
    constants: { source: null, residual: null },
    adds: false,
    pools: false,
    streamed: false,
    weightLoads: 1,
    input: [source.height, source.width, source.channels],
    output: [result.height, result.width, result.channels],
  };
}

/** The flash, from the network's first byte on. */
function streamEntries({ layers }: SmallPlan): readonly MemoryEntry[] {
  let end = 0;
  return layers.flatMap((layer, block) => {
    const { name } = layer.operator.node;
    const entry = (kind: "program" | "weights", bytes: number): MemoryEntry => {
      end += bytes;
      return { region: "model", name, kind, offset: end - bytes, bytes, from: block, to: block };
    };
    return [entry("program", DESCRIPTOR_BYTES), entry("weights", weightBytes(layer))];
  });
}

/** Each layer reads one of the two banks and writes the other; the picture comes into the first. */
function bankEntries({ input, layers }: SmallPlan): readonly MemoryEntry[] {
  const last = layers.length - 1;
  const picture: MemoryEntry = {
    region: "workspace",
    name: "input image",
    kind: "image",
    offset: 0,
    from: 0,
    to: 0,
    bytes: mapBytes(input),
  };
  const maps = layers.map(({ operator, result }, block): MemoryEntry => ({
    region: "workspace",
    name: operator.node.name,
    kind: block === last ? "result" : "map",
    offset: block % 2 === 0 ? BANK_BYTES : 0,
    bytes: mapBytes(result),
    from: block,
    to: Math.min(block + 1, last),
  }));
  return [picture, ...maps];
}
