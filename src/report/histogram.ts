/** Histograms of weights. */
import type { Plan } from "../4-schedule/plan.ts";

export interface Histogram {
  readonly layer: string;
  readonly min: number;
  readonly max: number;
  readonly zeros: number;
  readonly values: number;
  /** Values in `bins` equal steps from -256 to 256: weights less their zero point have nine bits. */
  readonly counts: readonly number[];
}

export const histogramStart = -256;
/** Values that a bin spans. */
export const histogramStep = 16;
const BINS = 32;

/** One a set of weights, in the order of the program; what has no weights is left out. */
export function weightHistograms({ blocks }: Plan): readonly Histogram[] {
  return blocks.flatMap(({ phases }) =>
    phases.flatMap(({ centre, operator }) =>
      [centre?.operator, operator].flatMap((one) =>
        one?.weights ? [histogram(one.node.name, one.weights)] : [],
      ),
    ),
  );
}

export function histogram(layer: string, values: Int16Array): Histogram {
  const counts = new Array<number>(BINS).fill(0);
  let min = Infinity;
  let max = -Infinity;
  let zeros = 0;
  for (const value of values) {
    counts[Math.min(BINS - 1, Math.floor((value - histogramStart) / histogramStep))]! += 1;
    min = Math.min(min, value);
    max = Math.max(max, value);
    if (value === 0) zeros++;
  }
  if (values.length === 0) return { layer, min: 0, max: 0, zeros, values: 0, counts };
  return { layer, min, max, zeros, values: values.length, counts };
}
