/** Whether two lanes share a requantiser, which then takes one result of each in two cycles. */
import type { Draft, PhaseShape } from "./draft.ts";
import { type ArrayOptions, turns, weightSize, windowTurns } from "./size.ts";

/** Cycles of a group of which a step is one, where lanes share requantisers. */
export const LEAST_GROUP_CYCLES = 2;

/** The part of the array's cycles that sharing may add. */
const MOST_ADDED = 0.01;

/**
 * Slower are convolutions of one step a group, 1 x 1 on no more channels than a lane has multipliers, and windows that would lie side
 * by side.
 */
export function isCheapToShare(drafts: readonly Draft[], o: ArrayOptions): boolean {
  const phases = drafts.flatMap((draft) =>
    draft.phases.map((phase, i) => cyclesOf(phase, o, i === draft.phases.length - 1)),
  );
  const total = phases.reduce((sum, { cycles }) => sum + cycles, 0);
  const added = phases.reduce((sum, phase) => sum + phase.added, 0);
  return added < MOST_ADDED * total;
}

/** The cycles of a phase on the array, and those that sharing adds. */
function cyclesOf(phase: PhaseShape, o: ArrayOptions, toMemory: boolean) {
  const { kernel, kind, outputRows, outputWidth, stride, window } = phase;
  const { centreGroups, centreWords, groups, wordsPerGroup } = weightSize(phase, o, toMemory);
  const pixels = outputRows * outputWidth;
  switch (kind) {
    case "pack":
      return { cycles: 0, added: 0 };
    case "conv": {
      const others = groups - centreGroups;
      const single = (centreWords === 1 ? centreGroups : 0) + (wordsPerGroup === 1 ? others : 0);
      return {
        cycles: pixels * (centreGroups * centreWords + others * wordsPerGroup),
        added: pixels * single,
      };
    }
    case "depthwise": {
      const windows = (shared: boolean): number =>
        pixels *
        groups *
        Math.max(wordsPerGroup * windowTurns(window, { ...o, sharedRequantisers: shared }), stride[1]);
      return { cycles: windows(false), added: windows(true) - windows(false) };
    }
    case "serial":
      return { cycles: pixels * groups * kernel[0] * kernel[1] * turns(o), added: 0 };
  }
}
