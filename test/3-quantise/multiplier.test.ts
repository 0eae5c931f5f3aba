import { describe, expect, it } from "vitest";
import { float32Product, doubleProduct, quantizeMultiplier } from "../../src/3-quantise/multiplier.ts";
import { roundAway } from "../../src/ir/rounding.ts";
import { activationRange } from "../../src/3-quantise/range.ts";
import type { IntMap } from "../../src/ir/integer.ts";

const map = (scale: number, zeroPoint: number): IntMap => ({
  ...{ id: 0, name: "m", height: 1, width: 1, channels: 1, dtype: "int8" },
  ...{ scale, zeroPoint },
});

describe("quantizeMultiplier", () => {
  it.each([
    [0, 0, 0],
    [1, 2 ** 30, 1],
    [0.5, 2 ** 30, 0],
    [0.75, 0.75 * 2 ** 31, 0],
    [3, 0.75 * 2 ** 31, 2],
    // Rounds up to 1.0 and is normalised.
    [1 - 2 ** -40, 2 ** 30, 1],
    // The smallest that is kept, and one below it.
    [2 ** -32, 2 ** 30, -31],
    [2 ** -32 * (1 - 2 ** -20), 0, 0],
    [5e-324, 0, 0],
    [2 ** 40, 2 ** 31 - 1, 30],
  ])("prepares %d", (real, multiplier, exponent) => {
    expect(quantizeMultiplier(real)).toEqual({ multiplier, exponent });
  });

  it("gives back the factor within half a unit of the last bit", () => {
    for (let real = 1e-9; real < 1e6; real *= 1.37) {
      const { multiplier, exponent } = quantizeMultiplier(real);
      expect(multiplier).toBeGreaterThanOrEqual(2 ** 30);
      expect(Math.abs((multiplier * 2 ** (exponent - 31)) / real - 1)).toBeLessThanOrEqual(2 ** -31);
    }
  });
});

describe("products of scales", () => {
  it("round to float32 in one kernel and not in the other", () => {
    const [a, b] = [Math.fround(0.1), Math.fround(0.3)];
    expect(float32Product(a, b, 1)).toBe(Math.fround(a * b));
    expect(doubleProduct(a, b, 1)).toBe(a * b);
    expect(float32Product(a, b, 1)).not.toBe(doubleProduct(a, b, 1));
  });

  it("round half away from zero", () => {
    expect([0.5, -0.5, 1.5, -1.5, 2.4].map(roundAway)).toEqual([1, -1, 2, -2, 2]);
  });
});

describe("activationRange", () => {
  it("quantises the bounds and keeps them in int8", () => {
    expect(activationRange("none", map(0.1, 3))).toEqual({ min: -128, max: 127 });
    expect(activationRange("relu", map(0.1, 3))).toEqual({ min: 3, max: 127 });
    expect(activationRange("relu6", map(0.1, 3))).toEqual({ min: 3, max: 63 });
    expect(activationRange("relu6", map(6 / 255, -128))).toEqual({ min: -128, max: 127 });
    expect(activationRange("relu-n1-to-1", map(0.4, 0))).toEqual({ min: -3, max: 3 });
  });
});
