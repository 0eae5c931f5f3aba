import { describe, expect, it } from "vitest";
import { chooseKept, groupsInRing } from "../../src/4-schedule/kept-weights.ts";
import type { WeightNeed } from "../../src/4-schedule/plan.ts";

const need = (words: number, cycles: number, mayStay = true): WeightNeed => ({
  words,
  groups: words / 10,
  bytes: 100 * words,
  cycles,
  mayStay,
});

/** A word takes ten cycles: early blocks compute long on few weights, late ones the other way round. */
const needs = [need(10, 5000), need(20, 4000), need(100, 1000), need(200, 1000), need(300, 500)];
const stores = { room: 0, ring: 100, memoryBytes: 10, imageBytes: 0 };

describe("the weights that stay", () => {
  it("are none without room, and an image then waits for what the ring does not hold", () => {
    // 80 words of the third block are there when the second ends at 9000, all of them 200 cycles later; then a word comes in ten cycles
    expect(chooseKept(needs, stores)).toEqual({
      range: { from: 0, to: 0 },
      words: 0,
      groups: 0,
      cycles: 15200,
    });
  });

  it("are those of the blocks that ask most of the memory, in a row", () => {
    expect(chooseKept(needs, { ...stores, room: 300 })).toMatchObject({
      range: { from: 4, to: 5 },
      words: 300,
    });
    expect(chooseKept(needs, { ...stores, room: 500 })).toMatchObject({
      ...{ range: { from: 3, to: 5 }, words: 500, groups: 50 },
      cycles: 11700,
    });
  });

  it("are all where all fit", () => {
    const kept = chooseKept(needs, { ...stores, room: 630 });
    expect(kept).toMatchObject({ range: { from: 0, to: 5 }, words: 630, cycles: 11500 });
  });

  it("are not those of a block with tables", () => {
    const withTables = needs.map((one, i) => (i === 3 ? { ...one, mayStay: false } : one));
    expect(chooseKept(withTables, { ...stores, room: 630 }).range).toEqual({ from: 4, to: 5 });
  });

  it("leave the memory to the image first", () => {
    const late = chooseKept(needs, { ...stores, room: 500, imageBytes: 60000 });
    expect(late.cycles).toBeGreaterThan(11700);
  });
});

it("a ring holds the groups of blocks in a row", () => {
  expect(groupsInRing(needs, { from: 0, to: 0 }, 130)).toBe(13);
  expect(groupsInRing(needs, { from: 0, to: 0 }, 100)).toBe(10);
  expect(groupsInRing(needs, { from: 2, to: 4 }, 330)).toBe(33);
});
