import { expect, it } from "vitest";
import { scoresOf } from "../../src/report/accuracy.ts";

it("counts the first class, the first five and every kind of mistake", () => {
  const image = (label: number, ...top: number[]) => ({ file: "x.jpg", label, top });
  const scores = scoresOf([
    image(1, 1, 2, 3, 4, 5),
    image(1, 2, 1, 3, 4, 5),
    image(1, 2, 3, 4, 5, 1),
    image(7, 2, 3, 4, 5, 6, 7),
  ]);
  expect(scores).toEqual({
    images: 4,
    top1: 0.25,
    top5: 0.75,
    confusion: [
      { expected: 1, predicted: 2, images: 2 },
      { expected: 1, predicted: 1, images: 1 },
      { expected: 7, predicted: 2, images: 1 },
    ],
  });
});
