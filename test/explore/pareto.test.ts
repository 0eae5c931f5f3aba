import { expect, it } from "vitest";
import { paretoFront } from "../../src/explore/pareto.ts";

it("keeps what nothing beats, in order, equals included", () => {
  const points = [
    [3, 1],
    [1, 3],
    [2, 2],
    [2, 3],
    [2, 2],
    [3, 3],
  ];
  expect(paretoFront(points, (p) => p)).toEqual([
    [3, 1],
    [1, 3],
    [2, 2],
    [2, 2],
  ]);
});
