/** What the units of the accelerator see of each other while the cycle model runs; counters as in docs/hardware.md. */
import type { Plan } from "../plan.ts";
import type { Kernel } from "./kernel.ts";
import type { Memory } from "./memory.ts";
import { type Scratchpad, scratchpad } from "./scratchpad.ts";

export type Reason = "issue" | "rows" | "weights" | "output" | "space" | "setup";

/** Cycles of one phase by what the sequencer did. */
export type PhaseCycles = Record<Reason, number>;

/** Who reads memory, in the order of their priorities. */
export const clients = ["program", "residual", "rows", "weights"] as const;
export type Client = (typeof clients)[number];

/** An image that loads all, or one behind it that finds program and kept weights on the chip. */
export type ImageKind = "first" | "next";

export interface Machine {
  readonly plan: Plan;
  readonly image: ImageKind;
  readonly kernel: Kernel;
  readonly memory: Memory;
  /** Who wants to ask for beats now. */
  readonly wanting: Set<Client>;
  readonly scratchpad: Scratchpad;
  /** Who wants to read the scratchpad now. */
  readonly wantingChip: Set<Client>;
  programLoaded: boolean;
  /** Row reader: block in line buffer 0 and its complete rows. */
  readerBlock: number;
  readerRows: number;
  /** Residual reader: its block and complete rows; rows that the adder has finished with. */
  residualBlock: number;
  residualRows: number;
  residualFreed: number;
  /** Sequencer: block in progress, blocks that no longer need line buffer 0, source rows freed by phase. */
  block: number;
  released: number;
  freed: number[];
  /** The same, as the choice of the next phase sees it. */
  freedSeen: number[];
  /** Complete rows of line buffers 1 and up, by the phase that reads them. */
  rowsThere: number[];
  /** The array has computed all blocks, and their results have left it. */
  drained: boolean;
  /** Packer: rows done of the block. */
  packDone: boolean;
  groupsLoaded: number;
  /** Tables asked for and not yet written behind the lanes; when the last beat of one that came will be. */
  tablesOpen: number;
  tablesWritten: number;
  wordsFree: number;
  groupsFree: number;
  /** The block whose results have begun to leave. */
  passed: number;
  /** Row writer. */
  writtenBlocks: number;
  writtenRows: number;
  /** Result groups issued to memory and not yet taken by the writer. */
  outputHeld: number;
  /** The same, as the weights see them. */
  backlog: number;
  /** Bytes of results that wait for the writer, in order. */
  readonly output: number[];
}

export function machine(plan: Plan, image: ImageKind, kernel: Kernel, memory: Memory): Machine {
  return {
    plan,
    image,
    kernel,
    memory,
    wanting: new Set(),
    scratchpad: scratchpad(kernel),
    wantingChip: new Set(),
    programLoaded: false,
    readerBlock: -1,
    readerRows: 0,
    residualBlock: -1,
    residualRows: 0,
    residualFreed: 0,
    block: 0,
    released: 0,
    freed: [0, 0, 0],
    freedSeen: [0, 0, 0],
    rowsThere: [0, 0, 0],
    drained: false,
    packDone: true,
    groupsLoaded: 0,
    tablesOpen: 0,
    tablesWritten: 0,
    wordsFree: plan.hardware.weightDepth,
    groupsFree: plan.hardware.paramDepth,
    passed: 0,
    writtenBlocks: 0,
    writtenRows: 0,
    outputHeld: 0,
    backlog: 0,
    output: [],
  };
}
