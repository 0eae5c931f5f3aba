/** Depthwise windows that move on by two columns take both in a step, out of the two copies of their line buffer. */
import { arrayCycles, totalArrayCycles } from "./array-cycles.ts";
import type { Draft, PhaseShape } from "./draft.ts";
import type { LineBuffer } from "./plan.ts";
import { type ArrayOptions, windowCycles } from "./size.ts";

/** Part of a network's cycles that the second copy of a line buffer has to save. */
const LEAST_SAVED = 0.01;

/** The blocks with such phases, line buffer by line buffer, where those save much of all cycles; `o.columnPairs` true: however few. */
export function withColumnPairs(drafts: readonly Draft[], o: ArrayOptions): readonly Draft[] {
  if (o.columnPairs === false) return drafts;
  const least = o.columnPairs === true ? 1 : LEAST_SAVED * totalArrayCycles(drafts, o);
  const phasesOf = (buffer: number) => drafts.flatMap(({ phases }) => phases.slice(buffer, buffer + 1));
  const isPaired = [0, 1, 2].map(
    (buffer) => phasesOf(buffer).reduce((sum, phase) => sum + saved(phase, o), 0) >= least,
  );
  return drafts.map((draft) => ({
    ...draft,
    phases: draft.phases.map((phase, i) =>
      isPaired[i] === true && saved(phase, o) > 0 ? { ...phase, columns: 2 } : phase,
    ),
  }));
}

/** Cycles of the array that a phase has fewer with two columns a step. */
function saved(phase: PhaseShape, o: ArrayOptions): number {
  const { kernel, kind, stride, window } = phase;
  if (kind !== "depthwise" || stride[1] !== 2 || kernel[1] < 2 || windowCycles(kernel[0], window, o) > 1)
    return 0;
  return arrayCycles(phase, o, false) - arrayCycles({ ...phase, columns: 2 }, o, false);
}

/** Words of a bank that a phase may use of its source's line buffer: rows have to lie in the copy too where it reads that. */
export function bankDepth({ depth, pairDepth }: LineBuffer, columns: number): number {
  return columns === 2 ? pairDepth : depth;
}
