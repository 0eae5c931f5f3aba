/** What a plan needs of a board, without synthesis. */
import type { Plan } from "../4-schedule/plan.ts";
import { estimateResources, type Accelerator, type Estimate } from "../resources/estimate.ts";
import { familyOf } from "../resources/family.ts";
import type { Board } from "./schema.ts";

/**
 * Look-up tables, flip-flops, DSP blocks and block RAM of the plan's accelerator on the board's device, by part and together;
 * block RAM in the board's blocks.
 */
export function estimateFor(plan: Accelerator, board: Board): Estimate {
  return estimateResources(plan, familyOf(board));
}

/** Bytes of external memory: program, weights and maps. */
export function memoryBytes({ regionBytes }: Plan): number {
  return Object.values(regionBytes).reduce((sum, bytes) => sum + bytes, 0);
}
