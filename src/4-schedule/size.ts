/** Sizes the hardware for a network: line buffers, rings, strips. All sizes in bytes or words as named. */
import { InputError, assert } from "../ir/errors.ts";
import { FLOAT_MODE } from "./operators.ts";
import type { MapId } from "../ir/integer.ts";
import type { Hardware } from "./plan.ts";
import type { Draft, PhaseShape } from "./fuse.ts";

/** Buffers other than what the network and the array suggest. */
export interface BufferOptions {
  /** Words of the weight ring, a power of two; a network that needs more gets more. */
  readonly weightWords?: number;
  /** Bytes of line buffer 1 that a strip of a streamed block may take; one row always fits. */
  readonly lineBytes?: number;
}

export interface ArrayOptions {
  /** Lanes and multipliers a lane: powers of two, 4 to 32. */
  readonly pk: number;
  readonly pc: number;
  readonly busBytes: 8 | 16;
  /** Two products a DSP block; default no. */
  readonly packed?: boolean | undefined;
  readonly buffers?: BufferOptions | undefined;
}

export const ceilDiv = (a: number, b: number): number => Math.ceil(a / b);
export const roundUp = (a: number, b: number): number => ceilDiv(a, b) * b;
export const powerOfTwo = (a: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, a)));

/** Strip rows and the streaming decision of one draft. */
export interface BlockSize {
  readonly streamed: boolean;
  readonly stripRows: number;
  readonly tileGroups: number;
}

/** Words and groups of a phase's weights. */
export interface WeightSize {
  readonly groups: number;
  readonly records: number;
  /** Of a group that is not a centre group. */
  readonly wordsPerGroup: number;
  /** Groups of the centre tap, first of `groups`, and their words each. */
  readonly centreGroups: number;
  readonly centreWords: number;
  readonly words: number;
}

const OUTPUT_DEPTH = 64;
const ROW_BANKS = 4;
/** A strip should compute this many times longer than its weights take to arrive. */
const STREAM_MARGIN = 4;

/** Cycles of the array for a depthwise window; lanes that share multipliers take turns. */
export function windowCycles(
  [kh, kw]: readonly [number, number],
  { pc, packed }: { readonly pc: number; readonly packed?: boolean | undefined },
): number {
  return ceilDiv(kh * kw, pc) * (packed ? 2 : 1);
}

export function checkArray({ pk, pc }: ArrayOptions): void {
  const ok = (n: number) => [4, 8, 16, 32].includes(n);
  if (!ok(pk) || !ok(pc))
    throw new InputError({
      code: "array-size",
      node: "--array",
      found: `${pk}x${pc}`,
      supported: "PKxPC with 4, 8, 16 or 32 each",
      fix: "choose for example --array 8x8",
    });
}

/** Bytes of a pixel of a map in memory; a tiled layer writes whole beats. */
export function memoryPitch(channels: number, tiled: boolean, o: ArrayOptions): number {
  return roundUp(channels, Math.max(o.pk, o.pc, tiled ? o.busBytes : 1));
}

/** Bytes of a pixel in line buffer 1, the source of a second phase; packed patches fill whole words. */
export function linePitch(phase: PhaseShape, o: ArrayOptions): number {
  return roundUp(phase.inputChannels, Math.max(o.pk, o.pc, phase.packed ? o.busBytes : 1));
}

/** Bytes of a pixel of the input image: dense for the packer, else as the array reads it. */
export function imagePitch(first: PhaseShape, o: ArrayOptions): number {
  return first.kind === "pack" ? first.inputChannels : memoryPitch(first.inputChannels, false, o);
}

export function weightSize(phase: PhaseShape, o: ArrayOptions, toMemory: boolean): WeightSize {
  if (phase.kind === "pack")
    return { groups: 0, records: 0, wordsPerGroup: 0, centreGroups: 0, centreWords: 0, words: 0 };
  // results in memory fill whole pixels
  const groups = roundUp(phase.outputChannels, toMemory ? Math.max(o.pk, o.pc) : o.pk) / o.pk;
  const taps = phase.kernel[0] * phase.kernel[1];
  const hold = phase.operator?.weights === null;
  const perTap = ceilDiv(phase.inputChannels, o.pc);
  const wordsPerGroup = phase.kind === "conv" ? taps * perTap : hold ? 1 : ceilDiv(taps, o.pc);
  const centreGroups = phase.centre ? phase.centre.bias.length / o.pk : 0;
  const records = hold ? 1 : groups;
  const words = centreGroups * perTap + (records - centreGroups) * wordsPerGroup;
  return { groups, records, wordsPerGroup, centreGroups, centreWords: perTap, words };
}

/** Weight ring: 512 words for large arrays, more for small ones; twice the largest group at least. */
function weightDepth(drafts: readonly Draft[], o: ArrayOptions): number {
  const sizes = drafts.flatMap((d) => d.phases.map((p) => weightSize(p, o, true)));
  const largest = Math.max(...sizes.map((s) => s.wordsPerGroup));
  const total = sizes.reduce((n, s) => n + s.words, 0);
  // a streamed first phase must fit whole, beside a tile of the second
  const first = Math.max(
    ...drafts.map((d) => (d.phases.length > 1 && d.phases[0] ? weightSize(d.phases[0], o, false).words : 0)),
  );
  const wanted = o.buffers?.weightWords ?? (o.pk * o.pc >= 256 ? 512 : 1024);
  return Math.max(powerOfTwo(2 * largest), powerOfTwo(first * 1.5), Math.min(wanted, powerOfTwo(total)), 16);
}

export function sizeBlock(draft: Draft, depth: number, lb1Bytes: number, o: ArrayOptions): BlockSize {
  const sizes = draft.phases.map((p, i) => weightSize(p, o, i === draft.phases.length - 1));
  const words = sizes.reduce((n, s) => n + s.words, 0);
  const last = draft.phases.at(-1);
  const lastSize = sizes.at(-1);
  assert(last && lastSize, "a block has phases");
  if (words <= depth / 2) return { streamed: false, stripRows: 1, tileGroups: lastSize.groups };
  const step = Math.max(1, o.busBytes / o.pk);
  const fitting = Math.max(1, Math.floor(depth / 2 / lastSize.wordsPerGroup));
  const tileGroups = Math.min(lastSize.groups, Math.max(step, Math.floor(fitting / step) * step));
  return { streamed: true, stripRows: streamedRows(draft, last, lb1Bytes, o), tileGroups };
}

/** Rows that make a strip compute STREAM_MARGIN times longer than its weights load, in equal strips that fit. */
function streamedRows(draft: Draft, last: PhaseShape, lb1Bytes: number, o: ArrayOptions): number {
  const two = draft.phases.length > 1;
  // a window would reach into rows of the next strip, and a pool into those of the next tile
  if ((two && last.kernel[0] > 1) || draft.pool) return last.outputRows;
  const pixels = STREAM_MARGIN * ceilDiv(o.pk * o.pc, o.busBytes);
  const wanted = Math.min(last.outputRows, ceilDiv(pixels, last.outputWidth));
  const fitting = two ? Math.max(1, Math.floor(lb1Bytes / lineRowBytes(last, o))) : singleRows(last);
  const strips = ceilDiv(last.outputRows, Math.max(1, Math.min(wanted, fitting)));
  return ceilDiv(last.outputRows, strips);
}

/** A single phase re-reads its strip's source rows for every tile, so they stay in line buffer 0 together. */
function singleRows(last: PhaseShape): number {
  return Math.max(1, Math.floor((2 * ROW_BANKS - last.kernel[0]) / last.stride[0]) + 1);
}

/** Bytes of a row in line buffer 1. */
export function lineRowBytes(phase: PhaseShape, o: ArrayOptions): number {
  const lbBytes = Math.max(o.pk, o.pc, o.busBytes);
  return roundUp(phase.inputWidth * linePitch(phase, o), lbBytes);
}

function lb1Budget(o: ArrayOptions): number {
  const given = o.buffers?.lineBytes;
  if (given !== undefined) return given;
  return o.pk * o.pc >= 1024 ? 131072 : o.pk * o.pc >= 256 ? 57344 : 32768;
}

/** Rows of line buffer 0 that a phase wants: its window, and the rows of the next window on their way. */
export function wantedSlots(
  phase: PhaseShape,
  banks: number,
  stripRows: number,
  streamedSingle: boolean,
): number {
  const rows = phase.kernel[0] + (streamedSingle ? (stripRows - 1) * phase.stride[0] : 0);
  return roundUp(Math.min(rows + 2 * phase.stride[0], Math.max(rows, phase.inputRows + phase.padTop)), banks);
}

export interface Sized {
  readonly hardware: Hardware;
  readonly blocks: readonly BlockSize[];
  /** Bytes of a pixel of each map in memory, the input image's included. */
  readonly pitches: ReadonlyMap<MapId, number>;
}

export function sizeHardware(
  drafts: readonly Draft[],
  window: readonly [number, number],
  o: ArrayOptions,
): Sized {
  const lbBytes = Math.max(o.pk, o.pc, o.busBytes);
  const depth = weightDepth(drafts, o);
  const blocks = drafts.map((d) => sizeBlock(d, depth, lb1Budget(o), o));
  const pitches = mapPitches(drafts, blocks, o);
  const needs = drafts.map(({ phases: [p] }) => Math.max(p?.padTop ?? 0, p?.stride[0] ?? 0));
  const banks = powerOfTwo(Math.max(ROW_BANKS, window[0], ...needs));
  const sized = drafts.map((draft, i) => {
    const size = blocks[i];
    const [first, second] = draft.phases;
    const last = draft.phases.at(-1);
    assert(size && first && last, "sized block");
    const rowWords = (width: number, map: MapId) => ceilDiv(width * (pitches.get(map) ?? 0), lbBytes);
    const slots = wantedSlots(first, banks, size.stripRows, size.streamed && !second);
    const sizes = draft.phases.map((p, j) => weightSize(p, o, j === draft.phases.length - 1));
    const resident = sizes.reduce((n, s) => n + s.records, 0);
    const streaming = (sizes.length > 1 ? (sizes[0]?.records ?? 0) : 0) + 2 * size.tileGroups;
    const groups = sizes.at(-1)?.groups ?? 0;
    const poolWidth = draft.pool
      ? pooled(last.outputWidth, draft.pool.kernel[1], draft.pool.padding.right)
      : 0;
    return {
      lb0: (slots / banks) * rowWords(first.inputWidth, draft.source),
      lb1: second ? (line1Rows(second, size) * lineRowBytes(second, o)) / lbBytes : 1,
      params: 2 * (size.streamed ? Math.min(streaming, resident) : resident),
      residual: draft.add
        ? Math.min(last.outputRows, size.streamed ? size.stripRows + 1 : 3) *
          rowWords(last.outputWidth, draft.add.residual)
        : 0,
      poolGroups: draft.pool ? groups : 0,
      poolDepth: poolWidth * groups,
    };
  });
  const most = (of: (s: (typeof sized)[number]) => number) => Math.max(...sized.map(of));
  const hardware: Hardware = {
    pk: o.pk,
    pc: o.pc,
    busBytes: o.busBytes,
    packed: o.packed ?? false,
    lbBytes,
    lineBuffers: [
      { banks, depth: most((s) => s.lb0) },
      { banks: 1, depth: most((s) => s.lb1) },
    ],
    weightDepth: depth,
    paramDepth: powerOfTwo(
      Math.max(
        4,
        most((s) => s.params),
      ),
    ),
    window,
    maxBlocks: Math.max(16, powerOfTwo(drafts.length)),
    packer: drafts.some((d) => d.phases[0]?.kind === "pack"),
    float32: drafts.some((d) => d.phases.some((p) => p.operator?.shift.some((word) => word & FLOAT_MODE))),
    residualDepth: most((s) => s.residual),
    pool: drafts.some((d) => d.pool)
      ? { groups: most((s) => s.poolGroups), depth: most((s) => s.poolDepth) }
      : null,
    outputDepth: OUTPUT_DEPTH,
  };
  return { hardware, blocks, pitches };
}

/** Windows of stride 2 along a side, the last one clipped when padding says so. */
export function pooled(size: number, kernel: number, paddingEnd: number): number {
  return Math.floor((size + paddingEnd - kernel) / 2) + 1;
}

/** Rows of line buffer 1: all of a streamed strip's, else the window's and a few on their way. */
function line1Rows(second: PhaseShape, size: BlockSize): number {
  if (!size.streamed) return Math.min(second.kernel[0] + 3, second.inputRows);
  return second.kernel[0] > 1 ? second.inputRows : size.stripRows;
}

function mapPitches(
  drafts: readonly Draft[],
  blocks: readonly BlockSize[],
  o: ArrayOptions,
): Map<MapId, number> {
  const pitches = new Map<MapId, number>();
  drafts.forEach((draft, i) => {
    const [first] = draft.phases;
    const last = draft.phases.at(-1);
    assert(first && last, "a block has phases");
    if (!pitches.has(draft.source)) pitches.set(draft.source, imagePitch(first, o));
    const tiled = (blocks[i]?.tileGroups ?? 0) < weightSize(last, o, true).groups;
    pitches.set(draft.output, memoryPitch(last.outputChannels, tiled, o));
  });
  return pitches;
}
