/** Will it fit? Every resource of a plan against the board. */
import type { Plan } from "../4-schedule/plan.ts";
import type { Resources } from "../resources/family.ts";
import { estimateFor, memoryBytes } from "./resources.ts";
import type { Board } from "./schema.ts";

export interface Use {
  readonly resource: "DSP blocks" | "block RAMs" | "look-up tables" | "flip-flops" | "bytes of memory";
  readonly needed: number;
  readonly available: number;
}

/**
 * Every resource of the device by estimate and the external memory, and what the board has of each that its file knows.
 * `total`: the estimate, where it is known already.
 */
export function usesOf(
  plan: Plan,
  board: Board,
  total: Resources = estimateFor(plan, board).total,
): readonly Use[] {
  const { blockRam, dsp, ff, lut } = board.resources;
  const logic: readonly (readonly [Use["resource"], number, { readonly value: number } | null])[] = [
    ["look-up tables", total.lut, lut],
    ["flip-flops", total.ff, ff],
  ];
  return [
    { resource: "DSP blocks", needed: total.dsp, available: dsp.value },
    { resource: "block RAMs", needed: total.blockRam, available: blockRam.value },
    ...logic.flatMap(([resource, needed, has]) =>
      has === null ? [] : [{ resource, needed, available: has.value }],
    ),
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
