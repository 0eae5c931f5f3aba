/** The steps of a strip as plain loops, from docs/hardware.md: what step_walker has to issue. */
import type { Dut } from "../../../sim/bench/index.ts";
import { rowPlace, wordsOf, type PhaseWords } from "./phase.ts";

export interface WalkerShape {
  readonly Pk: number;
  readonly Pc: number;
  readonly DwKh: number;
  readonly DwKw: number;
}

/** Rows of a line buffer. */
export interface Rows {
  readonly rowWords: number;
  readonly slots: number;
  readonly banks: number;
}

export interface Strip {
  readonly phase: PhaseWords;
  /** First output row. */
  readonly y: number;
  /** Rows of the destination line buffer; null when the results go to memory. */
  readonly destination: Rows | null;
  /** Rows of the residual line buffer, for results that go to memory with a residual. */
  readonly residual?: Rows | null;
  /** Weights of the first tile: word and group, counted from the start of the image. */
  readonly words: number;
  readonly groups: number;
  readonly free: "tiles" | "all" | "none";
}

/** The step ports that mean something in this step, by name without `step_` and `_o`. */
export type Step = Readonly<Record<string, number>>;

export interface Walk {
  readonly steps: readonly Step[];
  /** Cycles without stalls: a set-up for every row of a tile, then one a step or a window's cycles. */
  readonly cycles: number;
  /** Pixels times groups. */
  readonly results: number;
  /** Weights after the strip. */
  readonly words: number;
  readonly groups: number;
}

/** Source rows that an output row needs, counted from the map's first. */
export function rowsNeeded(phase: PhaseWords, y: number): number {
  return Math.max(0, Math.min(y * phase.sy - phase.padTop + phase.kh, phase.inRows));
}

export function stripRows(phase: PhaseWords, y: number): number {
  return Math.min(phase.stripRows + (y === 0 ? phase.haloRows : 0), phase.rows - y);
}

const u16 = (n: number): number => n & 0xffff;

export function walk(shape: WalkerShape, strip: Strip): Walk {
  const { phase } = strip;
  const steps: Step[] = [];
  const totals = { cycles: 0, results: 0 };
  let { words, groups } = strip;
  const last = strip.y + stripRows(phase, strip.y) - 1;
  for (let tile = 0; tile < phase.groups; tile += phase.tileGroups) {
    const count = Math.min(phase.tileGroups, phase.groups - tile);
    const end = phase.oneRecord ? 1 + phase.edgeRecords : count;
    const after = { words: words + wordsOf(phase, tile, end), groups: groups + end };
    const lastTile = tile + count === phase.groups;
    for (let y = strip.y; y <= last; y += 1) {
      const row: Step[] = [];
      totals.cycles += 1 + walkRow(shape, strip, { y, tile, count, words, groups }, row);
      totals.results += count * phase.width;
      const freed = y === last && (strip.free === "tiles" || (strip.free === "all" && lastTile));
      row.forEach((step, i) => {
        const final = i === row.length - 1;
        const free = Number(final && freed);
        const ends: Step = final ? { row_last: Number(lastTile) } : step.last === 1 ? { row_last: 0 } : {};
        const counts: Step = free ? { free_words: u16(after.words), free_groups: u16(after.groups) } : {};
        steps.push({ ...step, free, ...ends, ...counts });
      });
    }
    ({ words, groups } = after);
  }
  return { ...totals, steps, words, groups };
}

interface Row {
  readonly y: number;
  readonly tile: number;
  readonly count: number;
  readonly words: number;
  readonly groups: number;
}

/** Appends the steps of one row of one tile; returns its cycles. */
function walkRow(shape: WalkerShape, strip: Strip, row: Row, steps: Step[]): number {
  const { phase } = strip;
  let cycles = 0;
  if (phase.kind === "depthwise" || phase.kind === "pairs") {
    for (let g = 0; g < row.count; g += 1)
      for (let x = 0; x < phase.width; x += 1) {
        const loads = loadsOf(phase, x);
        cycles += Math.max(loads, phase.wordsPerGroup);
        for (let load = 0; load < loads; load += 1) steps.push(columnStep(shape, strip, row, g, x, load));
      }
    return cycles;
  }
  for (let x = 0; x < phase.width; x += 1)
    for (let g = 0; g < row.count; g += 1)
      for (let t = 0; t < taps(phase, row.tile + g); t += 1) {
        steps.push(tapStep(shape, strip, row, g, x, t));
        cycles += 1;
      }
  return cycles;
}

/** Steps of a group of a convolution, or taps of a serial one. */
function taps(phase: PhaseWords, group: number): number {
  return group < phase.centreGroups ? phase.words : phase.kh * phase.kw * phase.words;
}

/** Columns of taps that a pixel brings: the whole window at the left edge, later one stride. */
function columns(phase: PhaseWords, x: number): number {
  return x === 0 ? phase.kw - phase.padLeft : phase.sx;
}

const columnsAStep = ({ kind }: PhaseWords): 1 | 2 => (kind === "pairs" ? 2 : 1);

/** Steps that bring them. */
function loadsOf(phase: PhaseWords, x: number): number {
  return Math.ceil(columns(phase, x) / columnsAStep(phase));
}

/** One column of taps of a depthwise window, or two; of an odd number of columns the first step has one in front of the map. */
function columnStep(shape: WalkerShape, strip: Strip, row: Row, g: number, x: number, load: number): Step {
  const { phase } = strip;
  const top = row.y * phase.sy - phase.padTop;
  const count = columnsAStep(phase);
  const end = columns(phase, 0) + x * phase.sx;
  const column = end - count * (loadsOf(phase, x) - load);
  const isOutside = (column: number) => column < 0 || column >= phase.inWidth;
  const pad = isOutside(column);
  const isPadding = (r: number) => r >= phase.kh || top + r < 0 || top + r >= phase.inRows;
  const rowPad = Array.from({ length: shape.DwKh }, (_, r) => Number(isPadding(r)));
  const { slot, bank, addr } = rowPlace(top, phase);
  const rows = { bank, addr, next: rowPlace(slot + phase.banks, phase).addr };
  const offset = (column: number) => column * phase.pitch + (row.tile + g) * shape.Pk;
  const last = load === loadsOf(phase, x) - 1;
  return {
    ...{ kind: 1, pad: Number(pad), row_pad: rowPad.reduceRight((bits, b) => bits * 2 + b, 0) },
    ...(pad ? {} : { ...rows, offset: offset(column) }),
    ...(count === 1
      ? {}
      : { pair: 1, ...second(isOutside(column + 1), { ...rows, second: offset(column + 1) }) }),
    ...{ first: Number(x === 0 && load === 0), last: Number(last), tap: phase.wordsPerGroup - 1 },
    words: u16(row.words + (phase.oneRecord ? 0 : wordsOf(phase, row.tile, g))),
    ...common(shape, strip, row, g, x, last),
  };
}

const second = (pad: boolean, place: Step): Step => ({ second_pad: Number(pad), ...(pad ? {} : place) });

/** One word of a patch (conv), or one tap of every lane (serial). */
function tapStep(shape: WalkerShape, strip: Strip, row: Row, g: number, x: number, t: number): Step {
  const { phase } = strip;
  const serial = phase.kind === "serial";
  const centre = row.tile + g < phase.centreGroups;
  const tap = centre ? phase.kw + 1 : Math.floor(t / phase.words);
  const [y, column] = [
    row.y * phase.sy - phase.padTop + Math.floor(tap / phase.kw),
    x * phase.sx - phase.padLeft + (tap % phase.kw),
  ];
  const isOutside = (y: number, column: number) =>
    y < 0 || y >= phase.inRows || column < 0 || column >= phase.inWidth;
  const pad = isOutside(y, column);
  // taps of the window up to this one that lie outside of the map
  const outside = Array.from({ length: tap + 1 }, (_, i) => {
    const [ky, kx] = [Math.floor(i / phase.kw), i % phase.kw];
    return isOutside(row.y * phase.sy - phase.padTop + ky, x * phase.sx - phase.padLeft + kx);
  }).filter(Boolean).length;
  const { bank, addr } = rowPlace(y, phase);
  const inPixel = serial ? (row.tile + g) * shape.Pk : (t % phase.words) * shape.Pc;
  const word = !serial ? t : phase.oneWord ? 0 : Math.floor(t / shape.Pc);
  const last = t === taps(phase, row.tile + g) - 1;
  return {
    ...{ kind: serial ? 2 + Number(phase.maximum) : 0, pad: Number(pad) },
    ...(pad ? {} : { bank, addr, offset: column * phase.pitch + inPixel }),
    ...{ first: Number(t === 0), last: Number(last) },
    ...(serial ? { tap: phase.oneWord ? 0 : t % shape.Pc } : {}),
    words: u16(row.words + (phase.oneRecord ? phase.edgeRecords : wordsOf(phase, row.tile, g)) + word),
    ...common(shape, strip, row, g, x, last),
    ...(phase.edgeRecords > 0 ? { group: u16(row.groups + phase.edgeRecords - outside) } : {}),
  };
}

function common(shape: WalkerShape, strip: Strip, row: Row, g: number, x: number, last: boolean): Step {
  const { phase, destination } = strip;
  // a result of the last phase carries where its residual lies instead
  const rows = destination ?? strip.residual ?? null;
  const to = rows === null ? null : rowPlace(row.y, rows);
  const tileEnd = g === row.count - 1;
  const pixelEnd = tileEnd && (phase.groups > phase.tileGroups || x === phase.width - 1);
  return {
    group: u16(row.groups + (phase.oneRecord ? 0 : g)),
    ...{ y: row.y, x, channel_group: row.tile + g },
    x_last: Number(x === phase.width - 1),
    y_last: Number(row.y === phase.rows - 1),
    pixel_last: Number(tileEnd),
    ...(!last || destination !== null ? {} : { chunk_last: Number(pixelEnd) }),
    ...(!last || to === null
      ? {}
      : {
          ...{ dst_bank: to.bank, dst_addr: to.addr },
          dst_offset: x * phase.dstPitch + (row.tile + g) * shape.Pk,
        }),
  };
}

/** The ports of a step that `like` names. */
export function readStep(dut: Dut, like: Step): Step {
  return Object.fromEntries(Object.keys(like).map((name) => [name, dut.peekNumber(`step_${name}_o`)]));
}
