/** The sequencer and its walker as a process: which phase goes next, and how long each of its rows takes. */
import { assert } from "../../ir/errors.ts";
import { item } from "../../ir/known.ts";
import { type Block, type Hardware, isWithin, type Phase } from "../plan.ts";
import { LEAST_GROUP_CYCLES } from "../array-cycles.ts";
import { turns, windowTurns } from "../size.ts";
import { activationCycles, REQUANTISE_STAGES, residualCycles } from "../stages.ts";
import type { Pause, Process } from "./kernel.ts";
import type { Machine, Reason } from "./machine.ts";
import { segmentsOf } from "./segments.ts";
import { packer } from "./units.ts";

/** Cycles of the state machine: between blocks, between strips, between rows of a strip. */
const BLOCK_CYCLES = 6;
const STRIP_CYCLES = 2;
const ROW_CYCLES = 1;
/** From a row's last step until the phase in front sees the room that it leaves: where this one can go on, it does. */
const FREED_SEEN_CYCLES = 2;
/** From a group's last step to its result in a line buffer or the output FIFO. */
const pipelineCycles = (hardware: Hardware): number => 9 + arrayStages(hardware) + activationCycles(hardware);
/** Until the rings have back what a finished tile took. */
const releaseCycles = (hardware: Hardware): number => 10 + arrayStages(hardware);
/** Levels of the tree that adds a lane's products, the requantiser, and the second lane's turn. */
const arrayStages = ({ pc, sharedRequantisers }: Hardware): number =>
  Math.log2(pc) + REQUANTISE_STAGES + (sharedRequantisers ? 1 : 0);

interface PhaseState {
  readonly phase: Phase;
  readonly index: number;
  y: number;
}

export type Count = (block: number, phase: number, reason: Reason, cycles: number) => void;

export function* sequencer(m: Machine, count: Count): Process {
  const { plan } = m;
  let wordsBase = 0;
  let groupsBase = 0;
  let act = 0; // the phase that waits are booked to: the one walked last
  yield () => m.programLoaded;
  for (const [index, block] of plan.blocks.entries()) {
    m.block = index;
    m.freed = block.phases.map(() => 0);
    m.freedSeen = block.phases.map(() => 0);
    m.rowsThere = block.phases.map(() => 0);
    const states = block.phases.map((phase, i): PhaseState => ({ phase, index: i, y: 0 }));
    const last = states.length - 1;
    const packing = block.phases[0]?.kind === "pack";
    m.packDone = !packing;
    let turn = packing ? 1 : 0;
    yield* spend(BLOCK_CYCLES, (n) => count(index, Math.min(act, last), "setup", n));
    if (packing) m.kernel.start(packer(m, index));

    const finished = (s: PhaseState) => (s.index === 0 && packing ? m.packDone : s.y === s.phase.outputRows);
    const there = (s: PhaseState) => rowsOf(m, s.index, index) >= rowsNeeded(s.phase, s.y);
    const room = (s: PhaseState) => {
      const next = states[s.index + 1]?.phase;
      const stop = s.y + rowsOfStrip(s);
      return !next || stop <= item(m.freedSeen, s.index + 1) + next.sourceSlots;
    };
    const mine = (s: PhaseState) => !(s.index === 0 && packing) && (!block.streamed || turn === s.index);
    const ready = (s: PhaseState) => !finished(s) && mine(s) && there(s) && room(s);

    const segmentBase = (i: number, of: (p: Phase) => number) =>
      block.phases.slice(0, i).reduce((n, p) => n + of(p), 0);
    const wordsOf = (p: Phase) => sum(segmentsOf(p), (s) => s.segment.groups * s.wordsPerGroup);
    const groupsOf = (p: Phase) => sum(segmentsOf(p), (s) => s.segment.groups);

    // between rows of phases, and while none is ready
    const releaseSource = () => {
      if (m.released === index && states[0] && finished(states[0])) m.released++;
    };
    for (;;) {
      releaseSource();
      if (states.every(finished)) break;
      let pick = states.find(ready);
      if (!pick) {
        const starved = states.some((s) => !finished(s) && mine(s) && !there(s));
        const since = m.kernel.now();
        yield () => states.some(ready);
        releaseSource();
        pick = states.find(ready);
        count(index, Math.min(act, last), starved ? "rows" : "space", m.kernel.now() - since);
      }
      assert(pick, "a phase that is ready");
      const { index: p, phase } = pick;
      act = p;
      yield* spend(STRIP_CYCLES, (n) => count(index, p, "setup", n));
      const strip: Strip = {
        block,
        blockIndex: index,
        state: pick,
        toMemory: p === last,
        words: wordsBase + (block.streamed ? 0 : segmentBase(p, wordsOf)),
        groups: groupsBase + (block.streamed ? 0 : segmentBase(p, groupsOf)),
      };
      yield* walk(m, strip, (reason, n) => count(index, p, reason, n));
      if (block.streamed) {
        wordsBase += wordsOf(phase);
        groupsBase += groupsOf(phase);
        turn = p === last ? (packing ? 1 : 0) : p + 1;
      } else if (p === last && pick.y === phase.outputRows && !isWithin(plan.keptBlocks, index)) {
        release(m, segmentBase(states.length, wordsOf), segmentBase(states.length, groupsOf));
      }
    }
    if (!block.streamed) {
      wordsBase += segmentBase(states.length, wordsOf);
      groupsBase += segmentBase(states.length, groupsOf);
    }
  }
  m.kernel.after(pipelineCycles(plan.hardware), () => (m.drained = true));
}

interface Strip {
  readonly block: Block;
  readonly blockIndex: number;
  readonly state: PhaseState;
  readonly toMemory: boolean;
  /** Absolute numbers of the first weight word and group. */
  readonly words: number;
  readonly groups: number;
}

type CountReason = (reason: Reason, cycles: number) => void;

function* spend(cycles: number, count: (n: number) => void): Generator<Pause, void, void> {
  count(cycles);
  yield cycles;
}

/** Waits for a condition and books the time. */
function* waitUntil(
  m: Machine,
  reason: Reason,
  until: () => boolean,
  count: CountReason,
): Generator<Pause, void, void> {
  if (until()) return;
  const since = m.kernel.now();
  yield until;
  count(reason, m.kernel.now() - since);
}

function rowsOf(m: Machine, phase: number, block: number): number {
  if (phase > 0) return item(m.rowsThere, phase);
  return m.readerBlock === block ? m.readerRows : 0;
}

/** Rows of the strip that begins at `y`. */
function rowsOfStrip({ phase, y }: PhaseState): number {
  return Math.min(phase.stripRows + (y === 0 ? phase.haloRows : 0), phase.outputRows - y);
}

function rowsNeeded(p: Phase, y: number): number {
  return Math.min(p.inputRows, y * p.stride[0] - p.padTop + p.kernel[0]);
}

function release(m: Machine, words: number, groups: number): void {
  m.kernel.after(releaseCycles(m.plan.hardware), () => {
    m.wordsFree += words;
    m.groupsFree += groups;
  });
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((n, item) => n + of(item), 0);
}

/** Steps of `count` groups of one pixel of a conv or serial phase, from group `from` of the layer; of a group at least so many. */
function stepsOf(p: Phase, from: number, count: number, least = 1): number {
  if (p.kind !== "conv") return count * p.kernel[0] * p.kernel[1];
  const words = Math.max(least, p.wordsPerGroup);
  if (p.centreTap === null) return count * words;
  const centre = Math.max(0, Math.min(count, p.centreTap.groups - from));
  return centre * Math.max(least, p.centreTap.wordsPerGroup) + (count - centre) * words;
}

/** Cycles of those steps. */
function cyclesOf({ plan }: Machine, p: Phase, from: number, count: number): number {
  if (p.kind === "serial") return turns(plan.hardware) * stepsOf(p, from, count);
  return stepsOf(p, from, count, plan.hardware.sharedRequantisers ? LEAST_GROUP_CYCLES : 1);
}

function* walk(m: Machine, strip: Strip, count: CountReason): Generator<Pause, void, void> {
  const { state, block } = strip;
  const { phase: p, index } = state;
  const rows = rowsOfStrip(state);
  const first = state.y;
  for (let tile = 0; tile < p.groups; tile += p.tileGroups) {
    const groups = Math.min(p.tileGroups, p.groups - tile);
    const lastTile = tile + groups >= p.groups;
    for (let r = 0; r < rows; r++) {
      const y = first + r;
      const adds = strip.toMemory && block.residual !== null;
      const residual = () => !adds || (m.residualBlock === strip.blockIndex && m.residualRows > y);
      const rowsThere = () => rowsOf(m, index, strip.blockIndex) >= rowsNeeded(p, y) && residual();
      // sparse steps wait for a patch, which comes while they compute the pixel before it where its rows are there
      const isFetched = rowsThere() && (tile > 0 || r > 0);
      yield* waitUntil(m, "rows", rowsThere, count);
      yield* spend(ROW_CYCLES, (n) => count("setup", n));
      if (p.sparse && !isFetched) yield* spend(p.sparse.patchWords, (n) => count("setup", n));
      const row = { first: tile, groups, last: lastTile, ends: lastTile && r === rows - 1, y };
      yield* p.kind === "depthwise" ? depthwiseRow(m, strip, row, count) : pixelRow(m, strip, row, count);
      if (lastTile) {
        if (adds) m.kernel.after(2 * pipelineCycles(m.plan.hardware), () => m.residualFreed++);
        state.y++;
        const freed = Math.max(0, state.y * p.stride[0] - p.padTop);
        m.freed[index] = freed;
        const { freedSeen } = m; // of this block
        m.kernel.after(FREED_SEEN_CYCLES, () => (freedSeen[index] = freed));
        if (!strip.toMemory)
          m.kernel.after(pipelineCycles(m.plan.hardware), () => {
            m.rowsThere[index + 1] = item(m.rowsThere, index + 1) + 1;
          });
      }
    }
    if (block.streamed) {
      const records = p.oneRecord ? (lastTile ? 1 + p.edgeRecords : 0) : groups;
      const words = p.kind === "conv" ? stepsOf(p, tile, groups) : records * p.wordsPerGroup;
      release(m, words, records);
    }
  }
}

function* depthwiseRow(
  m: Machine,
  strip: Strip,
  { first, groups }: Tile,
  count: CountReason,
): Generator<Pause, void, void> {
  const p = strip.state.phase;
  const steps = p.wordsPerGroup * windowTurns(m.plan.hardware.window, m.plan.hardware);
  const firstSlot = Math.max(steps, Math.ceil((p.kernel[1] - p.padLeft) / p.columns));
  const row = firstSlot + (p.outputWidth - 1) * Math.max(steps, p.stride[1] / p.columns);
  for (let g = first; g < first + groups; g++) {
    const group = strip.groups + g;
    if (m.groupsLoaded <= group) yield* waitUntil(m, "weights", () => m.groupsLoaded > group, count);
    else if (strip.groups + first + groups <= m.groupsLoaded) {
      if (g === 0) leaves(m, strip, firstSlot);
      yield* spend(row * (first + groups - g), (n) => count("issue", n));
      return;
    }
    if (g === 0) leaves(m, strip, firstSlot);
    yield* spend(row, (n) => count("issue", n));
  }
}

/** The first results of a block leave so long after their steps began: tables for later blocks wait for them. */
function leaves(m: Machine, { blockIndex }: Strip, steps: number): void {
  const { hardware } = m.plan;
  if (!hardware.tables) return;
  m.kernel.after(
    steps + pipelineCycles(hardware) + residualCycles(hardware),
    () => (m.passed = Math.max(m.passed, blockIndex)),
  );
}

interface Tile {
  /** First group of the layer, and how many. */
  readonly first: number;
  readonly groups: number;
  readonly last: boolean;
  /** Whether the row is the last of its strip. */
  readonly ends: boolean;
  /** Output row. */
  readonly y: number;
}

/** A row of pixels of one tile: groups wait for their weights in the first pixel, and for room in the output. */
function* pixelRow(m: Machine, strip: Strip, tile: Tile, count: CountReason): Generator<Pause, void, void> {
  const p = strip.state.phase;
  const { groups } = tile;
  const { outputDepth } = m.plan.hardware;
  const base = strip.groups + (p.oneRecord ? p.edgeRecords : tile.first);
  const complete = () => m.groupsLoaded >= base + (p.oneRecord ? 1 : groups);
  // the next patch takes longer than the steps of this one
  const late = p.sparse ? Math.max(0, p.sparse.patchWords - cyclesOf(m, p, tile.first, groups)) : 0;
  // groups that leave together: enough to keep the number of events low, few enough to see the FIFO fill
  const together = outputDepth / 16;
  const batch = strip.toMemory ? Math.max(1, Math.floor(together / groups)) : p.outputWidth;
  for (let x = 0; x < p.outputWidth;) {
    const pixels = complete() ? Math.min(batch, p.outputWidth - x) : 1;
    const chunk = complete() ? Math.max(1, Math.min(groups, together)) : 1;
    for (let g = 0; g < groups; g += chunk) {
      const here = Math.min(chunk, groups - g);
      const n = pixels * here;
      const group = base + (p.oneRecord ? 0 : g);
      if (m.groupsLoaded <= group) yield* waitUntil(m, "weights", () => m.groupsLoaded > group, count);
      if (strip.toMemory) {
        yield* waitUntil(m, "output", () => m.outputHeld + n <= outputDepth, count);
        m.outputHeld += n;
        m.backlog += n;
      }
      if (x === 0 && group === base) leaves(m, strip, cyclesOf(m, p, tile.first + g, 1));
      yield* spend(pixels * cyclesOf(m, p, tile.first + g, here), (c) => count("issue", c));
      if (strip.toMemory) emit(m, strip, tile, n, x, g + here >= groups ? x + pixels : x);
    }
    x += pixels;
    const followed = tile.ends && x === p.outputWidth ? pixels - 1 : pixels;
    if (late > 0 && followed > 0) yield* spend(followed * late, (c) => count("setup", c));
  }
}

/** Hands `n` groups to the writer, or those that a pool makes of them; `done`: pixels of the row that are complete. */
function emit(m: Machine, strip: Strip, tile: Tile, n: number, before: number, done: number): void {
  const { pk } = m.plan.hardware;
  const { pool } = strip.block;
  const p = strip.state.phase;
  if (!pool) {
    m.output.push(n * pk);
    return;
  }
  m.outputHeld -= n;
  m.backlog -= n;
  const closes =
    (pool.kernel === 3 ? tile.y > 0 && tile.y % 2 === 0 : tile.y % 2 === 1) || tile.y === p.outputRows - 1;
  const row = pool.kernel === 3 && tile.y % 2 === 0 ? tile.y / 2 - 1 : Math.floor(tile.y / 2);
  if (!closes || row >= pool.rows) return;
  // a window is complete with its last column; what is left of it over the edge ends with the row
  const windows = (pixels: number): number =>
    pixels === p.outputWidth ? pool.width : Math.max(0, Math.floor((pixels - pool.kernel) / 2) + 1);
  const held = (windows(done) - windows(before)) * tile.groups;
  if (held === 0) return;
  m.outputHeld += held;
  m.backlog += held;
  m.output.push(held * pk);
}
