import { describe, expect, it } from "vitest";
import { IDLE, matcher } from "../../../src/4-schedule/sparse/lane-match.ts";
import { packGroup, sharedLanes } from "../../../src/4-schedule/sparse/pack.ts";
import { columnOf, places, WINDOW_WORDS } from "../../../src/format/places.ts";
import type { SparseStep } from "../../../src/4-schedule/sparse/steps.ts";
import { benchRandom } from "../../../sim/bench/index.ts";

/** What the hardware does with steps: every weight is taken once, from a place that its multiplier sees. */
function check(lanes: readonly Uint8Array[], words: number, pc: number, steps: readonly SparseStep[]): void {
  const left = lanes.map((lane) => lane.slice());
  let before = -1;
  for (const { position, taken } of steps) {
    expect(position).toBeGreaterThan(before);
    expect(position).toBeLessThan(words);
    before = position;
    taken.forEach((weight, at) => {
      if (weight === IDLE) return;
      const multiplier = at % pc;
      const lane = left[Math.floor(at / pc)]!;
      const seen = places.map((place) => (position + place.word) * pc + columnOf(multiplier, place, pc));
      expect(seen).toContain(weight);
      expect(lane[weight]).toBe(1);
      lane[weight] = 0;
    });
  }
  for (const lane of left) expect(lane).not.toContain(1);
}

const lanesOf = (...lanes: readonly (readonly number[])[]) => lanes.map((lane) => Uint8Array.from(lane));

describe("packGroup", () => {
  it("takes a step a word where no weight is zero", () => {
    const lanes = lanesOf(new Array<number>(12).fill(1));
    const steps = packGroup(lanes, 3, 4, matcher(4));
    expect(steps.map(({ position }) => position)).toEqual([0, 1, 2]);
    expect([...steps[1]!.taken]).toEqual([4, 5, 6, 7]);
  });

  it("moves weights up: of its own column, and of those beside it", () => {
    // word 0 needs multiplier 0; of word 1 column 0 goes to the left neighbour's place, column 1 has its own
    const steps = packGroup(lanesOf([1, 0, 0, 0, 1, 1, 0, 0]), 2, 4, matcher(4));
    expect(steps).toHaveLength(1);
    expect([...steps[0]!.taken].sort((a, b) => a - b)).toEqual([IDLE, 0, 4, 5]);
  });

  it("leaves words out that no lane needs, also more of them than a window has", () => {
    const far = new Array<number>(4 * 12).fill(0);
    far[4 * 9 + 2] = 1;
    const steps = packGroup(lanesOf(far, far), 12, 4, matcher(4));
    expect(steps.map(({ position }) => position)).toEqual([9]);
  });

  it("takes one idle step for a group without weights", () => {
    const steps = packGroup(lanesOf([0, 0, 0, 0, 0, 0, 0, 0]), 2, 4, matcher(4));
    expect(steps).toEqual([{ position: 1, taken: Int32Array.of(IDLE, IDLE, IDLE, IDLE) }]);
  });

  it("moves on when the slowest lane does", () => {
    const full = [1, 1, 1, 1, 1, 1, 1, 1];
    const steps = packGroup(lanesOf([0, 0, 0, 0, 0, 0, 0, 1], full), 2, 4, matcher(4));
    expect(steps.map(({ position }) => position)).toEqual([0, 1]);
    expect(steps[0]!.taken.subarray(0, 4)).toContain(7);
  });

  it.each([0, 0.1, 0.3, 0.5, 0.8, 1])("takes each weight once at a density of %f", (density) => {
    const random = benchRandom(7);
    for (const pc of [4, 8, 16, 32]) {
      for (let words = 1; words <= 13; words += 3) {
        const lanes = Array.from({ length: 4 }, () =>
          Uint8Array.from({ length: words * pc }, () => Number(random.below(1000) < 1000 * density)),
        );
        const steps = packGroup(lanes, words, pc, matcher(pc));
        expect(steps.length).toBeLessThanOrEqual(words);
        check(lanes, words, pc, steps);
      }
    }
  });

  it("halves the steps of a third of the weights", () => {
    const random = benchRandom(3);
    const lanes = Array.from({ length: 16 }, () =>
      Uint8Array.from({ length: 36 * 16 }, () => Number(random.chance(33))),
    );
    expect(packGroup(lanes, 36, 16, matcher(16)).length).toBeLessThanOrEqual(20);
  });
});

describe("sharedLanes", () => {
  it("joins the weights of two lanes on the same multipliers", () => {
    const lanes = lanesOf([1, 0, 0, 1], [0, 0, 1, 1], [0, 0, 0, 0], [0, 1, 0, 0]);
    expect(sharedLanes(lanes, 2)).toEqual(lanesOf([1, 0, 1, 1], [0, 1, 0, 0]));
    expect(sharedLanes(lanes, 1)).toBe(lanes);
  });
});

it("has a table whose places lie in the window and differ on any array", () => {
  expect(places).toHaveLength(8);
  for (const { word } of places) expect(word).toBeLessThan(WINDOW_WORDS);
  expect(places[0]).toEqual({ word: 0, column: 0 });
  const seen = places.map((place) => `${place.word} ${columnOf(3, place, 8)}`);
  expect(new Set(seen).size).toBe(places.length);
});
