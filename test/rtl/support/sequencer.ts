/** What surrounds the sequencer: row reader, weight loader, packer, array, output; each as slow as `stall` says. */
import { expect } from "vitest";
import { benchRandom, type Actor, type Dut } from "../../../sim/bench/index.ts";
import { packBytes } from "./bytes.ts";
import { above, atLeast, atMost, below, same } from "./expect.ts";
import type { PhaseWords } from "./phase.ts";
import type { Block, Planned, PlannedStrip } from "./program.ts";
import { readStep, rowsNeeded, type Step, type WalkerShape } from "./walk.ts";

export interface SequencerShape extends WalkerShape {
  readonly OutputDepth: number;
}

/** Cycles from a step to its result. */
const latency = 11;

/** First source row that a phase at output row y still reads. */
const firstRow = (phase: PhaseWords, y: number): number => Math.max(0, y * phase.sy - phase.padTop);

/** What the sequencer runs, and all that it does for it. */
export interface Program {
  readonly shape: SequencerShape;
  readonly blocks: readonly Block[];
  readonly plan: Planned;
}

export interface Pace {
  /** Percent of cycles in which each neighbour does nothing, and in which no row arrives. */
  readonly stall: number;
  readonly rowStall?: number;
  /** Percent of the results that a pool keeps. */
  readonly drops?: number;
  readonly seed: number;
}

export interface Image extends Actor {
  /** Block and phase of each strip, in the order in which they ran. */
  readonly order: readonly Pick<PlannedStrip, "block" | "phase">[];
  /** Every step of the program has come and every result has left. */
  readonly finished: boolean;
  /** Blocks whose packer was started. */
  readonly packed: readonly number[];
  /** Results that left through the output, and that went into a pool's window. */
  readonly left: { readonly popped: number; readonly dropped: number };
  readonly progress: string;
}

/**
 * One image. Checks every step against the plan; that its rows, weights and place are there; that no row is
 * overwritten or released before its last use; and that weights are freed when their words have been used.
 */
export function image(
  dut: Dut,
  { blocks, plan, shape }: Program,
  { stall, rowStall = stall, drops = 0, seed }: Pace,
): Image {
  const random = benchRandom(seed, "image");
  const queues = stepQueues(plan, blocks);
  let stepsLeft = queues.flat(2).reduce((sum, { steps }) => sum + steps.length, 0);
  const order: PlannedStrip[] = [];
  const packed: number[] = [];
  const left = { popped: 0, dropped: 0 };
  const late: { due: number; rowOf?: number; output?: boolean }[] = [];
  const now = {
    ...{ cycle: 0, block: 0, readerBlock: 0, readerRows: 0, freedRows: 0, released: 0 },
    ...{ loadedGroups: 0, freedGroups: 0, fifo: 0, lastWindow: -100, inVain: 0 },
    ...{ residualBlock: 0, residualRows: 0 },
  };
  /** Rows that a phase of the current block has made, rows whose steps have all come. */
  let made: number[] = [];
  let issued: number[] = [];
  let packing = false;
  const phasesNow = (): readonly PhaseWords[] => blocks[now.block]?.phases ?? [];
  const enter = (block: number): void => {
    now.block = block;
    now.freedRows = 0;
    made = phasesNow().map(() => 0);
    issued = phasesNow().map(() => 0);
  };
  enter(0);
  /** Enough for a resident block or for two tiles, so that a missing release stops the program. */
  const groupRoom = 2 * Math.max(...blocks.map((b) => b.phases.reduce((n, p) => n + p.groups, 0)));

  const read = (): void => {
    const phase = blocks[now.readerBlock]?.phases[0];
    if (phase === undefined) return;
    if (now.readerRows === phase.inRows && now.released > now.readerBlock) {
      now.readerBlock += 1;
      now.readerRows = 0;
    } else if (now.readerRows < Math.min(phase.inRows, now.freedRows + phase.slots)) now.readerRows += 1;
  };
  /** The residual's reader: a block behind another that its results have left, as many rows as it has slots. */
  const readResidual = (): void => {
    const rows = blocks[now.residualBlock]?.phases.at(-1)?.rows ?? 0;
    const residual = blocks[now.residualBlock]?.residual;
    const busy = residual !== undefined && now.residualRows < rows;
    if (now.residualBlock < now.block && !busy) {
      now.residualBlock += 1;
      now.residualRows = 0;
    } else if (busy && now.residualBlock === now.block) {
      const used = issued.at(-1) ?? 0;
      if (now.residualRows < used + residual.slots) now.residualRows += 1;
    }
  };
  const pack = (): void => {
    const [phase, to] = phasesNow();
    if (!packing || phase === undefined || to === undefined) return;
    const y = issued[0]!;
    same(dut.peekNumber("pack_dst_slots_o"), to.slots);
    same(dut.peekNumber("pack_dst_row_words_o"), to.rowWords);
    const room = y < dut.peekNumber("pack_dst_freed_o") + to.slots;
    if (y === phase.rows || !room || dut.peekNumber("pack_rows_there_o") < rowsNeeded(phase, y)) return;
    below(y, firstRow(to, issued[1]!) + to.slots);
    issued[0] = y + 1;
    late.push({ due: now.cycle + 3, rowOf: -1 });
  };

  const check = (phaseIndex: number): void => {
    const phase = phasesNow()[phaseIndex]!;
    const queue = queues[now.block]![phaseIndex]!;
    const strip = queue[0];
    if (strip === undefined) throw new Error(`phase ${phaseIndex} of block ${now.block} has no more steps`);
    const wanted = strip.steps[0]!;
    const step = readStep(dut, wanted);
    if (JSON.stringify(step) !== JSON.stringify(wanted))
      expect({ ...strip, steps: step }).toEqual({ ...strip, steps: wanted });
    const toMemory = phaseIndex === phasesNow().length - 1;
    same(dut.peekNumber("step_to_memory_o"), Number(toMemory));
    same(dut.peek("step_quant_o"), packBytes([phase.max, phase.min, phase.zeroPoint, phase.zero]));
    checkPlace(phaseIndex, wanted);
    strip.steps.shift();
    stepsLeft -= 1;
    if (strip.fresh) order.push(strip);
    strip.fresh = false;
    if (strip.steps.length === 0) queue.shift();
    if (wanted.free === 1) free(wanted);
    if (wanted.last !== 1) return;
    if (wanted.kind === 1) now.lastWindow = now.cycle;
    if (wanted.row_last === 1) issued[phaseIndex]! += 1;
    if (toMemory) late.push({ due: now.cycle + latency, output: true });
    else if (wanted.row_last === 1) late.push({ due: now.cycle + latency, rowOf: phaseIndex });
  };
  /** The step's sources are there and its destination row is free; a window before it has left the array. */
  const checkPlace = (phaseIndex: number, step: Step): void => {
    const phase = phasesNow()[phaseIndex]!;
    const y = step.y!;
    const there = phaseIndex === 0 ? now.readerRows : made[phaseIndex - 1]!;
    atLeast(there, rowsNeeded(phase, y));
    if (phaseIndex === 0) same(now.readerBlock, now.block);
    if (blocks[now.block]!.residual && phaseIndex === phasesNow().length - 1) {
      same(now.residualBlock, now.block);
      above(now.residualRows, y);
    }
    const to = phasesNow()[phaseIndex + 1];
    if (to !== undefined) below(y, firstRow(to, issued[phaseIndex + 1]!) + to.slots);
    above(now.loadedGroups, step.group!);
    if (step.kind !== 1) atLeast(now.cycle - now.lastWindow, Math.ceil((shape.DwKh * shape.DwKw) / shape.Pc));
  };
  /** A phase of a resident block whose next row has its sources and a place. */
  const runnable = (phase: PhaseWords, index: number): boolean => {
    const [y, to] = [issued[index]!, phasesNow()[index + 1]];
    if (phase.kind === "pack" || y === phase.rows) return false;
    const there = index > 0 ? made[index - 1]! : now.readerBlock === now.block ? now.readerRows : 0;
    // the sequencer begins a row that then waits for its residual, and nothing overtakes it
    if (!to && blocks[now.block]!.residual) return false;
    return there >= rowsNeeded(phase, y) && (!to || y < firstRow(to, issued[index + 1]!) + to.slots);
  };
  /** Waiting for rows is right only while no phase can go on; what it waits for takes some cycles to be seen. */
  const checkWait = (): void => {
    const waits = dut.peekNumber("state_reason_o") === 1 && blocks[now.block]?.streamed === false;
    now.inVain = waits && phasesNow().some(runnable) ? now.inVain + 1 : 0;
    below(now.inVain, 4);
  };
  const free = (step: Step): void => {
    const groups = step.free_groups!;
    const words = plan.groupWords.slice(0, groups).reduce((sum, n) => sum + n, 0);
    above(groups, now.freedGroups);
    same(step.free_words, words & 0xffff);
    now.freedGroups = groups;
  };

  return {
    order,
    packed,
    left,
    get finished() {
      return stepsLeft === 0 && late.length === 0 && now.fifo === 0;
    },
    get progress() {
      return `block ${now.block}, rows issued ${issued.join(" ")}, reason ${dut.peekNumber("state_reason_o")}`;
    },
    drive() {
      if (!random.chance(rowStall)) read();
      if (!random.chance(stall)) readResidual();
      const room = now.loadedGroups < Math.min(plan.groupWords.length, now.freedGroups + groupRoom);
      if (room && !random.chance(stall)) now.loadedGroups += 1;
      const due = late.filter((event) => event.due <= now.cycle);
      late.splice(0, late.length, ...late.filter((event) => event.due > now.cycle));
      const row = due.find((event) => event.rowOf !== undefined && event.rowOf >= 0);
      const packedRow = due.find((event) => event.rowOf === -1);
      const results = due.filter((event) => event.output).length;
      // one result a cycle, and some become part of a pool's window
      const drop = results === 1 && random.chance(drops);
      now.fifo += drop ? 0 : results;
      atMost(now.fifo, shape.OutputDepth);
      const pop = now.fifo > 0 && !random.chance(stall);
      if (pop) now.fifo -= 1;
      left.popped += Number(pop);
      left.dropped += Number(drop);
      dut.poke("reader_block_i", now.readerBlock);
      dut.poke("reader_rows_i", now.readerRows);
      dut.poke("groups_loaded_i", now.loadedGroups);
      dut.poke("output_pop_i", pop);
      dut.poke("output_drop_i", drop);
      dut.poke("residual_block_i", now.residualBlock);
      dut.poke("residual_rows_i", now.residualRows);
      dut.poke("row_written_i", row !== undefined);
      dut.poke("row_written_phase_i", row?.rowOf ?? random.below(3));
      dut.poke("pack_row_written_i", packedRow !== undefined);
      const phase = phasesNow()[0];
      const packer = phase?.kind === "pack";
      dut.poke("pack_done_i", packer && packing ? issued[0] === phase.rows : random.bits(1));
      dut.poke("pack_rows_freed_i", packer ? firstRow(phase, issued[0]!) : random.bits(16));
      // from the coming edge on they can be read
      if (row?.rowOf !== undefined) made[row.rowOf]! += 1;
      if (packedRow !== undefined) made[0]! += 1;
    },
    observe() {
      // the outputs of a step belong to the cycle before this one
      const block = dut.peekNumber("step_block_o");
      if (dut.peekNumber("step_valid_o") === 1) {
        same(block, now.block);
        check(dut.peekNumber("step_phase_o"));
      }
      const next = dut.peekNumber("state_block_o");
      if (next !== now.block) {
        expect(queues[now.block]!.flat()).toEqual([]);
        same(next, now.block + 1);
        packing = false;
        enter(next);
      }
      if (dut.peekNumber("pack_start_o") === 1) {
        packing = true;
        packed.push(now.block);
      }
      // idle: not a step and not a result is to come, of a pool's window neither
      if (dut.peekNumber("idle_o") === 1) same(stepsLeft + now.fifo + late.length, 0);
      if (!random.chance(stall)) pack();
      checkReleases();
      checkWait();
      now.cycle += 1;
    },
  };

  function checkReleases(): void {
    const released = dut.peekNumber("lb_released_o");
    atLeast(released, now.released);
    const [first] = phasesNow();
    const sourceDone = first === undefined || issued[0] === first.rows;
    atMost(released, now.block + Number(sourceDone));
    now.released = released;
    const freed = dut.peekNumber("rows_freed_o");
    if (first === undefined || now.readerBlock !== now.block) {
      same(freed, 0);
      return;
    }
    if (first.kind !== "pack") atMost(freed, firstRow(first, issued[0]!));
    same(freed === 0 || freed >= now.freedRows, true);
    now.freedRows = Math.max(freed, now.freedRows);
  }
}

/** The steps still to come: by block, phase, strip. */
function stepQueues(plan: Planned, blocks: readonly Block[]) {
  return blocks.map(({ phases }, block) =>
    phases.map((_, phase) =>
      plan.strips
        .filter((strip) => strip.block === block && strip.phase === phase)
        .map((strip) => ({ ...strip, steps: [...strip.steps], fresh: true })),
    ),
  );
}
