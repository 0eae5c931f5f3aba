/**
 * Pruning for sparse steps: of each output channel the weights of the largest magnitudes that fit into a number of steps, so that
 * all channels take as many, and every multiplier has work in each. What weights fit together is a transversal matroid: taking the
 * largest first, each if those before it can make room, gives the largest sum.
 */
import { columnOf, places, WINDOW_WORDS } from "../format/places.ts";
import { item } from "../ir/known.ts";

/** A convolution's weights [K][C][taps], and the multipliers of a lane that its patches are for. */
export interface BalancedShape {
  readonly channels: number;
  readonly taps: number;
  readonly multipliers: number;
}

const NOBODY = -1;

/** Zeros for all but round(density * n) weights of each output channel. */
export function balance(
  values: Float32Array,
  magnitudes: Float32Array,
  density: number,
  shape: BalancedShape,
): Float32Array {
  const size = shape.channels * shape.taps;
  const result = new Float32Array(values.length);
  for (let from = 0; from < values.length; from += size)
    for (const i of kept(magnitudes.subarray(from, from + size), density, shape))
      result[from + i] = item(values, from + i);
  return result;
}

/** Weights of a channel that stay. */
function kept(magnitudes: Float32Array, density: number, shape: BalancedShape): readonly number[] {
  const { channels, multipliers, taps } = shape;
  const wordsPerTap = Math.ceil(channels / multipliers);
  const words = taps * wordsPerTap;
  // a step sees a window, and no word shall lie between two
  const steps = Math.max(1, Math.ceil(words * density), Math.ceil(words / WINDOW_WORDS));
  const slots = slotsOf(words, steps, multipliers);
  const count = Math.round(density * magnitudes.length);
  const order = [...magnitudes.keys()].sort((a, b) => item(magnitudes, b) - item(magnitudes, a) || a - b);
  const stay: number[] = [];
  for (const i of order) {
    if (stay.length === count || item(magnitudes, i) === 0) break;
    const [channel, tap] = [Math.floor(i / taps), i % taps];
    const word = tap * wordsPerTap + Math.floor(channel / multipliers);
    if (slots.take(word * multipliers + (channel % multipliers))) stay.push(i);
  }
  return stay;
}

/** Steps evenly over the words of a patch. `take`: whether a weight of the patch finds a multiplier, others moving to make room. */
function slotsOf(words: number, steps: number, multipliers: number) {
  const owner = new Int32Array(steps * multipliers).fill(NOBODY);
  const seen = new Int32Array(owner.length);
  const full = new Uint8Array(owner.length); // no way from there leads to a free one
  const stepsOf = stepsAtWords(words, steps);
  let trial = 0;

  /** Slots that see a weight. */
  function* around(weight: number): Generator<number> {
    const [word, column] = [Math.floor(weight / multipliers), weight % multipliers];
    for (const place of places) {
      const multiplier = (column - columnOf(0, place, multipliers) + multipliers) % multipliers;
      for (const step of stepsOf[word - place.word] ?? []) yield step * multipliers + multiplier;
    }
  }

  function place(weight: number, visited: number[]): boolean {
    for (const slot of around(weight)) {
      if (seen[slot] === trial || full[slot] === 1) continue;
      seen[slot] = trial;
      visited.push(slot);
      const other = item(owner, slot);
      if (other !== NOBODY && !place(other, visited)) continue;
      owner[slot] = weight;
      return true;
    }
    return false;
  }

  return {
    take(weight: number): boolean {
      trial++;
      const visited: number[] = [];
      if (place(weight, visited)) return true;
      for (const slot of visited) full[slot] = 1;
      return false;
    },
  };
}

/** By word, the steps whose window begins there. */
function stepsAtWords(words: number, steps: number): readonly (readonly number[])[] {
  const at = Array.from({ length: words }, (): number[] => []);
  for (let step = 0; step < steps; step++) item(at, Math.floor((step * words) / steps)).push(step);
  return at;
}
