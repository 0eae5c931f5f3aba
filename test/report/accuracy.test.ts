import { expect, it } from "vitest";
import { compareWithFloat, scoresOf } from "../../src/report/accuracy.ts";

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

it("says where the float network chose another class", () => {
  const image = (file: string, label: number, top: number[], floatTop: number[]) => ({
    ...{ file, label, top, floatTop },
  });
  const judged = [
    image("a.jpg", 1, [1, 2], [1, 2]),
    image("b.jpg", 2, [1, 2], [2, 1]),
    image("c.jpg", 3, [4, 5], [4, 3]),
    image("d.jpg", 6, [7, 8], [8, 7]),
  ];
  expect(compareWithFloat(judged)).toEqual({
    top1: 0.5,
    top5: 0.75,
    agreement: 0.5,
    disagreements: [
      { file: "b.jpg", label: 2, integer: 1, float: 2 },
      { file: "d.jpg", label: 6, integer: 7, float: 8 },
    ],
  });
  expect(compareWithFloat([{ file: "a.jpg", label: 1, top: [1] }])).toBeNull();
});
