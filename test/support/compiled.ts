/** Plan and files of one accelerator, by the steps themselves: what a target makes of a request, without its choices. */
import { generate, type OutputFiles } from "../../codegen/generate.ts";
import { generateSmall } from "../../codegen/small/generate.ts";
import { smallestBoard } from "../../src/boards/index.ts";
import type { ArraySize } from "../../src/boards/change.ts";
import type { Board } from "../../src/boards/schema.ts";
import type { Plan } from "../../src/4-schedule/plan.ts";
import type { BufferOptions } from "../../src/4-schedule/size.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import type { SmallPlan } from "../../src/4-schedule/small/plan.ts";
import { scheduleSmall } from "../../src/4-schedule/small/schedule.ts";
import type { IntGraph } from "../../src/ir/integer.ts";

export interface CompileOptions {
  /** Lanes and multipliers a lane: powers of two, 4 to 32; packed: two products a DSP block. */
  readonly array: ArraySize;
  /** Bytes of the AXI data bus. */
  readonly busBytes: 8 | 16;
  readonly buffers?: BufferOptions | undefined;
  /** Adds a project for this board. */
  readonly board?: Board | undefined;
}

export interface Compiled {
  readonly plan: Plan;
  /** Verilog, memory image, listings and manifest, by path in the output folder. */
  readonly files: OutputFiles;
}

/** Throws InputError with every operator that the accelerator cannot run. */
export function compileModel(graph: IntGraph, options: CompileOptions): Compiled {
  const { array, board, buffers, busBytes } = options;
  const plan = schedule(graph, { ...array, busBytes, buffers });
  return { plan, files: generate(plan, board) };
}

export interface CompiledSmall {
  readonly plan: SmallPlan;
  readonly files: OutputFiles;
}

/** For a board with a small engine. Throws InputError with everything that it cannot run or has no room for. */
export function compileSmall(graph: IntGraph, board: Board): CompiledSmall {
  const plan = scheduleSmall(graph, board.name, () => smallestBoard(graph));
  return { plan, files: generateSmall(plan, board) };
}
