/** Histograms of weights and of activations. */
import type { Operator } from "../4-schedule/plan.ts";
import type { IntGraph, MapId } from "../ir/integer.ts";
import { computedMaps } from "./computed-maps.ts";
import { item } from "../ir/known.ts";

export interface Histogram {
  readonly layer: string;
  readonly min: number;
  readonly max: number;
  /** Values that stand for zero. */
  readonly zeros: number;
  readonly values: number;
  /** Smallest value of the first bin, and values that a bin spans. */
  readonly start: number;
  readonly step: number;
  readonly counts: readonly number[];
}

interface Bins {
  readonly start: number;
  readonly step: number;
  /** The integer that stands for zero. */
  readonly zero: number;
}

const BINS = 32;
/** Weights less their zero point have nine bits. */
export const weightBins: Bins = { start: -256, step: 16, zero: 0 };

/** One a set of weights, in the order of the program; what has no weights is left out. */
export function weightHistograms(operators: readonly Operator[]): readonly Histogram[] {
  return operators.flatMap(({ node, weights }) =>
    weights ? [histogram(node.name, weights, weightBins)] : [],
  );
}

/** One a computed map, in the order of the network. `maps`: what the golden model makes of one input, int8. */
export function activationHistograms(
  graph: IntGraph,
  maps: ReadonlyMap<MapId, Int8Array>,
): readonly Histogram[] {
  return computedMaps(graph).flatMap(({ map, node }) => {
    const values = maps.get(map.id);
    return values ? [histogram(node.name, values, { start: -128, step: 8, zero: map.zeroPoint })] : [];
  });
}

export function histogram(
  layer: string,
  values: Int16Array | Int8Array,
  { start, step, zero }: Bins,
): Histogram {
  const counts = new Array<number>(BINS).fill(0);
  let min = Infinity;
  let max = -Infinity;
  let zeros = 0;
  for (const value of values) {
    counts[Math.min(BINS - 1, Math.floor((value - start) / step))] =
      item(counts, Math.min(BINS - 1, Math.floor((value - start) / step))) + 1;
    min = Math.min(min, value);
    max = Math.max(max, value);
    if (value === zero) zeros++;
  }
  const bins = { start, step, counts };
  if (values.length === 0) return { layer, min: 0, max: 0, zeros, values: 0, ...bins };
  return { layer, min, max, zeros, values: values.length, ...bins };
}
