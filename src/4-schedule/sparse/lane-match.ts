/** One step of one lane: which of the weights in reach its multipliers take. */
import { item } from "../../ir/known.ts";
import { columnOf, places, WINDOW_WORDS } from "../../format/places.ts";

/** A multiplier that takes nothing. */
export const IDLE = -1;

export interface Matcher {
  /**
   * `left`: 1 for each weight of the patch that is still to be taken, word by word. Takes those of word `position` by their own
   * multipliers, of the later ones as many as there are multipliers for, the earliest first, and clears them. Writes what each
   * multiplier takes to `taken`, as an index into `left`, or IDLE.
   */
  readonly step: (left: Uint8Array, position: number, taken: Int32Array) => void;
}

/** For lanes of `pc` multipliers. */
export function matcher(pc: number): Matcher {
  const reach = multipliersInReach(pc);
  const seen = new Int32Array(pc);
  let trial = 0;
  let first = 0; // index of the window's first weight

  /** Finds a multiplier for a weight, and others for those that make room: an augmenting path. */
  function place(weight: number, taken: Int32Array): boolean {
    for (const multiplier of item(reach, weight - first)) {
      if (seen[multiplier] === trial) continue;
      seen[multiplier] = trial;
      const other = item(taken, multiplier);
      // what stands in the first word has no other place
      if (other !== IDLE && (other < first + pc || !place(other, taken))) continue;
      taken[multiplier] = weight;
      return true;
    }
    return false;
  }

  return {
    step(left, position, taken) {
      first = position * pc;
      for (let j = 0; j < pc; j++) taken[j] = left[first + j] === 1 ? first + j : IDLE;
      const end = Math.min(left.length, first + WINDOW_WORDS * pc);
      for (let weight = first + pc; weight < end; weight++) {
        if (left[weight] !== 1) continue;
        trial++;
        place(weight, taken);
      }
      for (const weight of taken) if (weight !== IDLE) left[weight] = 0;
    },
  };
}

/** Of each weight of a window the multipliers that see it. */
function multipliersInReach(pc: number): readonly (readonly number[])[] {
  const reach = Array.from({ length: WINDOW_WORDS * pc }, (): number[] => []);
  for (let j = 0; j < pc; j++) {
    for (const place of places) {
      const seen = item(reach, place.word * pc + columnOf(j, place, pc));
      if (!seen.includes(j)) seen.push(j);
    }
  }
  return reach;
}
