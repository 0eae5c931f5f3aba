/** Cycles of the array for a phase, waits and fills apart. */
import type { Draft, PhaseShape } from "./draft.ts";
import { type ArrayOptions, turns, weightSize, windowTurns } from "./size.ts";

/** Cycles of a group of which a step is one, where lanes share requantisers. */
export const LEAST_GROUP_CYCLES = 2;

/** Of all phases of the blocks. */
export function totalArrayCycles(drafts: readonly Pick<Draft, "phases">[], o: ArrayOptions): number {
  return drafts
    .flatMap(({ phases }) => phases.map((phase, i) => arrayCycles(phase, o, i === phases.length - 1)))
    .reduce((sum, cycles) => sum + cycles, 0);
}

/** With requantisers of their own for all lanes, or shared ones, as `o` says. `toMemory`: the last phase of a block. */
export function arrayCycles(phase: PhaseShape, o: ArrayOptions, toMemory: boolean): number {
  const { columns, kernel, kind, outputRows, outputWidth, sparse, stride, window } = phase;
  const { centreGroups, centreWords, groups, wordsPerGroup } = weightSize(phase, o, toMemory);
  const pixels = outputRows * outputWidth;
  const least = o.sharedRequantisers ? LEAST_GROUP_CYCLES : 1;
  switch (kind) {
    case "pack":
      return 0;
    case "conv": {
      const pixel =
        centreGroups * Math.max(centreWords, least) +
        (groups - centreGroups) * Math.max(wordsPerGroup, least);
      if (sparse === null) return pixels * pixel;
      // the patch of the next pixel comes meanwhile, that of a row's first one before
      return (
        outputRows * (sparse.patchWords + pixel) + (pixels - outputRows) * Math.max(pixel, sparse.patchWords)
      );
    }
    case "depthwise":
      return pixels * groups * Math.max(wordsPerGroup * windowTurns(window, o), stride[1] / columns);
    case "serial":
      return pixels * groups * kernel[0] * kernel[1] * turns(o);
  }
}
