import { describe, expect, it } from "vitest";
import { kMeans, nearestIndex } from "../../src/compress/k-means.ts";
import { compressLayer, decompressLayer } from "../../src/compress/layer.ts";
import { prune } from "../../src/compress/prune.ts";
import { decodeLayer, encodeLayer } from "../../src/compress/stream.ts";
import { createRandom } from "../../src/zoo/pictures/random.ts";

describe("k-means", () => {
  it("keeps values that are few enough", () => {
    expect([...kMeans(Float64Array.of(3, -1, 3, 2, -1), 3)]).toEqual([-1, 2, 3]);
  });

  it("finds the clusters with the smallest error, outliers among them", () => {
    expect([...kMeans(Float64Array.of(0, 1, 4, 6, 9, 10), 3)]).toEqual([0.5, 5, 9.5]);
    // evenly spaced starts 0, 33, 67, 100 would leave one without values
    expect([...kMeans(Float64Array.of(0, 1, 2, 60, 100), 4)]).toEqual([0, 1.5, 60, 100]);
  });

  it("equals a search through all clusters", () => {
    const random = createRandom(3);
    for (let trial = 0; trial < 30; trial++) {
      const values = Float64Array.from({ length: 9 }, () => Math.round(40 * random() ** 2)).toSorted();
      const error = (centroids: readonly number[]) =>
        values.reduce((sum, v) => sum + Math.min(...centroids.map((c) => (v - c) ** 2)), 0);
      const mean = (from: number, to: number) =>
        values.subarray(from, to).reduce((a, b) => a + b, 0) / (to - from);
      let best = Infinity;
      for (let a = 1; a < 8; a++)
        for (let b = a + 1; b < 9; b++) best = Math.min(best, error([mean(0, a), mean(a, b), mean(b, 9)]));
      expect(error([...kMeans(values, 3)])).toBeCloseTo(best, 9);
    }
  });

  it("comes close to the best 63 values for a normal distribution: 2.72 / 63^2 by Panter and Dite", () => {
    const random = createRandom(5);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const values = Float64Array.from({ length: 50_000 }, normal);
    const centroids = Float32Array.from(kMeans(values, 63));
    const error = values.reduce((sum, v) => sum + (v - centroids[nearestIndex(centroids, v)]!) ** 2, 0);
    expect(error / values.length).toBeLessThan((1.05 * 2.72) / 63 ** 2);
  });

  it("chooses the nearest, of two the smaller", () => {
    const list = Float32Array.of(-1, 1, 4);
    expect([-9, -0.5, 0, 0.5, 2.5, 2.6, 9].map((v) => nearestIndex(list, v))).toEqual([0, 0, 0, 1, 1, 2, 2]);
  });
});

describe("pruning", () => {
  const values = Float32Array.of(1, -3, 2, -1, 0.5, 2);
  const magnitudes = values.map(Math.abs);

  it("keeps the share with the largest magnitudes, of equal ones the first", () => {
    const kept = (density: number) => [...prune(values, magnitudes, density)];
    expect(kept(0.5)).toEqual([0, -3, 2, 0, 0, 2]);
    expect(kept(2 / 6)).toEqual([0, -3, 2, 0, 0, 0]);
    expect(kept(4 / 6)).toEqual([1, -3, 2, 0, 0, 2]);
    expect(kept(0)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(kept(1)).toEqual([...values]);
  });

  it("goes by the magnitudes that it is given, not by the numbers", () => {
    expect([...prune(Float32Array.of(10, 1), Float32Array.of(0.1, 0.5), 0.5)]).toEqual([0, 1]);
  });
});

describe("relative indices", () => {
  const spaced = (...positions: number[]) => {
    const values = new Float32Array(100);
    for (const position of positions) values[position] = 7;
    return compressLayer(values, 8, false);
  };

  it("stand for positions, with an entry of code 0 for each 16 positions that a gap cannot skip", () => {
    expect(spaced(0, 1, 17)).toMatchObject({
      codes: Uint8Array.of(1, 1, 1),
      gaps: Uint8Array.of(0, 0, 15),
    });
    // 16 zeros between: the padding stands on the last of them
    expect(spaced(0, 17)).toMatchObject({ codes: Uint8Array.of(1, 0, 1), gaps: Uint8Array.of(0, 15, 0) });
    expect(spaced(40)).toMatchObject({ codes: Uint8Array.of(0, 0, 1), gaps: Uint8Array.of(15, 15, 8) });
    expect(spaced()).toMatchObject({ codes: new Uint8Array(0), codebook: Float32Array.of(0) });
  });

  it("come back as positions", () => {
    for (const positions of [[], [0], [99], [15], [16], [31], [32], [0, 16, 33, 50, 99]]) {
      const values = decompressLayer(spaced(...positions))!;
      expect([...values.keys()].filter((i) => values[i] === 7)).toEqual(positions);
    }
  });

  it("that leave the weights, or name no code, are refused", () => {
    const layer = spaced(0, 99);
    expect(decompressLayer({ ...layer, weights: 99 })).toBeUndefined();
    expect(decompressLayer({ ...layer, codebook: Float32Array.of(0) })).toBeUndefined();
  });
});

describe("a layer", () => {
  const random = createRandom(11);
  const values = Float32Array.from({ length: 3000 }, () => (random() < 0.7 ? 0 : random() - 0.5));

  it.each([2, 6, 8])("comes back from its stream as the values of its codebook, %i bits", (bits) => {
    const layer = compressLayer(values, bits, false);
    expect(layer.codebook.length).toBeLessThanOrEqual(2 ** bits);
    const { bytes, sizes } = encodeLayer(layer);
    expect(sizes.codebook + sizes.tables + sizes.codes + sizes.gaps).toBe(bytes.length);
    const decoded = decodeLayer(Uint8Array.of(9, 9, ...bytes, 9), 2, 3000)!;
    expect(decoded).toEqual({ layer, end: 2 + bytes.length });
    const back = decompressLayer(decoded.layer)!;
    const largestStep = Math.max(...layer.codebook.slice(1).map((v, i) => v - layer.codebook[i]!));
    back.forEach((v, i) => expect(Math.abs(v - values[i]!)).toBeLessThanOrEqual(largestStep));
    expect(back.every((v, i) => (v === 0) === (values[i] === 0))).toBe(true);
  });

  it("of integers has integers in its codebook, and drops what rounds to 0", () => {
    const integers = Float32Array.from({ length: 200 }, (_, i) => (i % 41) - 20);
    const { codebook, codes } = compressLayer(integers, 3, true);
    expect(codebook.every(Number.isInteger)).toBe(true);
    expect(codebook.slice(1).includes(0)).toBe(false);
    expect(codes.length).toBeLessThan(200);
    // 255 codes hold every int8 but 0
    const exact = compressLayer(integers, 8, true);
    expect(decompressLayer(exact)).toEqual(integers);
  });

  it("whose stream is cut anywhere is refused", () => {
    const { bytes } = encodeLayer(compressLayer(values.subarray(0, 300), 3, false));
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeLayer(bytes.subarray(0, length), 0, 300), `${length} bytes`).toBeUndefined();
    }
    expect(decodeLayer(bytes, 0, 10)).toBeUndefined();
  });
});
