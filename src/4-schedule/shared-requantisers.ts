/** Whether two lanes share a requantiser, which then takes one result of each in two cycles. */
import { totalArrayCycles } from "./array-cycles.ts";
import type { Draft } from "./draft.ts";
import type { ArrayOptions } from "./size.ts";

/** The part of the array's cycles that sharing may add. */
const MOST_ADDED = 0.01;

/**
 * Slower are convolutions of one step a group, 1 x 1 on no more channels than a lane has multipliers, and windows that would lie side
 * by side.
 */
export function isCheapToShare(drafts: readonly Draft[], o: ArrayOptions): boolean {
  const cycles = (sharedRequantisers: boolean) => totalArrayCycles(drafts, { ...o, sharedRequantisers });
  const own = cycles(false);
  return cycles(true) - own < MOST_ADDED * own;
}
