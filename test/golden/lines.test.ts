/** Operators on lines of values, with vectors of TFLite's own tests and against real arithmetic. */
import { expect, it } from "vitest";
import { l2Normalization } from "../../src/golden/l2-normalization.ts";
import { logSoftmax } from "../../src/golden/log-softmax.ts";
import { softmax } from "../../src/golden/softmax.ts";
import { filled, integers, intMap, nodeBase } from "./helpers.ts";

const logNode = { ...nodeBase, kind: "log-softmax" } as const;

/** The kernel's one output format. */
const logMap = (part: Parameters<typeof intMap>[0]) => intMap({ ...part, scale: 1 / 16, zeroPoint: 127 });

it("LOG_SOFTMAX gives the integers of TFLite's own test", () => {
  const input = filled([0, -77, 26, 51, 38, -26, 127, 13], { width: 2, channels: 4, scale: 20 / 255 });
  const got = logSoftmax(logNode, input, logMap({ width: 2, channels: 4 }));
  expect([...got]).toEqual([61, -36, 93, 125, 15, -65, 127, -16]);
});

it.each([0.003, 0.02, 0.15, 1.1])("LOG_SOFTMAX of scale %s is within a step of the logarithm", (scale) => {
  const draw = integers(7);
  for (const channels of [2, 9, 300]) {
    const values = Array.from({ length: channels }, () => draw(-128, 127));
    const got = logSoftmax(logNode, filled(values, { channels, scale }), logMap({ channels }));
    const max = Math.max(...values);
    const log = Math.log(values.reduce((sum, x) => sum + Math.exp(scale * (x - max)), 0));
    values.forEach((x, i) => {
      const wanted = Math.max(-128, 127 + 16 * (scale * (x - max) - log));
      expect(Math.abs(got[i]! - wanted)).toBeLessThanOrEqual(1);
    });
  }
});

it("L2_NORMALIZATION gives the integers of TFLite's own test, and nothing for zeros", () => {
  const values = [-110, 60, 70, 120, -70, 10];
  expect([...l2Normalization(filled(values, { channels: 6 }))]).toEqual([-70, 38, 45, 77, -45, 6]);
  expect([...l2Normalization(filled([5, 5], { channels: 2, zeroPoint: 5 }))]).toEqual([0, 0]);
});

it("L2_NORMALIZATION is within a step of the quotient, line by line", () => {
  const draw = integers(3);
  for (const [channels, most] of [
    [2, 127],
    [3, 2],
    [64, 40],
    [1000, 127],
  ] as const) {
    const values = Array.from({ length: 2 * channels }, () => draw(-most, most));
    const got = l2Normalization(filled(values, { width: 2, channels }));
    for (const first of [0, channels]) {
      const line = values.slice(first, first + channels);
      const root = Math.sqrt(line.reduce((sum, x) => sum + x * x, 0));
      line.forEach((x, i) => {
        const wanted = Math.min(127, (128 * x) / root);
        expect(Math.abs(got[first + i]! - wanted)).toBeLessThanOrEqual(1);
      });
    }
  }
});

it("a softmax along rows is that of a transposed map, one over everything that of a vector", () => {
  const draw = integers(5);
  const values = Array.from({ length: 24 }, () => draw(-60, 60));
  const node = { ...nodeBase, kind: "softmax", beta: 1 } as const;
  const sizes = { height: 4, width: 2, channels: 3 };
  const along = softmax({ ...node, axes: [0] }, filled(values, { ...sizes, scale: 0.05 }), intMap(sizes));
  const turned = { height: 2, width: 3, channels: 4 };
  const moved = Array.from({ length: 24 }, (_, i) => values[(i % 4) * 6 + Math.floor(i / 4)]!);
  const wanted = softmax(node, filled(moved, { ...turned, scale: 0.05 }), intMap(turned));
  values.forEach((_, i) => {
    expect(along[i]).toBe(wanted[(i % 6) * 4 + Math.floor(i / 6)]);
  });
  const whole = softmax(
    { ...node, axes: [0, 1, 2] },
    filled(values, { ...sizes, scale: 0.05 }),
    intMap(sizes),
  );
  const vector = { channels: 24 };
  expect([...whole]).toEqual([...softmax(node, filled(values, { ...vector, scale: 0.05 }), intMap(vector))]);
  expect(new Set(whole).size).toBeGreaterThan(5);
});
