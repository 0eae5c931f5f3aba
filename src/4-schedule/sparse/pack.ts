/** Packs the weights of a group into steps: zeros take no multiplier where the weights behind them can move up. */
import { item } from "../../ir/known.ts";
import { IDLE, type Matcher } from "./lane-match.ts";
import type { SparseStep } from "./steps.ts";

/**
 * The steps of a group whose lanes have a weight where `lanes` has 1, `words` words of `pc` multipliers each. All lanes move on together, over the
 * words that no lane needs any more. At least one step.
 */
export function packGroup(
  lanes: readonly Uint8Array[],
  words: number,
  pc: number,
  match: Matcher,
): readonly SparseStep[] {
  const left = lanes.map((lane) => lane.slice());
  const isDone = (word: number): boolean =>
    left.every((lane) => !lane.subarray(word * pc, (word + 1) * pc).includes(1));
  const steps: SparseStep[] = [];
  for (let position = 0; position < words; position++) {
    if (isDone(position) && (steps.length > 0 || position < words - 1)) continue;
    const taken = new Int32Array(lanes.length * pc).fill(IDLE);
    left.forEach((lane, i) => match.step(lane, position, taken.subarray(i * pc, (i + 1) * pc)));
    steps.push({ position, taken });
  }
  return steps;
}

/** The same with a step for each word, whose weights its own multipliers take. */
export function wordByWord(lanes: readonly Uint8Array[], words: number, pc: number): readonly SparseStep[] {
  return Array.from({ length: words }, (_, position) => {
    const own = lanes.map((lane) => [...lane.subarray(position * pc, (position + 1) * pc)]);
    const taken = own.flatMap((ones) => ones.map((one, j) => (one === 1 ? position * pc + j : IDLE)));
    return { position, taken: Int32Array.from(taken) };
  });
}

/** Weights of the lanes as `packGroup` wants them: lanes that share multipliers take the weights of any of them together. */
export function sharedLanes(lanes: readonly Uint8Array[], sharing: 1 | 2): readonly Uint8Array[] {
  if (sharing === 1) return lanes;
  return lanes.flatMap((lane, i) =>
    i % 2 === 1 ? [] : [lane.map((one, j) => one | item(item(lanes, i + 1), j))],
  );
}
