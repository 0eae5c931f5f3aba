/** Sizes of pixels, rows and weights on an array. All in bytes or words as named. */
import { InputError } from "../ir/errors.ts";
import { known } from "../ir/known.ts";
import type { PhaseShape } from "./draft.ts";

/** Buffers other than what the network and the array suggest. */
export interface BufferOptions {
  /** Words of the weight ring, a power of two; a network that needs more gets more. */
  readonly weightWords?: number;
  /** Bytes of line buffer 1 that a strip of a streamed block may take; one row always fits. */
  readonly lineBytes?: number;
  /** Words of weights that stay on the chip from image to image. */
  readonly keptWords?: number;
  /** Bytes of maps between blocks that stay on the chip instead of going to memory. */
  readonly mapBytes?: number;
}

export interface ArrayOptions {
  /** Lanes and multipliers a lane: powers of two, 4 to 32. */
  readonly pk: number;
  readonly pc: number;
  readonly busBytes: 8 | 16;
  /** Two products a DSP block; default no. */
  readonly packed?: boolean | undefined;
  /** Of lanes that share DSP blocks; default where it takes less than a hundredth of the array's cycles. */
  readonly sharedRequantisers?: boolean | undefined;
  readonly buffers?: BufferOptions | undefined;
  /** Convolutions whose zeros take no multiplier; default where that saves much of the array's cycles. */
  readonly sparse?: boolean | undefined;
  /** Two columns a step of depthwise windows that move on by two; default where that saves a hundredth of the array's cycles. */
  readonly columnPairs?: boolean | undefined;
  /** Bytes that the memory moves in a cycle, both directions together; default the bus. */
  readonly memoryBytes?: number | undefined;
}

export const ceilDiv = (a: number, b: number): number => Math.ceil(a / b);
export const roundUp = (a: number, b: number): number => ceilDiv(a, b) * b;
export const powerOfTwo = (a: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, a)));

/** Words and groups of a phase's weights. */
export interface WeightSize {
  readonly groups: number;
  /** One a group, or those that all groups share. */
  readonly records: number;
  readonly shared: boolean;
  /** Of a group that is not a centre group. */
  readonly wordsPerGroup: number;
  /** Groups of the centre tap, first of `groups`, and their words each. */
  readonly centreGroups: number;
  readonly centreWords: number;
  readonly words: number;
}

/** Multipliers that two lanes have beside those that they share, for the last taps of two windows. */
export const OWN_MULTIPLIERS = 2;

type LaneOptions = Pick<ArrayOptions, "packed" | "pc" | "sharedRequantisers">;

/** Whether the windows of two lanes that share multipliers, and no requantiser, lie side by side, so that none waits for the other. */
export function windowsSideBySide(
  window: readonly [height: number, width: number],
  { packed, pc, sharedRequantisers }: LaneOptions,
): boolean {
  const taps = window[0] * window[1];
  const isPaired = packed === true && sharedRequantisers !== true;
  return isPaired && taps <= pc && 2 * taps <= pc + OWN_MULTIPLIERS;
}

/** Turns of lanes that share multipliers with each word of a window. */
export function windowTurns(window: readonly [height: number, width: number], o: LaneOptions): number {
  return windowsSideBySide(window, o) ? 1 : turns(o);
}

/** Cycles of the array for a depthwise kernel of so many rows in a window. */
export function windowCycles(
  kernelHeight: number,
  window: readonly [height: number, width: number],
  o: LaneOptions,
): number {
  return ceilDiv(kernelHeight * window[1], o.pc) * windowTurns(window, o);
}

/** Cycles of the array for what each lane has operands of its own for: two for two lanes that share multipliers. */
export const turns = ({ packed }: Pick<ArrayOptions, "packed">): number => (packed ? 2 : 1);

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

/** Bytes of a pixel in line buffer 1 or 2, the source of a later phase; packed patches fill whole words. */
export function linePitch(phase: PhaseShape, o: ArrayOptions): number {
  return roundUp(phase.inputChannels, Math.max(o.pk, o.pc, phase.readsPatches ? o.busBytes : 1));
}

/** Bytes of a pixel of the input image: dense for the packer, else as the array reads it. */
export function imagePitch(first: PhaseShape, o: ArrayOptions): number {
  return first.kind === "pack" ? first.inputChannels : memoryPitch(first.inputChannels, false, o);
}

export function weightSize(phase: PhaseShape, o: ArrayOptions, toMemory: boolean): WeightSize {
  if (phase.kind === "pack")
    return {
      groups: 0,
      records: 0,
      shared: false,
      wordsPerGroup: 0,
      centreGroups: 0,
      centreWords: 0,
      words: 0,
    };
  // results in memory fill whole pixels
  const pixel = Math.max(o.pk, o.pc, phase.wholeBeats ? o.busBytes : 1);
  const groups = roundUp(phase.outputChannels, toMemory ? pixel : o.pk) / o.pk;
  const taps = phase.kernel[0] * phase.kernel[1];
  const unweighted = phase.operator?.weights === null;
  const perTap = ceilDiv(phase.inputChannels, o.pc);
  const held = unweighted ? 1 : ceilDiv(phase.kernel[0] * phase.window[1], o.pc);
  const wordsPerGroup = phase.sparse?.own.steps ?? (phase.kind === "conv" ? taps * perTap : held);
  const centreWords = phase.sparse?.centre?.steps ?? perTap;
  const centreGroups = phase.centreTap ? phase.centreTap.bias.length / o.pk : 0;
  const records = unweighted ? known(phase.operator, "a pool").bias.length : groups;
  const words = centreGroups * centreWords + (records - centreGroups) * wordsPerGroup;
  return { groups, records, shared: unweighted, wordsPerGroup, centreGroups, centreWords, words };
}

/** Bytes of a row in line buffer 1 or 2. */
export function lineRowBytes(phase: PhaseShape, o: ArrayOptions): number {
  const lbBytes = Math.max(o.pk, o.pc, o.busBytes);
  return roundUp(phase.inputWidth * linePitch(phase, o), lbBytes);
}

/** Windows of stride 2 along a side, the last one clipped when padding says so. */
export function pooled(size: number, kernel: number, paddingEnd: number): number {
  return Math.floor((size + paddingEnd - kernel) / 2) + 1;
}
