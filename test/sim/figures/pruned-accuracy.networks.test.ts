import { expect, test } from "vitest";
import { prunedAccuracy } from "../../../sim/figures/pruned-accuracy.ts";

test("fewer weights take fewer cycles, and balanced ones no more than others", () => {
  const rows = prunedAccuracy([1, 0.3], {
    first: { steps: 3, batch: 4, rate: 0.004 },
    again: { steps: 2, batch: 4, rate: 0.002 },
    pictures: 8,
  });
  expect(rows.map(({ density, kind }) => [density, kind])).toEqual([
    [1, "magnitude"],
    [1, "balanced"],
    [0.3, "magnitude"],
    [0.3, "balanced"],
  ]);
  const [dense, , magnitude, balanced] = rows;
  expect(magnitude!.cycles).toBeLessThan(dense!.cycles);
  expect(balanced!.cycles).toBeLessThanOrEqual(magnitude!.cycles);
  for (const { after, before } of rows) {
    expect(before * 8).toBe(Math.round(before * 8));
    expect(after).toBeLessThanOrEqual(1);
  }
});
