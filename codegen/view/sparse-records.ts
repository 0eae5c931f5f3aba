/** Weight words of sparse steps: weights, then four bits a weight, docs/hardware.md. */
import { POSITION_BITS, SELECTOR_BITS, wordBytes } from "../../src/format/group-record.ts";
import { assert } from "../../src/ir/errors.ts";
import { item } from "../../src/ir/known.ts";
import { IDLE } from "../../src/4-schedule/sparse/lane-match.ts";
import type { SparseStep } from "../../src/4-schedule/sparse/steps.ts";
import { columnOf, places } from "../../src/4-schedule/sparse/places.ts";
import type { Hardware, Phase } from "../../src/4-schedule/plan.ts";
import { ceilDiv } from "../../src/4-schedule/size.ts";

/** Writes the steps of a phase's groups; behind a group's last one, and in groups without channels, idle steps. `at`: byte of the first word. */
export function sparseWriter(
  hardware: Hardware,
  phase: Phase,
): (model: Uint8Array, at: number, group: number) => void {
  const { pc, pk } = hardware;
  const { operator, sparse } = phase;
  assert(operator && sparse, "a phase of sparse steps");
  const { firstWord, groups, steps } = sparse.own;
  const bytes = wordBytes(hardware, true);
  const weightOf = weightsOf(phase, pc);
  const zero = operator.weightZeroPoint;
  const lanesTogether = hardware.packed ? 2 : 1;

  function putStep(model: Uint8Array, word: number, group: number, { position, taken }: SparseStep): void {
    for (let lane = 0; lane < pk; lane++) {
      for (let j = 0; j < pc; j++) {
        const weight = item(taken, Math.floor(lane / lanesTogether) * pc + j);
        if (weight === IDLE) continue;
        const at = lane * pc + j;
        model[word + at] = weightOf(group * pk + lane, weight) + zero;
        putNibble(model, word + pk * pc, at, placeOf(weight - position * pc, j, pc));
      }
    }
    for (let bit = 0; bit < POSITION_BITS; bit++)
      putNibble(model, word + pk * pc, bit, (((firstWord + position) >> bit) & 1) << (SELECTOR_BITS - 1));
  }

  return (model, at, group) => {
    for (let s = 0; s < steps; s++) {
      const word = at + s * bytes;
      model.fill(zero & 255, word, word + pk * pc);
      model.fill(0, word + pk * pc, word + bytes);
      const step = groups[group]?.[s];
      if (step) putStep(model, word, group, step);
    }
  };
}

/** The weight of an output channel at an index of its patch: zero behind the last channel. */
function weightsOf(
  { inputChannels, kernel, operator }: Phase,
  pc: number,
): (output: number, index: number) => number {
  const weights = operator?.weights ?? new Int16Array(0);
  const taps = kernel[0] * kernel[1];
  const lane = ceilDiv(inputChannels, pc) * pc;
  return (output, index) => {
    const at = (output * taps + Math.floor(index / lane)) * inputChannels + (index % lane);
    return at < weights.length ? item(weights, at) : 0;
  };
}

/** Number of the place at which a multiplier sees weight `index` of the window. */
function placeOf(index: number, multiplier: number, pc: number): number {
  const number = places.findIndex((place) => place.word * pc + columnOf(multiplier, place, pc) === index);
  assert(number >= 0, "a multiplier takes what it sees");
  return number;
}

function putNibble(model: Uint8Array, from: number, index: number, bits: number): void {
  const at = from + (index >> 1);
  model[at] = item(model, at) | (bits << (4 * (index & 1)));
}
