/** The weight words of sparse steps: at each place the weight that its multiplier takes, and where that finds its activation. */
import type { PlainWords } from "../../format/coded-segment.ts";
import { assert } from "../../ir/errors.ts";
import { item } from "../../ir/known.ts";
import { IDLE } from "./lane-match.ts";
import { columnOf, places } from "../../format/places.ts";
import type { SparseGroups, SparseStep } from "./steps.ts";

/** A convolution's weights, [K][taps][C] less their zero point, and the array that multiplies them. */
export interface SteppedWeights {
  readonly weights: Int16Array;
  readonly zeroPoint: number;
  readonly taps: number;
  readonly channels: number;
  readonly pk: number;
  readonly pc: number;
  /** Lanes that share multipliers take their activations from where the first of them does. */
  readonly lanesTogether: 1 | 2;
}

/** Of a group; behind its last step, and in groups without channels, idle steps. */
export function wordsOfGroup(steps: SparseGroups, group: number, layer: SteppedWeights): PlainWords {
  const { lanesTogether, pc, pk, zeroPoint } = layer;
  const size = steps.steps * pk * pc;
  const words = {
    full: new Uint8Array(size),
    weights: new Uint8Array(size),
    selectors: new Uint8Array(size),
  };
  const positions = new Array<number>(steps.steps).fill(0);
  const put = (word: number, { position, taken }: SparseStep): void => {
    positions[word] = steps.firstWord + position;
    for (let lane = 0; lane < pk; lane++) {
      for (let j = 0; j < pc; j++) {
        const index = item(taken, Math.floor(lane / lanesTogether) * pc + j);
        if (index === IDLE) continue;
        const weight = weightAt(layer, group * pk + lane, index);
        const selector = placeOf(index - position * pc, j, pc);
        // a place that is not full has selector 0
        if (weight === 0 && (lane % lanesTogether !== 0 || selector === 0)) continue;
        const at = (word * pk + lane) * pc + j;
        words.full[at] = 1;
        words.weights[at] = weight + zeroPoint;
        words.selectors[at] = selector;
      }
    }
  };
  (steps.groups[group] ?? []).forEach((step, word) => {
    put(word, step);
  });
  return { ...words, positions };
}

/** The weight of an output channel at an index of its patch: zero behind the last channel. */
function weightAt({ channels, pc, taps, weights }: SteppedWeights, output: number, index: number): number {
  const lane = Math.ceil(channels / pc) * pc;
  const at = (output * taps + Math.floor(index / lane)) * channels + (index % lane);
  return at < weights.length ? item(weights, at) : 0;
}

/** Number of the place at which a multiplier sees weight `index` of the window. */
function placeOf(index: number, multiplier: number, pc: number): number {
  const number = places.findIndex((place) => place.word * pc + columnOf(multiplier, place, pc) === index);
  assert(number >= 0, "a multiplier takes what it sees");
  return number;
}
