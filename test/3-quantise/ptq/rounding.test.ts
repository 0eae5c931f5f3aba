import { describe, expect, it } from "vitest";
import { compensatedRounding, patchCovariance } from "../../../src/3-quantise/ptq/rounding.ts";

const window = { kernel: [1, 1], stride: [1, 1], dilation: [1, 1] } as const;
const padding = { top: 0, left: 0, bottom: 0, right: 0 };

describe("patch covariance", () => {
  it("is that of the channels for a 1x1 kernel", () => {
    const maps = [Int16Array.of(1, 10, 3, 10, 5, 40, 7, 40)];
    const source = { ...window, padding, maps, height: 2, width: 2, channels: 2 };
    // Channel 0: 1 3 5 7, variance 5; channel 1: 10 10 40 40, variance 225; covariance 30.
    expect(Array.from(patchCovariance(source, 100))).toEqual([5, 30, 30, 225]);
  });

  it("walks strided and dilated windows over all maps", () => {
    const map = Int16Array.from({ length: 15 }, (_, i) => i);
    const source = {
      ...({ kernel: [1, 2], stride: [1, 2], dilation: [1, 2], padding } as const),
      ...{ maps: [map, map.map((x) => x + 100)], height: 3, width: 5, channels: 1 },
    };
    // Patches [0, 2], [2, 4], [5, 7], ... : both values rise together, so all four entries are equal.
    const [a, b, c, d] = patchCovariance(source, 1000);
    const firsts = [0, 2, 5, 7, 10, 12].flatMap((x) => [x, x + 100]);
    const mean = firsts.reduce((sum, x) => sum + x, 0) / 12;
    const variance = firsts.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 12;
    for (const value of [a, b, c, d]) expect(value).toBeCloseTo(variance, 8);
  });
});

describe("compensated rounding", () => {
  it("rounds to nearest where inputs are independent", () => {
    const weights = Float32Array.of(0.4, 1.6, -2.6, 300);
    expect(Array.from(compensatedRounding(weights, [1, 1], Float64Array.of(1, 0, 0, 1)))).toEqual([
      0, 2, -3, 127,
    ]);
  });

  it("rounds the second of two equal inputs so that the sum is kept", () => {
    // 0.4 + 0.4: to nearest that would be 0 + 0, but the second input can make up for the first.
    const together = Float64Array.of(1, 0.999, 0.999, 1);
    expect(Array.from(compensatedRounding(Float32Array.of(0.4, 0.4), [1], together))).toEqual([0, 1]);
  });

  it("leaves less error than rounding to nearest", () => {
    const size = 12;
    const wave = (i: number) => Math.sin(12.9898 * i) * 43758.5453;
    const random = (i: number) => wave(i) - Math.floor(wave(i)) - 0.5;
    // Inputs that share two hidden causes.
    const patches = Array.from({ length: 200 }, (_, p) =>
      Array.from({ length: size }, (_, i) => {
        const shared = random(p) * random(1000 + i) + random(5000 + p) * random(2000 + i);
        return shared + 0.05 * random(7000 + p * size + i);
      }),
    );
    const covariance = Float64Array.from({ length: size * size }, (_, at) => {
      const [i, j] = [Math.floor(at / size), at % size];
      return patches.reduce((sum, x) => sum + x[i]! * x[j]!, 0) / patches.length;
    });
    const weights = Float32Array.from({ length: size }, (_, i) => 8 * random(300 + i));
    const error = (steps: ArrayLike<number>) =>
      patches.reduce((sum, x) => sum + x.reduce((s, v, i) => s + v * (weights[i]! - steps[i]!), 0) ** 2, 0);
    const nearest = error(Array.from(weights, (w) => Math.round(w)));
    expect(error(compensatedRounding(weights, [1], covariance))).toBeLessThan(nearest / 4);
  });
});
