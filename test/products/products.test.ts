/** Sums of products by WebAssembly against their definition. */
import { describe, expect, it } from "vitest";
import { floatProducts, integerProducts, type Patches } from "../../src/products/index.ts";
import { benchRandom } from "../../sim/bench/index.ts";

type Values = Float32Array | Int16Array;

/** Sums [patch, output] in the order of the patch, each started by `plus`. */
function expected(
  map: Values,
  { corners, runs, length }: Patches,
  weights: Values,
  outputs: number,
  plus: (sum: number, a: number, b: number) => number,
): number[] {
  return [...corners].flatMap((corner) =>
    Array.from({ length: outputs }, (_, k) => {
      let sum = 0;
      let at = k * runs.length * length;
      for (const run of runs)
        for (let i = 0; i < length; i++) sum = plus(sum, map[corner + run + i]!, weights[at++]!);
      return sum;
    }),
  );
}

function found<V extends Values>(
  products: typeof floatProducts | typeof integerProducts,
  map: V,
  patches: Patches,
  weights: V,
  outputs: number,
): number[] {
  const result = new Array<number>(patches.corners.length * outputs);
  const multiply = products as (
    ...all: [
      V,
      Patches,
      V,
      number,
      Parameters<typeof floatProducts>[4] & Parameters<typeof integerProducts>[4],
    ]
  ) => void;
  multiply(map, patches, weights, outputs, (sums, { patch, count, output, block }) => {
    for (let i = 0; i < count; i++)
      for (let j = 0; j < block; j++) {
        const sum = sums[i * block + j]!;
        if (output + j < outputs) result[(patch + i) * outputs + output + j] = sum;
        else expect(sum).toBe(0);
      }
  });
  return result;
}

const wrapping = (sum: number, a: number, b: number) => (sum + Math.imul(a, b)) | 0;
const double = (sum: number, a: number, b: number) => sum + a * b;

const shapes = [
  { patches: 1, runs: [0], length: 1, outputs: 1 },
  { patches: 7, runs: [0, 13, 26], length: 9, outputs: 10 },
  { patches: 8, runs: [0, 4, 50], length: 3, outputs: 8 },
  { patches: 5, runs: [2], length: 64, outputs: 13 },
];

describe("sums of products", () => {
  for (const { patches: count, runs, length, outputs } of shapes) {
    const what = `${count} patches of ${runs.length} runs of ${length}, ${outputs} outputs`;
    const patches = {
      corners: Int32Array.from({ length: count }, (_, i) => 3 * i),
      runs: Int32Array.from(runs),
      length,
    };
    const size = 3 * (count - 1) + runs.at(-1)! + length;

    it(`of float32 are those in double precision, bit for bit: ${what}`, () => {
      const random = benchRandom(1);
      const some = (n: number) =>
        Float32Array.from({ length: n }, () => (random.below(2 ** 31) - 2 ** 30) / 1e7);
      const [map, weights] = [some(size), some(outputs * runs.length * length)];
      const sums = found(floatProducts, map, patches, weights, outputs);
      expect(sums).toEqual(expected(map, patches, weights, outputs, double));
    });

    it(`of int16 wrap at 32 bits: ${what}`, () => {
      const random = benchRandom(2);
      const some = (n: number) => Int16Array.from({ length: n }, () => random.below(2 ** 16) - 2 ** 15);
      const [map, weights] = [some(size), some(outputs * runs.length * length)];
      const sums = found(integerProducts, map, patches, weights, outputs);
      expect(sums).toEqual(expected(map, patches, weights, outputs, wrapping));
    });
  }

  it("are the same where the map does not fit the module's memory at once", () => {
    const length = 3;
    const corners = Int32Array.from({ length: 101 }, (_, i) => 40_000 * i);
    const patches = { corners, runs: Int32Array.of(0, 900_001), length };
    const map = Int16Array.from({ length: 40_000 * 100 + 900_001 + length }, (_, i) => (i * 7) % 251);
    const weights = Int16Array.from({ length: 9 * 2 * length }, (_, i) => i - 20);
    const sums = found(integerProducts, map, patches, weights, 9);
    expect(sums).toEqual(expected(map, patches, weights, 9, wrapping));
  });
});
