/**
 * The plan: what the accelerator is made of and the program that it runs. docs/hardware.md describes both.
 * `codegen` turns it into Verilog parameters, descriptors and the memory image; the cycle model predicts from it.
 */
import type { Padding } from "../ir/graph.ts";
import type { ActivationKernel } from "../ir/activation-kernel.ts";
import type { PhaseKind, ResidualOperation } from "../format/descriptor.ts";
import type { Coding } from "../format/coded-segment.ts";
import type { SparsePhase } from "./sparse/steps.ts";
import type { Region } from "../format/regions.ts";
import type {
  ConstantMap,
  IntActivation,
  IntBinary,
  IntGraph,
  IntLookup,
  IntNode,
  IntPool,
  IntRescale,
  MapId,
} from "../ir/integer.ts";

/** Rows of a phase's source, in banks. */
export interface LineBuffer {
  readonly banks: number;
  /** Words a bank. */
  readonly depth: number;
  /** Words a bank of its second copy, for the second column of a step; 0 without one. */
  readonly pairDepth: number;
}

/** Parameters of the generated hardware, see the table in docs/hardware.md. */
export interface Hardware {
  readonly pk: number;
  readonly pc: number;
  readonly busBytes: 8 | 16;
  /** Two lanes share multipliers that make two products each; windows and serial taps take turns. */
  readonly packed: boolean;
  /** Two such lanes share a requantiser: results are two cycles apart. Only where `packed`. */
  readonly sharedRequantisers: boolean;
  /** Bytes of a line-buffer word: max(pk, pc, busBytes). */
  readonly lbBytes: number;
  /** Line buffer p feeds phase p. */
  readonly lineBuffers: readonly LineBuffer[];
  readonly weightDepth: number;
  readonly paramDepth: number;
  /** Words of a patch that sparse steps choose from, a power of two; 0: there are none. */
  readonly patchWords: number;
  /** Bits of the codes that stand for weights of coded segments; 0: none do. */
  readonly codeBits: number;
  /** Beside both rings, room for words and groups of the first blocks, which stay from image to image. */
  readonly kept: { readonly words: number; readonly groups: number };
  /** Window of the depthwise engine, [1, 1] when no layer needs one. */
  readonly window: readonly [number, number];
  readonly maxBlocks: number;
  readonly packer: 0 | 1 | 2;
  /** Whether serial phases may keep the greatest tap: max pools that are not behind the array. */
  readonly serialMax: boolean;
  /** Whether windows at the edges of a map have records of their own: average pools with padding. */
  readonly edgeRecords: boolean;
  /** Whether requantisers have the float mode of ONNX networks. */
  readonly float32: boolean;
  /** Bits of a lane's sum: 25 where all sums fit. */
  readonly sumBits: 25 | 32;
  /** Whether sums are shifted left before they are multiplied: scales of one and more. */
  readonly leftShifts: boolean;
  /** Whether requantisers divide magnitudes, or without rounding: averages of many values. */
  readonly averages: boolean;
  /** Whether all weights are -127 to 127. */
  readonly narrowWeights: boolean;
  /** Words of the residual line buffer; 0 when no block adds a residual. */
  readonly residualDepth: number;
  /** Whether the unit behind the array has other operations than sums. */
  readonly residualOperations: boolean;
  /** Max pool behind the array: channel groups, and pooled pixels of a row times groups; null without one. */
  readonly pool: { readonly groups: number; readonly depth: number } | null;
  /** Groups of Pk results that the output FIFO holds. */
  readonly outputDepth: number;
  /** Whether weights of later blocks are not read while results wait: memory whose writes wait for its reads. */
  readonly weightsYield: boolean;
  /** Beats of the scratchpad, where maps lie that do not go to memory; 0 without one. */
  readonly chipDepth: number;
  /** Stages that all kernels behind the lanes take; 0 without kernels. */
  readonly activationStages: number;
  /** Whether there are tables behind the lanes. */
  readonly tables: boolean;
}

/** A table that each result of a phase goes through: what every value + 128 becomes. */
export interface Lookup {
  readonly node: IntLookup | IntRescale;
  readonly table: Int8Array;
}

/** What the array computes for one integer node, with everything that the node's framework hides made explicit. */
export interface Operator {
  readonly node: IntNode;
  readonly kind: "conv" | "depthwise" | "serial";
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: Padding;
  readonly input: MapId;
  readonly output: MapId;
  /**
   * w - zw. conv: [K][kh][kw][C]; depthwise and serial: [kh][kw][C]; null: every weight is 1 (pools), one record
   * serves all channels, `bias`, `multiplier` and `shift` have one entry; before it, where averages leave padding out, one
   * for each tap of the padding, most of them first. All biases are alike.
   */
  readonly weights: Int16Array | null;
  /** The greatest tap and not their sum; `bias` is the least value. */
  readonly maximum: boolean;
  /** Subtracted by the loader: memory holds w = (w - zw) + zw as int8. */
  readonly weightZeroPoint: number;
  /** bias - zx * sum(w - zw), one an output channel. */
  readonly bias: Int32Array;
  readonly multiplier: Int32Array;
  /** Shift words of docs/hardware.md, one an output channel. */
  readonly shift: Uint32Array;
  readonly inputZeroPoint: number;
  readonly outputZeroPoint: number;
  readonly min: number;
  readonly max: number;
  /** The kernel that each result goes through, to `output`. */
  readonly activation: IntActivation | null;
  /** The table that each result goes through, to `output`; never beside a kernel. */
  readonly lookup: Lookup | null;
}

/** Where a map lies: byte (y, x, c) at offset + y * rowPitch + x * pixelPitch + c of its region, or of the scratchpad on the chip. */
export interface MapPlace {
  readonly region: Region | "chip";
  readonly offset: number;
  readonly rowPitch: number;
  readonly pixelPitch: number;
  readonly rows: number;
  readonly width: number;
  readonly channels: number;
}

/** A map that the host writes before the accelerator starts. */
export interface InputMap {
  readonly map: MapId;
  readonly place: MapPlace;
}

/** A map of constants, in the model region. */
export interface PlacedConstant {
  readonly map: ConstantMap;
  readonly place: MapPlace;
}

/** A map that the host reads when the accelerator is done. */
export interface OutputMap {
  readonly map: MapId;
  /** Block that writes it. */
  readonly producer: number;
  readonly place: MapPlace;
}

/** Group records in the model region; `groups` is 1 when shared. */
export interface Segment {
  readonly offset: number;
  readonly groups: number;
  readonly bytes: number;
  /** How memory holds its records; null: as they are. */
  readonly coding: SegmentCoding | null;
}

/** Coded records: the bytes of each, and the cycles that their words take to decode. */
export interface SegmentCoding extends Coding {
  /** Bytes that the segment would have if no codes stood for weights. */
  readonly withoutCodes: number;
  readonly records: readonly { readonly bytes: number; readonly cycles: number }[];
}

/** An operator of two maps behind a block's last phase: `residual` is the map that comes from memory. */
export interface Residual {
  readonly node: IntBinary;
  readonly operation: ResidualOperation;
  /** As it is read: a map of one row lies there in all rows, with a pitch of 0. */
  readonly place: MapPlace;
  /** Bytes from the residual of a pixel to that of the next: 0 where one pixel of a row is that of all. */
  readonly pixelStep: number;
  /** Block that writes it; null for an input and a constant. */
  readonly producer: number | null;
  readonly rowWords: number;
  readonly slots: number;
  readonly lastBank: number;
  /** Scales and zero points of the array's result, of the residual, of the sum. */
  readonly result: Scale;
  readonly residual: Scale;
  readonly sum: Scale;
  readonly min: number;
  readonly max: number;
}

/** Q0.31 multiplier, right shift, zero point. */
export interface Scale {
  readonly multiplier: number;
  readonly right: number;
  readonly zeroPoint: number;
}

/** Max pool behind a block's last phase (and its residual). */
export interface MaxPool {
  readonly node: IntPool;
  readonly kernel: 2 | 3;
  readonly rows: number;
  readonly width: number;
}

/** One phase of a block; units and meaning as in docs/formats.md and docs/hardware.md, except that a pack phase counts pixels here. */
export interface Phase {
  /** Index of the phase in its block. */
  readonly kind: PhaseKind;
  /** null for a pack phase. */
  readonly operator: Operator | null;
  /** conv over packed patches: weights in patch order, kernel 1 x 1 over `inputChannels` bytes. */
  readonly readsPatches: boolean;
  /** Steps of a conv phase that leaves zeros out: `wordsPerGroup` are those of a group. */
  readonly sparse: SparsePhase | null;
  /** Every step of a window takes the first word of the record: a mean, whose weights are all one. */
  readonly oneWord: boolean;
  /** One record of weights for all groups. */
  readonly oneRecord: boolean;
  /** Records in front of that one, by the number of taps of a window that lie outside of the map. */
  readonly edgeRecords: number;
  /** The greatest tap and not their sum. */
  readonly maximum: boolean;
  readonly outputRows: number;
  readonly outputWidth: number;
  readonly inputRows: number;
  readonly inputWidth: number;
  /** Channels that the phase reads (bytes of patches where it reads those), and makes. */
  readonly inputChannels: number;
  readonly outputChannels: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  /** Columns of a depthwise window that a step takes. */
  readonly columns: 1 | 2;
  readonly padTop: number;
  readonly padLeft: number;
  readonly zeroPoint: number;
  readonly sourcePitch: number;
  readonly wordsPerPixel: number;
  readonly groups: number;
  readonly tileGroups: number;
  readonly stripRows: number;
  /** Halo rows: what the first strip has more, because a later phase's window reaches so far ahead. */
  readonly haloRows: number;
  readonly wordsPerGroup: number;
  readonly sourceRowWords: number;
  readonly sourceSlots: number;
  readonly sourceLastBank: number;
  /** Pixel pitch in the next line buffer; 0 for the last phase. */
  readonly destinationPitch: number;
  readonly outputZeroPoint: number;
  readonly min: number;
  readonly max: number;
  /** 1 more than the index of the kernel in `Plan.activations`, behind the last of them a table's slot; 0 without one. */
  readonly activation: number;
  /**
   * 1 x 1 convolution of the same source whose channels come first (a Fire module's expand1x1): it takes the centre tap
   * of the phase's 3 x 3 window, its groups are the first of `groups`.
   */
  readonly centreTap: {
    readonly operator: Operator;
    readonly groups: number;
    readonly wordsPerGroup: number;
    readonly segment: Segment;
  } | null;
  /** Weight records of the phase, behind those of `centreTap`; null for pack. `groups` is 1 when shared. */
  readonly segment: Segment | null;
}

/** Tables that come with a block, in front of its first weights: in memory, and in the slots that follow the last ones filled. */
export interface Tables {
  readonly values: readonly Int8Array[];
  readonly offset: number;
  /** The first block that needs nothing of what the tables replace: they come when its results do. */
  readonly after: number;
}

export interface Block {
  readonly name: string;
  readonly phases: readonly Phase[];
  /** Weights stream in once a strip instead of once. */
  readonly streamed: boolean;
  /** Strips of the block: how often streamed weights are read. */
  readonly weightLoads: number;
  readonly source: MapPlace;
  readonly residual: Residual | null;
  readonly pool: MaxPool | null;
  readonly tables: Tables | null;
  /** Block that writes the source; null when it is an input or a constant. */
  readonly producer: number | null;
  /** Whether all of the source has to be there before its first row is read: its rows are longer than those that are written. */
  readonly waits: boolean;
  readonly destination: MapPlace;
}

/** Blocks in a row: `from` is the first, `to` the one behind the last. */
export interface BlockRange {
  readonly from: number;
  readonly to: number;
}

/** Whether a block is one of those. */
export const isWithin = ({ from, to }: BlockRange, block: number): boolean => block >= from && block < to;

/** What a block asks of the weight stores in an image. */
export interface WeightNeed {
  readonly words: number;
  /** Records of parameters. */
  readonly groups: number;
  /** Of both in memory. */
  readonly bytes: number;
  /** Cycles of the array for the block. */
  readonly cycles: number;
  /** Whether its weights may stay on the chip. */
  readonly mayStay: boolean;
}

export interface Plan {
  readonly graph: IntGraph;
  readonly hardware: Hardware;
  readonly blocks: readonly Block[];
  /** Those that keep their weights on the chip: the next image does not read them. */
  readonly keptBlocks: BlockRange;
  /** Block by block. */
  readonly weightNeeds: readonly WeightNeed[];
  /** What the host writes, in the input region: the image first. */
  readonly inputs: readonly InputMap[];
  /** What the host reads, in the output region; that of the logits first. */
  readonly outputs: readonly OutputMap[];
  readonly constants: readonly PlacedConstant[];
  /** Bytes of each region. The model region holds header, descriptors, segments and constants. */
  readonly regionBytes: Readonly<Record<Region, number>>;
  /** The kernels behind the lanes. */
  readonly activations: readonly ActivationKernel[];
  /** 8-bit multipliers of the array. */
  readonly multipliers: number;
  /** Nodes after the accelerator, done by the host (softmax, reshape to the model's shape). */
  readonly hostNodes: readonly IntNode[];
}
