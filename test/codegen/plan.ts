/** Plans small enough to write their bytes out by hand. */
import type { Block, Hardware, MapPlace, Operator, Phase, Plan } from "../../src/4-schedule/plan.ts";
import type { IntGraph, IntMap, IntNode } from "../../src/ir/integer.ts";

export const hardware: Hardware = {
  pk: 4,
  pc: 4,
  busBytes: 8,
  packed: false,
  sharedRequantisers: false,
  lbBytes: 8,
  lineBuffers: [
    { banks: 2, depth: 16, pairDepth: 0 },
    { banks: 1, depth: 16, pairDepth: 0 },
  ],
  weightDepth: 16,
  chipDepth: 0,
  kept: { words: 0, groups: 0 },
  paramDepth: 4,
  patchWords: 0,
  codeBits: 0,
  window: [1, 1],
  maxBlocks: 2,
  packer: 0,
  serialMax: false,
  edgeRecords: false,
  float32: false,
  residualDepth: 0,
  residualOperations: false,
  pool: null,
  outputDepth: 16,
  weightsYield: false,
  activationStages: 0,
  sumBits: 25,
  leftShifts: false,
  averages: false,
  narrowWeights: false,
  tables: false,
};

export const node: IntNode = {
  kind: "reshape",
  name: "layer",
  sources: [0],
  inputs: [0],
  output: 1,
  macs: 120,
};

export function operator(fields: Partial<Operator>): Operator {
  return {
    node,
    kind: "conv",
    kernel: [1, 1],
    stride: [1, 1],
    padding: { top: 0, left: 0, bottom: 0, right: 0 },
    input: 0,
    output: 1,
    weights: null,
    weightZeroPoint: 0,
    bias: new Int32Array(1),
    multiplier: new Int32Array(1),
    shift: new Uint32Array(1),
    inputZeroPoint: 0,
    outputZeroPoint: 0,
    min: -128,
    max: 127,
    maximum: false,
    activation: null,
    lookup: null,
    ...fields,
  };
}

export function phase(fields: Partial<Phase>): Phase {
  return {
    kind: "conv",
    operator: null,
    readsPatches: false,
    sparse: null,
    columns: 1,
    oneWord: false,
    oneRecord: false,
    edgeRecords: 0,
    maximum: false,
    outputRows: 2,
    outputWidth: 3,
    inputRows: 2,
    inputWidth: 3,
    inputChannels: 3,
    outputChannels: 5,
    kernel: [1, 1],
    stride: [1, 1],
    padTop: 0,
    padLeft: 0,
    zeroPoint: 0,
    sourcePitch: 4,
    wordsPerPixel: 1,
    groups: 2,
    tileGroups: 2,
    stripRows: 1,
    haloRows: 0,
    wordsPerGroup: 1,
    sourceRowWords: 2,
    sourceSlots: 2,
    sourceLastBank: 0,
    destinationPitch: 0,
    outputZeroPoint: 0,
    min: -128,
    max: 127,
    activation: 0,
    centreTap: null,
    segment: null,
    ...fields,
  };
}

export const source: MapPlace = {
  region: "input",
  offset: 0,
  rowPitch: 16,
  pixelPitch: 3,
  rows: 2,
  width: 3,
  channels: 3,
};

export const destination: MapPlace = {
  region: "output",
  offset: 0,
  rowPitch: 32,
  pixelPitch: 8,
  rows: 2,
  width: 3,
  channels: 5,
};

export function block(fields: Partial<Block>): Block {
  return {
    name: "layer",
    phases: [phase({})],
    streamed: false,
    weightLoads: 1,
    source,
    residual: null,
    pool: null,
    tables: null,
    producer: null,
    waits: false,
    destination,
    ...fields,
  };
}

const maps: readonly IntMap[] = [
  { id: 0, name: "in", height: 2, width: 3, channels: 3, scale: 1, zeroPoint: 0, dtype: "int8" },
  { id: 1, name: "out", height: 2, width: 3, channels: 5, scale: 1, zeroPoint: 0, dtype: "int8" },
];

export const graph: IntGraph = {
  name: "tiny",
  maps: new Map(maps.map((map) => [map.id, map])),
  nodes: [node],
  input: 0,
  logits: 1,
  outputs: [1],
  parameters: 20,
  macs: 120,
};

export function plan(blocks: readonly Block[], fields: Partial<Plan> = {}): Plan {
  return {
    graph,
    hardware,
    blocks,
    keptBlocks: { from: 0, to: 0 },
    weightNeeds: [],
    inputs: [{ map: 0, place: source }],
    outputs: [{ map: 1, producer: 0, place: destination }],
    constants: [],
    regionBytes: { model: 1024, input: 32, output: 64, workspace: 0 },
    activations: [],
    multipliers: 16,
    hostNodes: [],
    ...fields,
  };
}

/** A convolution of 3 to 5 channels with zw = 2: `w - zw` is 10 * k + c - 2. */
export function convBlock(): Block {
  const weights = Int16Array.from({ length: 15 }, (_, i) => 10 * Math.floor(i / 3) + (i % 3) - 2);
  const layer = operator({
    weights,
    weightZeroPoint: 2,
    bias: Int32Array.of(-1, 2, 3, 4, 5),
    multiplier: Int32Array.of(0x40000000, 0x40000001, 0x40000002, 0x40000003, 0x7fffffff),
    shift: Uint32Array.of(1, 2, 3, 0x10104, 5),
  });
  return block({
    phases: [
      phase({
        operator: layer,
        zeroPoint: -3,
        outputZeroPoint: -128,
        min: -128,
        max: 100,
        segment: { offset: 512, groups: 2, bytes: 128, coding: null },
      }),
    ],
  });
}
