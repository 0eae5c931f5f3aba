/** The program that the accelerator reads: header and one descriptor a block, by the tables of src/format. */
import {
  descriptorBytes,
  encodeDescriptor,
  phaseKinds,
  residualOperations,
  resultWords,
  type Descriptor,
  type KindName,
  type PhaseValues,
} from "../format/descriptor.ts";
import { TABLE_BYTES } from "../format/check.ts";
import { zeros } from "../format/fields.ts";
import { checkedHeader, HEADER_BYTES, PROGRAM_MAGIC } from "../format/program.ts";
import { regions } from "../format/regions.ts";
import { assert } from "../ir/errors.ts";
import { chunksOf } from "./chunks.ts";
import { hardwareIdentity } from "./identity.ts";
import { rowBeats } from "./memory.ts";
import type { Block, Hardware, MapPlace, Phase, Plan, Residual, Segment } from "./plan.ts";
import { item, lastItem } from "../ir/known.ts";

/** Bytes of header and descriptors. */
export function programBytes(hardware: Hardware, blocks: number): number {
  return HEADER_BYTES + descriptorBytes(hardware.lineBuffers.length) * blocks;
}

/** Header and descriptors as little-endian memory holds them. Throws FieldError for a number that its field does not hold. */
export function programWords(plan: Plan): Uint32Array {
  const { blocks, hardware } = plan;
  const words = new Uint32Array(programBytes(hardware, blocks.length) / 4);
  blocks.forEach((block, index) => {
    words.set(descriptor(plan, block), programBytes(hardware, index) / 4);
  });
  const header = {
    magic: PROGRAM_MAGIC,
    blocks: blocks.length,
    keptFrom: plan.keptBlocks.from,
    keptTo: plan.keptBlocks.to,
    lanes: hardware.pk,
    multipliers: hardware.pc,
    busBytes: hardware.busBytes,
    third: Number(hardware.lineBuffers.length > 2),
    identity: hardwareIdentity(plan),
  };
  words.set(checkedHeader(header, words.subarray(HEADER_BYTES / 4)));
  return words;
}

/** The words of one block. Throws FieldError for a number that its field does not hold. */
export function descriptor(plan: Plan, block: Block): readonly number[] {
  const name = (field: string): string => `${block.name}: ${field}`;
  const { lineBuffers } = plan.hardware;
  assert(
    block.phases.length > 0 && block.phases.length <= lineBuffers.length,
    name(`${block.phases.length} phases on hardware for ${lineBuffers.length}`),
  );
  const values: Descriptor = {
    rowReader: rowReader(plan, block),
    weightLoader: weightLoader(plan, block),
    rowWriter: rowWriter(plan, block),
    sequencer: sequencer(block),
    phases: block.phases.map((phase) => phaseValues(phase, writesPixels(plan, block))),
    results: results(plan, block),
  };
  return encodeDescriptor(values, name);
}

function rowReader(plan: Plan, { phases, producer, source, waits }: Block): Descriptor["rowReader"] {
  const first = item(phases, 0);
  return {
    ...place(source),
    beats: rowBeats(plan.hardware, source),
    rows: source.rows,
    rowWords: first.sourceRowWords,
    slots: first.sourceSlots,
    producer: producer === null ? 0 : producer + 1,
    waits: Number(waits),
    lastBank: first.sourceLastBank,
  };
}

function place({ offset, region, rowPitch }: MapPlace) {
  if (region === "chip") return { region: 0, onChip: 1, offset, rowPitch };
  return { region: regions.indexOf(region), onChip: 0, offset, rowPitch };
}

interface SegmentWords {
  readonly segment: Segment;
  readonly wordsPerGroup: number;
  readonly zeroPoint: number;
}

/** The segments of a phase: its centre groups', then its own; none for pack. */
function segmentsOf({ centreTap, operator, segment, wordsPerGroup }: Phase): readonly SegmentWords[] {
  if (segment === null) return [];
  const own = { segment, wordsPerGroup, zeroPoint: operator?.weightZeroPoint ?? 0 };
  if (centreTap === null) return [own];
  return [{ ...centreTap, zeroPoint: centreTap.operator.weightZeroPoint }, own];
}

const none: SegmentWords = {
  segment: { offset: 0, groups: 0, bytes: 0, coding: null },
  wordsPerGroup: 0,
  zeroPoint: 0,
};

/** The block's segments in the order in which they are read; those of phase p start at slot p. */
function slotsOf({ phases }: Block): readonly [SegmentWords, SegmentWords, SegmentWords] {
  const segments = phases.map(segmentsOf);
  const slots = [...segments.slice(0, -1).map(([own]) => own), ...(segments.at(-1) ?? [])];
  assert(
    slots.length <= 3 && segments.slice(0, -1).every(({ length }) => length <= 1),
    "a block has three segments",
  );
  return [slots[0] ?? none, slots[1] ?? none, slots[2] ?? none];
}

function weightLoader({ hardware }: Plan, block: Block): Descriptor["weightLoader"] {
  const { tables } = block;
  const [first, second, third] = slotsOf(block);
  const length = (one: SegmentWords) => lengthOf(one, hardware.busBytes);
  const [length0, length1, length2] = [length(first), length(second), length(third)];
  return {
    // tables end there, also in a block whose first phase has no segment
    offset0: tables === null ? first.segment.offset : tables.offset + TABLE_BYTES * tables.values.length,
    groups0: length0.groups,
    words0: length0.words,
    offset1: second.segment.offset,
    groups1: length1.groups,
    words1: length1.words,
    offset2: third.segment.offset,
    groups2: length2.groups,
    words2: length2.words,
    zero0: first.zeroPoint,
    zero1: second.zeroPoint,
    zero2: third.zeroPoint,
    weightLoads: block.weightLoads,
    tables: tables === null ? 0 : tables.values.length,
    tablesAfter: tables === null ? 0 : tables.after,
    coded0: Number(first.segment.coding !== null),
    coded1: Number(second.segment.coding !== null),
    coded2: Number(third.segment.coding !== null),
  };
}

/** Groups of a segment and the words of each; of a coded one, its beats, the low half first. */
function lengthOf(
  { segment, wordsPerGroup }: SegmentWords,
  busBytes: number,
): { readonly groups: number; readonly words: number } {
  if (segment.coding === null) return { groups: segment.groups, words: wordsPerGroup };
  const beats = segment.bytes / busBytes;
  return { groups: beats % 2 ** 16, words: Math.floor(beats / 2 ** 16) };
}

function rowWriter(plan: Plan, block: Block): Descriptor["rowWriter"] {
  const { destination } = block;
  const last = lastItem(block.phases);
  const chunks = chunksOf(block, plan.hardware);
  return {
    ...place(destination),
    rows: destination.rows,
    stripRows: last.stripRows,
    chunks: chunks.perRow,
    tiles: chunks.tiles,
    chunkStride: chunks.stride,
    beats: chunks.beats,
    lastBeats: chunks.lastBeats,
    tileStride: chunks.tileStride,
  };
}

function sequencer(block: Block): Descriptor["sequencer"] {
  const [first, second, third] = slotsOf(block);
  // Modulo 2^16 as the hardware's weight pointers; a streamed segment may be longer than the ring.
  const words = ({ segment, wordsPerGroup }: SegmentWords) => (segment.groups * wordsPerGroup) % 2 ** 16;
  return {
    phases: block.phases.length,
    streamed: Number(block.streamed),
    words0: words(first),
    words1: words(second),
    words2: words(third),
    groups0: first.segment.groups,
    groups1: second.segment.groups,
    groups2: third.segment.groups,
  };
}

/** What happens to the last phase's results on their way to memory. */
function results(plan: Plan, block: Block): Descriptor["results"] {
  const { phases, pool, residual } = block;
  const { groups } = lastItem(phases);
  const added = residual ? residualValues(plan, residual) : noResidual;
  return {
    ...added,
    pool: Number(pool !== null),
    pool3: Number(pool?.kernel === 3),
    pixelChunks: Number(writesPixels(plan, block)),
    groups,
    poolWidth: pool === null ? 0 : pool.width,
    poolRows: pool === null ? 0 : pool.rows,
  };
}

/** Whether a chunk of the row writer is the part of a pixel and not a row. */
function writesPixels(plan: Plan, block: Block): boolean {
  const { perRow, tiles } = chunksOf(block, plan.hardware);
  return perRow > 1 || tiles > 1;
}

const noResidual = zeros(resultWords);

function residualValues(plan: Plan, residual: Residual): Descriptor["results"] {
  const { result, residual: added, sum } = residual;
  return {
    ...noResidual,
    ...place(residual.place),
    residual: 1,
    operation: residualOperations.indexOf(residual.operation),
    beats: rowBeats(plan.hardware, residual.place),
    rows: residual.place.rows,
    rowWords: residual.rowWords,
    slots: residual.slots,
    producer: residual.producer === null ? 0 : residual.producer + 1,
    lastBank: residual.lastBank,
    low: residual.min,
    high: residual.max,
    resultZero: result.zeroPoint,
    residualZero: added.zeroPoint,
    sumZero: sum.zeroPoint,
    resultMultiplier: result.multiplier,
    residualMultiplier: added.multiplier,
    sumMultiplier: sum.multiplier,
    resultRight: result.right,
    residualRight: added.right,
    sumRight: sum.right,
  };
}

/** Of centre groups that there are none of. */
const NO_STEPS = 0;

function kindName({ columns, kind, sparse }: Phase): KindName {
  if (sparse !== null) return "sparse";
  return columns === 2 ? "pairs" : kind;
}

/** `pixelChunks`: of the block; what only its last phase looks at. */
function phaseValues(phase: Phase, pixelChunks: boolean): PhaseValues {
  const [kh, kw] = phase.kernel;
  const [sy, sx] = phase.stride;
  // The packer walks bytes, not pixels.
  const packing = phase.kind === "pack";
  const scale = packing ? phase.inputChannels : 1;
  const pitch = packing ? 1 : phase.sourcePitch;
  return {
    kind: phaseKinds.indexOf(kindName(phase)),
    oneWord: Number(phase.oneWord),
    oneRecord: Number(phase.oneRecord),
    maximum: Number(phase.maximum),
    pixelChunks: Number(pixelChunks),
    edgeRecords: phase.edgeRecords,
    haloRows: phase.haloRows,
    rows: phase.outputRows,
    width: phase.outputWidth,
    inRows: phase.inputRows,
    inWidth: phase.inputWidth * scale,
    kh,
    kw: kw * scale,
    sy,
    sx: sx * scale,
    padTop: phase.padTop,
    padLeft: phase.padLeft * scale,
    zero: phase.zeroPoint,
    activation: phase.activation,
    centreSteps: phase.sparse?.centre?.steps ?? NO_STEPS,
    pitch,
    pixelWords: phase.wordsPerPixel,
    groups: phase.groups,
    tileGroups: phase.tileGroups,
    stripRows: phase.stripRows,
    groupWords: phase.wordsPerGroup,
    rowWords: phase.sourceRowWords,
    slots: phase.sourceSlots,
    dstPitch: phase.destinationPitch,
    colStep: sx * scale * pitch,
    padBytes: phase.padLeft * scale * pitch,
    lastBank: phase.sourceLastBank,
    outZero: phase.outputZeroPoint,
    low: phase.min,
    high: phase.max,
    centreGroups: phase.centreTap === null ? 0 : phase.centreTap.groups,
  };
}
