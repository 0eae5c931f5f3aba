/** Strips and tiles of a block: whether its weights stay or stream, and what each phase makes before the next goes on. */
import { assert } from "../ir/errors.ts";
import type { Draft, PhaseShape } from "./draft.ts";
import { type ArrayOptions, ceilDiv, lineRowBytes, powerOfTwo, roundUp, weightSize } from "./size.ts";

/** What a phase makes of a strip. */
export interface PhaseStrip {
  readonly rows: number;
  /** Rows more in the block's first strip: the window of the next phase reaches them. */
  readonly haloRows: number;
  readonly tileGroups: number;
}

/** Strips of each phase; resident weights: one row at a time, all groups. */
export interface BlockSize {
  readonly streamed: boolean;
  readonly strips: readonly PhaseStrip[];
}

/** Row banks of a line buffer that a window is read from. */
export const ROW_BANKS = 4;
/** A strip should compute this many times longer than its weights take to arrive. */
const STREAM_MARGIN = 4;

type Phases = Pick<Draft, "phases" | "pool">;

/** Words of the weight ring that an array gets without need: 2 MiB of weights for large ones, which are for chips with room for them. */
export function ringWords({ buffers, pc, pk }: ArrayOptions): number {
  return buffers?.weightWords ?? (pk * pc >= 256 ? 2 ** 21 / (pk * pc) : 1024);
}

/** Bytes of line buffer 1 that a two-phase block may use for a strip. */
export function lineBudget(o: ArrayOptions): number {
  return o.buffers?.lineBytes ?? (o.pk * o.pc >= 1024 ? 131072 : o.pk * o.pc >= 256 ? 57344 : 32768);
}

/** Groups of results that make a whole beat: tiles of a layer whose results go to memory have a multiple of them. */
function groupsABeat({ busBytes, pk }: ArrayOptions): number {
  return Math.max(1, busBytes / pk);
}

/** The smallest weight ring. */
const LEAST_WORDS = 16;

/** Weight ring for these blocks: twice the largest group at least. */
export function weightDepth(drafts: readonly Phases[], o: ArrayOptions): number {
  if (drafts.length === 0) return LEAST_WORDS;
  const words = drafts.map(({ phases }) => phases.map((p) => weightSize(p, o, true)));
  // a window may read any of the records that all groups share
  const largest = Math.max(...words.flat().map((s) => (s.shared ? s.words : s.wordsPerGroup)));
  const sums = words.map((sizes) => sizes.reduce((n, s) => n + s.words, 0));
  const total = sums.reduce((n, sum) => n + sum, 0);
  // the streamed first of two phases must fit whole, beside a tile of the second
  const firsts = drafts.map(({ phases: [first, ...more] }) =>
    first && more.length === 1 ? weightSize(first, o, false).words : 0,
  );
  // the smallest tile of a last phase must fit
  const tiles = words.map((sizes) => {
    const last = sizes.at(-1);
    return last ? Math.min(last.groups, groupsABeat(o)) * last.wordsPerGroup : 0;
  });
  // three phases share a block because of their strips: oneBlock() has counted on this ring
  const threes = sums.filter((_, i) => drafts[i]?.phases.length === 3);
  return Math.max(
    powerOfTwo(2 * largest),
    powerOfTwo(Math.max(...firsts) * 1.5),
    powerOfTwo(Math.max(...tiles)),
    Math.min(ringWords(o), powerOfTwo(Math.max(total, 2 * Math.max(0, ...threes)))),
    LEAST_WORDS,
  );
}

/** `depth`: words of the weight ring. */
export function sizeBlock(draft: Phases, depth: number, o: ArrayOptions): BlockSize {
  const { phases } = draft;
  const sizes = phases.map((p, i) => weightSize(p, o, i === phases.length - 1));
  const words = sizes.reduce((n, s) => n + s.words, 0);
  const last = phases.at(-1);
  assert(last, "a block has phases");
  if (words <= depth / 2)
    return {
      streamed: false,
      strips: sizes.map(({ groups }) => ({ rows: 1, haloRows: 0, tileGroups: groups })),
    };
  const rows = streamedRows(draft, last, o);
  const tile = (wordsPerGroup: number) => Math.max(1, Math.floor(depth / 2 / wordsPerGroup));
  const step = groupsABeat(o);
  const strips = sizes.map(({ groups, wordsPerGroup }, i): PhaseStrip => {
    const fitting = tile(wordsPerGroup);
    if (i === phases.length - 1) {
      const whole = Math.max(step, Math.floor(fitting / step) * step);
      return { rows, haloRows: 0, tileGroups: Math.min(groups, whole) };
    }
    if (phases.length === 2) return { rows, haloRows: 0, tileGroups: groups };
    const next = phases[i + 1];
    assert(next, "a later phase");
    return { ...stripBefore(next, rows), tileGroups: Math.min(groups, fitting) };
  });
  return { streamed: true, strips };
}

/** Strips of a phase whose rows `next` reads in strips of `rows`. */
function stripBefore(next: PhaseShape, rows: number): Pick<PhaseStrip, "rows" | "haloRows"> {
  const [stride] = next.stride;
  return { rows: rows * stride, haloRows: Math.max(0, next.kernel[0] - next.padTop - stride) };
}

/** Rows that make a strip compute STREAM_MARGIN times longer than its weights load, in equal strips that fit. */
function streamedRows(draft: Phases, last: PhaseShape, o: ArrayOptions): number {
  const { length } = draft.phases;
  // a window would reach into rows of the next strip, and a pool into those of the next tile
  if ((length === 2 && last.kernel[0] > 1) || draft.pool) return last.outputRows;
  if (length === 3) return tripleRows(draft.phases, o) ?? last.outputRows;
  const fitting =
    length > 1 ? Math.max(1, Math.floor(lineBudget(o) / lineRowBytes(last, o))) : singleRows(last);
  return equalStrips(last, Math.min(wantedRows(last, o), fitting));
}

function wantedRows(last: PhaseShape, o: ArrayOptions): number {
  const pixels = STREAM_MARGIN * ceilDiv(o.pk * o.pc, o.busBytes);
  return Math.max(1, Math.min(last.outputRows, ceilDiv(pixels, last.outputWidth)));
}

function equalStrips(last: PhaseShape, most: number): number {
  return ceilDiv(last.outputRows, ceilDiv(last.outputRows, most));
}

/** A single phase re-reads its strip's source rows for every tile, so they stay in line buffer 0 together. */
function singleRows(last: PhaseShape): number {
  return Math.max(1, Math.floor((2 * ROW_BANKS - last.kernel[0]) / last.stride[0]) + 1);
}

/** Rows of a streamed strip of three phases, whose line buffers hold them; null when no strip fits. */
function tripleRows(phases: readonly PhaseShape[], o: ArrayOptions): number | null {
  const [, deep, last] = phases;
  assert(deep && last, "three phases");
  const wanted = wantedRows(last, o);
  const fewer = Array.from({ length: wanted }, (_, i) => wanted - i);
  const more = Array.from({ length: last.outputRows - wanted }, (_, i) => wanted + 1 + i);
  for (const most of [...fewer, ...more]) {
    const rows = equalStrips(last, most);
    const before = stripBefore(deep, rows);
    // each strip brings the first phase's weights, so each has rows for it
    const made = (ceilDiv(last.outputRows, rows) - 1) * before.rows + before.haloRows;
    const size: BlockSize = {
      streamed: true,
      strips: [before, { rows, haloRows: 0 }, { rows, haloRows: 0 }].map((s) => ({ ...s, tileGroups: 1 })),
    };
    if ((rows === last.outputRows || made < deep.inputRows) && tripleFits(phases, size, o)) return rows;
  }
  return null;
}

/**
 * Whether the line buffers of three phases stay within their budgets. The window's holds the rows that line buffer 0
 * would have to hold of the same map in memory, so it may have twice as much.
 */
export function tripleFits(phases: readonly PhaseShape[], size: BlockSize, o: ArrayOptions): boolean {
  const bytes = (index: number, banks: number): number => {
    const phase = phases[index];
    assert(phase, "three phases");
    return roundUp(lineRows(phases, index, size), banks) * lineRowBytes(phase, o);
  };
  return bytes(1, ROW_BANKS) <= 2 * lineBudget(o) && bytes(2, 1) <= lineBudget(o);
}

/** Rows of line buffer 1 or 2: those that a streamed strip's windows touch, else a window and a few on their way. */
export function lineRows(phases: readonly PhaseShape[], index: number, size: BlockSize): number {
  const phase = phases[index];
  const strip = size.strips[index];
  const before = size.strips[index - 1];
  assert(phase && strip && before, "a later phase");
  // in the middle of three phases one row runs ahead of the window while another one is on its way
  const ahead = index < phases.length - 1 ? 1 : 3;
  const rows = size.streamed
    ? strip.rows * phase.stride[0] + before.haloRows + phase.padTop
    : phase.kernel[0] + ahead;
  return Math.min(rows, phase.inputRows);
}
