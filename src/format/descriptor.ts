/** The descriptor of a block, what each unit of the accelerator is told: 64 words of 32 bits, 128 with a third phase. */
import { decode, encode, gap, signed, unsigned, zeros, type Values, type Words } from "./fields.ts";
import { item } from "../ir/known.ts";

/** Where the rows of the block's source lie, and how they stand in line buffer 0. */
export const rowReaderWords = [
  { region: unsigned(2, "source region"), onChip: unsigned(1, "source on chip") },
  { offset: unsigned(32, "source offset") },
  { rowPitch: unsigned(32, "source row pitch") },
  { beats: unsigned(16, "source beats a row"), rows: unsigned(16, "source rows") },
  { rowWords: unsigned(16, "line-buffer words a row", "AddrW"), slots: unsigned(16, "line-buffer slots") },
  // producer: block + 1, 0 for the image
  { producer: unsigned(8, "producer"), waits: unsigned(1, "waits for all rows") },
  { lastBank: unsigned(16, "line-buffer last bank address", "AddrW") },
  {},
] as const satisfies Words;

/** Up to three segments of weights, in the order in which they are read, once a pass. */
export const weightLoaderWords = [
  { offset0: unsigned(32, "segment 0 offset") },
  { groups0: unsigned(16, "segment 0 groups"), words0: unsigned(16, "segment 0 words a group") },
  { offset1: unsigned(32, "segment 1 offset") },
  { groups1: unsigned(16, "segment 1 groups"), words1: unsigned(16, "segment 1 words a group") },
  { offset2: unsigned(32, "segment 2 offset") },
  { groups2: unsigned(16, "segment 2 groups"), words2: unsigned(16, "segment 2 words a group") },
  // int8: the loader takes nine bits
  {
    zero0: signed(10, "segment 0 zero point", 9),
    zero1: signed(10, "segment 1 zero point", 9),
    zero2: signed(10, "segment 2 zero point", 9),
  },
  {
    weightLoads: unsigned(16, "weight loads"),
    // in front of segment 0
    tables: unsigned(2, "tables"),
    // as soon as results of this block, or of a later one, have passed the tables
    tablesAfter: unsigned(8, "block that tables wait for"),
    // groups and words, the high half, are then the beats of the segment
    coded0: unsigned(1, "segment 0 coded"),
    coded1: unsigned(1, "segment 1 coded"),
    coded2: unsigned(1, "segment 2 coded"),
  },
] as const satisfies Words;

/** Where results go: chunks of adjacent bytes, by tile, strip and row. */
export const rowWriterWords = [
  { region: unsigned(2, "destination region"), onChip: unsigned(1, "destination on chip") },
  { offset: unsigned(32, "destination offset") },
  { rowPitch: unsigned(32, "destination row pitch") },
  { rows: unsigned(16, "destination rows"), stripRows: unsigned(16, "strip rows") },
  { chunks: unsigned(16, "chunks a row"), tiles: unsigned(16, "tiles") },
  { chunkStride: unsigned(32, "chunk stride") },
  { beats: unsigned(16, "beats a chunk"), lastBeats: unsigned(16, "beats of the last tile's chunk") },
  { tileStride: unsigned(32, "tile stride") },
] as const satisfies Words;

/** The block as the sequencer sees it. Words of a segment are counted modulo 2^16, as its weight pointers. */
export const sequencerWords = [
  { phases: unsigned(4, "phases", 2), streamed: unsigned(1, "streamed") },
  { words0: unsigned(16, "segment 0 words"), words1: unsigned(16, "segment 1 words") },
  { words2: unsigned(16, "segment 2 words"), groups0: unsigned(16, "segment 0 groups") },
  { groups1: unsigned(16, "segment 1 groups"), groups2: unsigned(16, "segment 2 groups") },
] as const satisfies Words;

/** By number, the kinds of phases. */
export const phaseKinds = ["conv", "depthwise", "serial", "pack", "sparse", "pairs"] as const;
export type KindName = (typeof phaseKinds)[number];
/** As the schedule has them: a sparse phase is a convolution with steps, a step of the last one takes two columns of its windows. */
export type PhaseKind = Exclude<KindName, "sparse" | "pairs">;

/** One phase. A pack phase counts bytes where others count pixels. */
export const phaseWords = [
  {
    kind: unsigned(4, "kind"),
    oneWord: unsigned(1, "one word of weights"),
    oneRecord: unsigned(1, "one record of weights"),
    // serial: the greatest tap, not the sum of all
    maximum: unsigned(1, "maximum of the taps"),
    pixelChunks: unsigned(1, "a chunk for each pixel"),
    haloRows: unsigned(8, "halo rows"),
    // records in front of the one for whole windows
    edgeRecords: unsigned(16, "records for windows at the edges"),
  },
  { rows: unsigned(16, "output rows"), width: unsigned(16, "output width") },
  { inRows: unsigned(16, "input rows"), inWidth: unsigned(16, "input width") },
  {
    kh: unsigned(8, "kernel height"),
    kw: unsigned(8, "kernel width"),
    sy: unsigned(8, "vertical stride"),
    sx: unsigned(8, "horizontal stride"),
  },
  {
    padTop: unsigned(8, "padding above"),
    padLeft: unsigned(8, "padding left"),
    zero: signed(8, "input zero point"),
    // n: kernel n - 1 behind the lanes, slots of tables behind the last kernel, 0 none
    activation: unsigned(4, "activation"),
    // sparse: of each of the first groups, which take the centre tap
    centreSteps: unsigned(4, "steps of a centre group"),
  },
  { pitch: unsigned(16, "source pixel pitch"), pixelWords: unsigned(16, "words a pixel") },
  { groups: unsigned(16, "groups"), tileGroups: unsigned(16, "groups a tile") },
  { stripRows: unsigned(16, "strip rows"), groupWords: unsigned(16, "weight words a group") },
  { rowWords: unsigned(16, "source words a row", "AddrW"), slots: unsigned(16, "source slots") },
  {
    dstPitch: unsigned(16, "destination pixel pitch"),
    colStep: unsigned(16, "bytes from a column of windows to the next"),
  },
  {
    padBytes: unsigned(16, "left padding in bytes"),
    lastBank: unsigned(16, "source last bank address", "AddrW"),
  },
  {
    outZero: signed(8, "output zero point"),
    low: signed(8, "least result"),
    high: signed(8, "greatest result"),
    centreGroups: unsigned(8, "centre groups"),
  },
] as const satisfies Words;

/** By number, what becomes of a result and its residual: hw/kernels/residual-add.ts. */
export const residualOperations = ["add", "sub", "sub-from", "maximum", "minimum", "mul"] as const;
export type ResidualOperation = (typeof residualOperations)[number];

/** What happens to the last phase's results on their way to memory: a residual is added, a pool takes the largest. */
export const resultWords = [
  {
    region: unsigned(2, "residual region"),
    onChip: unsigned(1, "residual on chip"),
    gap: gap(5),
    residual: unsigned(1, "residual"),
    pool: unsigned(1, "pool"),
    pool3: unsigned(1, "pool of 3x3"),
    pixelChunks: unsigned(1, "a chunk for each pixel"),
    operation: unsigned(4, "operation of result and residual", 3),
    groups: unsigned(16, "groups"),
  },
  { offset: unsigned(32, "residual offset") },
  { rowPitch: unsigned(32, "residual row pitch") },
  { beats: unsigned(16, "residual beats a row"), rows: unsigned(16, "residual rows") },
  { rowWords: unsigned(16, "residual words a row", "AddrW"), slots: unsigned(16, "residual slots") },
  {
    producer: unsigned(8, "residual producer"),
    resultZero: signed(8, "zero point of the result"),
    residualZero: signed(8, "zero point of the residual"),
    sumZero: signed(8, "zero point of the sum"),
  },
  {
    lastBank: unsigned(16, "residual last bank address", "AddrW"),
    low: signed(8, "least sum"),
    high: signed(8, "greatest sum"),
  },
  { resultMultiplier: unsigned(32, "multiplier of the result", 31) },
  { residualMultiplier: unsigned(32, "multiplier of the residual", 31) },
  { sumMultiplier: unsigned(32, "multiplier of the sum", 31) },
  {
    resultRight: unsigned(8, "right shift of the result", 5),
    residualRight: unsigned(8, "right shift of the residual", 5),
    sumRight: unsigned(8, "right shift of the sum", 5),
  },
  { poolWidth: unsigned(16, "pooled width"), poolRows: unsigned(16, "pooled rows") },
] as const satisfies Words;

/** The parts of a descriptor, one behind the other. A third phase takes as much room again as all in front of it. */
export const descriptorParts = {
  rowReader: rowReaderWords,
  weightLoader: weightLoaderWords,
  rowWriter: rowWriterWords,
  sequencer: sequencerWords,
  phase0: phaseWords,
  phase1: phaseWords,
  results: resultWords,
  phase2: phaseWords,
} as const satisfies Readonly<Record<string, Words>>;

export type DescriptorPart = keyof typeof descriptorParts;

/** First word of a part. */
export function firstWordOf(part: DescriptorPart): number {
  let next = 0;
  for (const [name, { length }] of Object.entries(descriptorParts)) {
    if (name === part) break;
    next += length;
  }
  return next;
}

/** Bytes of a descriptor for hardware of so many phases. */
export function descriptorBytes(phases: number): 256 | 512 {
  return phases > 2 ? 512 : 256;
}

export type PhaseValues = Values<typeof phaseWords>;

/** What a descriptor says. */
export interface Descriptor {
  readonly rowReader: Values<typeof rowReaderWords>;
  readonly weightLoader: Values<typeof weightLoaderWords>;
  readonly rowWriter: Values<typeof rowWriterWords>;
  readonly sequencer: Values<typeof sequencerWords>;
  /** One to three. */
  readonly phases: readonly PhaseValues[];
  readonly results: Values<typeof resultWords>;
}

/** Its words, up to the last phase. Throws FieldError, whose field is called what `name` makes of its label. */
export function encodeDescriptor(
  { phases, results, rowReader, rowWriter, sequencer, weightLoader }: Descriptor,
  name: (label: string) => string = (label) => label,
): readonly number[] {
  const encoded = [0, 1, 2]
    .slice(0, Math.max(2, phases.length))
    .map((index) =>
      encode(phaseWords, phases[index] ?? zeros(phaseWords), (label) => name(`phase ${index}: ${label}`)),
    );
  return [
    ...encode(rowReaderWords, rowReader, name),
    ...encode(weightLoaderWords, weightLoader, name),
    ...encode(rowWriterWords, rowWriter, name),
    ...encode(sequencerWords, sequencer, name),
    ...item(encoded, 0),
    ...item(encoded, 1),
    ...encode(resultWords, results, name),
    ...encoded.slice(2).flat(),
  ];
}

/** What the descriptor at word `from` of `memory` says, for hardware of `most` phases: of more there are no words. */
export function decodeDescriptor(memory: ArrayLike<number>, from: number, most: 2 | 3): Descriptor {
  const at = (part: DescriptorPart): number => from + firstWordOf(part);
  const sequencer = decode(sequencerWords, memory, at("sequencer"));
  const places = (["phase0", "phase1", "phase2"] as const).slice(0, Math.min(sequencer.phases, most));
  return {
    rowReader: decode(rowReaderWords, memory, at("rowReader")),
    weightLoader: decode(weightLoaderWords, memory, at("weightLoader")),
    rowWriter: decode(rowWriterWords, memory, at("rowWriter")),
    sequencer,
    phases: places.map((part) => decode(phaseWords, memory, at(part))),
    results: decode(resultWords, memory, at("results")),
  };
}
