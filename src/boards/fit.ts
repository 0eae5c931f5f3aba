/** Will it fit? Every resource of a plan against the board. */
import type { Plan } from "../4-schedule/plan.ts";
import { blocksOf, dspsOf, memoryBytes, ramsOf } from "./resources.ts";
import type { Board } from "./schema.ts";

export interface Use {
  readonly resource: "DSP blocks" | "block RAMs" | "bytes of memory";
  readonly needed: number;
  readonly available: number;
}

/** Multipliers, on-chip memories and external memory of the plan, and what the board has of each. */
export function usesOf(plan: Plan, board: Board): readonly Use[] {
  const { blockRam, dsp } = board.resources;
  return [
    { resource: "DSP blocks", needed: dspsOf(plan), available: dsp.value },
    {
      resource: "block RAMs",
      needed: ramsOf(plan, board).reduce((sum, ram) => sum + blocksOf(ram, board), 0),
      available: blockRam.value,
    },
    {
      resource: "bytes of memory",
      needed: memoryBytes(plan),
      available: (board.memory?.megabytes.value ?? 0) * 2 ** 20,
    },
  ];
}

export const fits = (uses: readonly Use[]): boolean =>
  uses.every(({ available, needed }) => needed <= available);

/** The resource that is exceeded most, in proportion to what there is. */
export function bindingOf(uses: readonly Use[]): Use | null {
  const ratio = ({ available, needed }: Use) => needed / available;
  const [worst] = uses.filter((u) => u.needed > u.available).sort((a, b) => ratio(b) - ratio(a));
  return worst ?? null;
}
