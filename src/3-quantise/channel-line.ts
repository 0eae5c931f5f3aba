/** Tables that are a straight line with limits, as a requantisation of weight * x + bias gives them. */
import { item } from "../ir/known.ts";
import type { IntMap } from "../ir/integer.ts";
import type { Range } from "./float32.ts";
import { quantizeMultiplier } from "./multiplier.ts";

export interface Line {
  readonly weight: number;
  readonly bias: number;
  readonly multiplier: number;
  readonly exponent: number;
}

/** A table between two maps, and the values at which its line ends. */
export interface Segment {
  readonly table: Int8Array;
  readonly input: Pick<IntMap, "zeroPoint">;
  readonly output: Pick<IntMap, "zeroPoint">;
  readonly range: Range;
  readonly mostWeight: number;
  /** What sums times a factor round to. */
  readonly round: (sum: number, multiplier: number, exponent: number) => number;
}

/** The largest of 8-bit weights, less a zero point at the end of their range; it makes the finest steps of the bias. */
export const MOST_WEIGHT = 255;
/** The largest of 8-bit weights of both signs. */
export const MOST_SIGNED_WEIGHT = 127;
/** How far a bias may lie from the one of the real line. */
const REACH = 3;
/** Larger biases would leave the accumulator too little room. */
const MOST_BIAS = 2 ** 28;

/**
 * The line that gives every entry of the table; undefined where none that was tried does. Real outputs are about
 * `slope` * (x - zero point) + `offset` steps above the output's zero point. Every weight is tried, with the factors that
 * the table leaves to it.
 */
export function lineOfTable(segment: Segment, slope: number, offset: number): Line | undefined {
  if (slope === 0) return flat(segment);
  for (let size = segment.mostWeight; size > 0; size--) {
    const weight = Math.sign(slope) * size;
    const centre = Math.round((offset / Math.abs(slope)) * size);
    if (Math.abs(centre) > MOST_BIAS) return undefined;
    for (let bias = centre - REACH; bias <= centre + REACH; bias++) {
      for (const real of factorsOf(segment, weight, bias, Math.abs(slope) / size)) {
        const line = { weight, bias, ...quantizeMultiplier(real) };
        if (agrees(line, segment)) return line;
      }
    }
  }
  return undefined;
}

/** One value, whatever the input. */
function flat(segment: Segment): Line | undefined {
  const bias = item(segment.table, 0) - segment.output.zeroPoint;
  const line = { weight: 0, bias, ...quantizeMultiplier(1) };
  return agrees(line, segment) ? line : undefined;
}

/** Factors with which sums round to the table's entries: `usual` where it does, else the middle and the ends of those that do. */
function factorsOf(
  { table, input, output, range }: Segment,
  weight: number,
  bias: number,
  usual: number,
): readonly number[] {
  let [low, high] = [0, Infinity];
  for (let i = 0; i < 256; i++) {
    const sum = weight * (i - 128 - input.zeroPoint) + bias;
    const entry = item(table, i);
    const steps = entry - output.zeroPoint;
    // at a limit of the range the sum may lie anywhere beyond
    const least = entry > range.min ? steps - 0.5 : -Infinity;
    const most = entry < range.max ? steps + 0.5 : Infinity;
    if (sum === 0) {
      if (least > 0 || most < 0) return [];
      continue;
    }
    low = Math.max(low, (sum > 0 ? least : most) / sum);
    high = Math.min(high, (sum > 0 ? most : least) / sum);
  }
  if (low > high) return [];
  return low < usual && usual < high ? [usual, (low + high) / 2] : [(low + high) / 2, low, high];
}

function agrees(line: Line, { table, input, output, range, round }: Segment): boolean {
  return table.every((entry, i) => {
    const sum = line.weight * (i - 128 - input.zeroPoint) + line.bias;
    const value = round(sum, line.multiplier, line.exponent) + output.zeroPoint;
    return Math.min(Math.max(value, range.min), range.max) === entry;
  });
}
