/** Sizes the hardware for a network: line buffers, rings, strips. All sizes in bytes or words as named. */
import { InputError, assert } from "../ir/errors.ts";
import type { Hardware } from "./plan.ts";
import type { Draft, PhaseShape } from "./fuse.ts";

export interface ArrayOptions {
  /** Lanes and multipliers a lane: powers of two, 4 to 32. */
  readonly pk: number;
  readonly pc: number;
  readonly busBytes: 8 | 16;
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
  readonly wordsPerGroup: number;
  readonly words: number;
}

const OUTPUT_DEPTH = 64;
const ROW_BANKS = 4;
/** A strip should compute this many times longer than its weights take to arrive. */
const STREAM_MARGIN = 4;

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
  if (phase.kind === "pack") return { groups: 0, records: 0, wordsPerGroup: 0, words: 0 };
  // results in memory fill whole pixels
  const groups = roundUp(phase.outputChannels, toMemory ? Math.max(o.pk, o.pc) : o.pk) / o.pk;
  const taps = phase.kernel[0] * phase.kernel[1];
  const hold = phase.operator?.weights === null;
  const wordsPerGroup =
    phase.kind === "conv" ? taps * ceilDiv(phase.inputChannels, o.pc) : hold ? 1 : ceilDiv(taps, o.pc);
  const records = hold ? 1 : groups;
  return { groups, records, wordsPerGroup, words: records * wordsPerGroup };
}

/** Weight ring: 512 words for large arrays, more for small ones; twice the largest group at least. */
function weightDepth(drafts: readonly Draft[], o: ArrayOptions): number {
  const sizes = drafts.flatMap((d) => d.phases.map((p) => weightSize(p, o, true)));
  const largest = Math.max(...sizes.map((s) => s.wordsPerGroup));
  const total = sizes.reduce((n, s) => n + s.words, 0);
  // a streamed first phase must fit whole
  const first = Math.max(
    ...drafts.map((d) => (d.phases.length > 1 && d.phases[0] ? weightSize(d.phases[0], o, false).words : 0)),
  );
  const wanted = o.pk * o.pc >= 256 ? 512 : 1024;
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
  const pixels = STREAM_MARGIN * ceilDiv(o.pk * o.pc, o.busBytes);
  const wanted = Math.min(last.outputRows, ceilDiv(pixels, last.outputWidth));
  const row = draft.phases.length > 1 ? lineRowBytes(last, o) : 0;
  const fitting =
    row > 0 ? Math.max(1, Math.floor(lb1Bytes / row)) : draft.phases.length > 1 ? wanted : singleRows(last);
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
}

export function sizeHardware(
  drafts: readonly Draft[],
  window: readonly [number, number],
  o: ArrayOptions,
): Sized {
  const lbBytes = Math.max(o.pk, o.pc, o.busBytes);
  const depth = weightDepth(drafts, o);
  const blocks = drafts.map((d) => sizeBlock(d, depth, lb1Budget(o), o));
  const needs = drafts.map(({ phases: [p] }) => Math.max(p?.padTop ?? 0, p?.stride[0] ?? 0));
  const banks = powerOfTwo(Math.max(ROW_BANKS, window[0], ...needs));
  let lb0 = 1;
  let lb1 = 1;
  let params = 4;
  let tiled = false;
  drafts.forEach((draft, i) => {
    const size = blocks[i];
    const [first, second] = draft.phases;
    assert(size && first, "sized block");
    const pitch = i === 0 ? imagePitch(first, o) : memoryPitch(first.inputChannels, tiled, o);
    const rowWords = ceilDiv(first.inputWidth * pitch, lbBytes);
    const slots = wantedSlots(first, banks, size.stripRows, size.streamed && !second);
    lb0 = Math.max(lb0, (slots / banks) * rowWords);
    if (second) {
      const rows = size.streamed ? size.stripRows : Math.min(4, second.inputRows);
      lb1 = Math.max(lb1, (rows * lineRowBytes(second, o)) / lbBytes);
    }
    const sizes = draft.phases.map((p, j) => weightSize(p, o, j === draft.phases.length - 1));
    tiled = size.tileGroups < (sizes.at(-1)?.groups ?? 0);
    const resident = sizes.reduce((n, s) => n + s.records, 0);
    const streaming = (sizes.length > 1 ? (sizes[0]?.records ?? 0) : 0) + 2 * size.tileGroups;
    params = Math.max(params, 2 * (size.streamed ? Math.min(streaming, resident) : resident));
  });
  const hardware: Hardware = {
    ...o,
    lbBytes,
    lineBuffers: [
      { banks, depth: lb0 },
      { banks: 1, depth: lb1 },
    ],
    weightDepth: depth,
    paramDepth: powerOfTwo(params),
    window,
    maxBlocks: Math.max(16, powerOfTwo(drafts.length)),
    packer: drafts.some((d) => d.phases[0]?.kind === "pack"),
    outputDepth: OUTPUT_DEPTH,
  };
  return { hardware, blocks };
}
