import { describe, expect, it } from "vitest";
import { addHistogram, emptyHistogram, observe, samplesOf } from "../../../src/3-quantise/ptq/histogram.ts";
import { searchRange } from "../../../src/3-quantise/ptq/range.ts";

function samples(...maps: readonly (readonly number[])[]) {
  const histogram = emptyHistogram(1);
  for (const map of maps) observe(histogram, Float32Array.from(map));
  return samplesOf([{ histogram }]);
}

describe("histograms", () => {
  it("grow with the values and keep every count", () => {
    const histogram = emptyHistogram(1);
    observe(histogram, Float32Array.of(0.5, 0, -0.25));
    observe(histogram, Float32Array.of(100, 0.5));
    const { values, counts, least, most } = samplesOf([{ histogram }]);
    expect([histogram.limit[0], histogram.count, least, most]).toEqual([128, 5, -0.25, 100]);
    expect(Array.from(counts)).toEqual([1, 2, 1]);
    for (const [i, value] of [-0.25, 0.5, 100].entries())
      expect(Math.abs(values[i]! - value)).toBeLessThan(128 / 2048);
    expect(histogram.squares[0]).toBe(10000.5625);
  });

  it("of parts are together that of the whole", () => {
    // quarters, so that sums are exact; the parts reach differently far, and only the second has negative values
    const parts = [
      Float32Array.of(0.25, 1, 0, 3.5, 2, 0, 0.75, 0.25),
      Float32Array.of(-200, 0.5, 0.25, -3, 40, 0, 1, 0.25),
      Float32Array.of(7, 0, 0.25, 900, 0.5, 0, 0.5, 0),
    ];
    const ofParts = parts.map((part) => {
      const histogram = emptyHistogram(4);
      observe(histogram, part);
      return histogram;
    });
    const whole = emptyHistogram(4);
    for (const part of parts) observe(whole, part);
    const [first, ...others] = ofParts;
    for (const other of others) addHistogram(first!, other);
    expect(first).toEqual(whole);
    expect([...whole.limit]).toEqual([256, 2, 2, 1024]);
  });

  it("without bins have the same ends and squares", () => {
    const [binned, plain] = [emptyHistogram(2), emptyHistogram(2, false)];
    for (const histogram of [binned, plain]) observe(histogram, Float32Array.of(1, -2, 0, 3, -0.5, 0));
    const other = emptyHistogram(2, false);
    observe(other, Float32Array.of(4, -5));
    addHistogram(plain, other);
    observe(binned, Float32Array.of(4, -5));
    const { count, least, most, squares } = binned;
    expect(plain).toMatchObject({ count, least, most, squares });
    expect([plain.positive.length, [...least], [...most]]).toEqual([0, [-0.5, -5], [4, 3]]);
  });

  it("keep channels apart and multiply each by its factor", () => {
    const histogram = emptyHistogram(2);
    observe(histogram, Float32Array.of(1, 1, 3, 3));
    const { values, counts, most } = samplesOf([{ histogram, factors: Float32Array.of(1, 10) }]);
    expect([Array.from(counts), most]).toEqual([[1, 1, 1, 1], 30]);
    for (const [i, value] of [1, 3, 10, 30].entries())
      expect(Math.abs(values[i]! - value)).toBeLessThan(0.05);
  });
});

describe("range search", () => {
  const ramp = Array.from({ length: 2550 }, (_, i) => (i + 1) / 1000);

  it("covers evenly spread values whole, with zero as the lowest step", () => {
    const range = searchRange(samples(ramp));
    expect(range.zeroPoint).toBe(-128);
    expect(range.scale * 255).toBeCloseTo(2.55, 2);
  });

  it("cuts off a single value far away, unless told to cover it", () => {
    const values = samples(...Array.from({ length: 100 }, () => ramp), [3.2]);
    expect(searchRange(values).scale * 255).toBeLessThan(2.9);
    expect(searchRange(values).method).not.toBe("maximum");
    expect(searchRange(values, true)).toEqual({
      ...{ scale: Math.fround(Math.fround(3.2) / 255), zeroPoint: -128, method: "maximum" },
    });
  });

  it("makes zero a step of a range with negative values", () => {
    const { scale, zeroPoint } = searchRange(samples([...ramp, ...ramp.map((x) => -x / 3)]), true);
    expect(scale).toBe(Math.fround((2.55 + Math.fround(0.85)) / 255));
    expect(zeroPoint).toBe(-64);
  });

  it("gives a map of zeros a harmless scale", () => {
    expect(searchRange(samples([0, 0])).scale).toBe(1 / 128);
  });
});
