import { expect, it } from "vitest";
import { Random } from "./random.ts";

/** The first 48 bits of what the cases of a campaign draw. */
const firsts = (seed: number): readonly string[] =>
  Array.from({ length: 3000 }, (_, index) => {
    const draw = new Random(seed, index);
    return `${draw.below(2 ** 24)} ${draw.below(2 ** 24)}`;
  });

it("draws the same again, and other cases for every seed and number", () => {
  expect(firsts(1)).toEqual(firsts(1));
  const all = [1, 2, 3, 20261130, 20261131].flatMap(firsts);
  expect(new Set(all).size).toBe(all.length);
});
