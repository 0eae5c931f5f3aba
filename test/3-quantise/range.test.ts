import { expect, it } from "vitest";
import { activationRange, isSaturation } from "../../src/3-quantise/range.ts";
import type { Activation } from "../../src/ir/graph.ts";
import type { IntMap } from "../../src/ir/integer.ts";

const map = (scale: number, zeroPoint: number): IntMap => ({
  ...{ id: 0, name: "out", height: 1, width: 1, channels: 1, dtype: "int8" },
  ...{ scale, zeroPoint },
});

it.each<[Activation, number, number, boolean]>([
  ["none", 0.5, 3, true],
  // only the lowest step is 0
  ["relu", 0.5, -128, true],
  ["relu", 0.5, -127, false],
  ["relu", 0.5, 128, false],
  ["relu6", 6 / 256, -128, true],
  ["relu6", 0.024, -128, false],
  ["relu6", 6 / 256, -127, false],
  ["relu-n1-to-1", 1 / 128, 0, true],
  ["relu-n1-to-1", 1 / 128, 1, false],
  ["relu-n1-to-1", 1 / 127, 0, false],
])(
  "%s is the end of the quantised range of scale %f and zero point %i: %s",
  (activation, scale, zero, is) => {
    expect(isSaturation(activation, map(scale, zero))).toBe(is);
  },
);

it("clamps to the activation's ends in steps of the map", () => {
  expect(activationRange("relu", map(0.1, -100))).toEqual({ min: -100, max: 127 });
  expect(activationRange("relu6", map(0.1, -100))).toEqual({ min: -100, max: -40 });
  expect(activationRange("relu-n1-to-1", map(0.1, 5))).toEqual({ min: -5, max: 15 });
  expect(activationRange("relu6", map(0.001, 0))).toEqual({ min: 0, max: 127 });
});
