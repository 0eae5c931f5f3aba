/** Rows between the phases of a block: made only where the next phase's windows reach them. */
import type { PhaseShape } from "./draft.ts";

/**
 * The same phases, each with the rows that the next one reads. Where strides leave the last rows of a map out, nothing would wait
 * for these, and one that is complete only in the next block would count as a row of that.
 */
export function withReadRows(phases: readonly PhaseShape[]): readonly PhaseShape[] {
  return phases.reduceRight<readonly PhaseShape[]>((later, phase) => {
    const [next, ...others] = later;
    if (next === undefined) return [phase];
    const inputRows = rowsRead(next);
    return [{ ...phase, outputRows: inputRows }, { ...next, inputRows }, ...others];
  }, []);
}

/** Rows down to the last one in a window. */
export function rowsRead({
  inputRows,
  kernel,
  outputRows,
  padTop,
  stride,
}: Pick<PhaseShape, "inputRows" | "kernel" | "outputRows" | "padTop" | "stride">): number {
  return Math.min(inputRows, (outputRows - 1) * stride[0] - padTop + kernel[0]);
}
