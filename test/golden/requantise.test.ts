import { expect, it } from "vitest";
import { requantiser } from "../../src/golden/requantise.ts";
import { benchRandom } from "../../sim/bench/index.ts";
import { requantize } from "../rtl/support/requantize.ts";

it("takes each channel's multiplier and exponent, the zero point and the clamp to the kernel", () => {
  const random = benchRandom(1);
  const channels = 64;
  const multiplier = Int32Array.from({ length: channels }, () => 2 ** 30 + random.below(2 ** 30));
  const exponent = Int32Array.from({ length: channels }, () => random.below(34) - 31);
  const [min, max, zeroPoint] = [-100, 120, -7];
  const finish = requantiser({ multiplier, exponent, min, max }, zeroPoint);
  const found = new Set<number>();
  for (let i = 0; i < 50_000; i++) {
    const k = i % channels;
    const e = exponent[k]!;
    const size = Math.min(31, Math.max(2, 8 - e));
    const acc = Math.floor((random.below(2 ** 31) / 2 ** 31 - 0.5) * 2 ** size) | 0;
    const scale = { multiplier: multiplier[k]!, right: Math.max(0, -e), left: Math.max(0, e) };
    const expected = requantize(acc, scale, { zeroPoint, min, max });
    const got = finish(acc, k);
    if (got !== expected) expect({ acc, scale, got }).toEqual({ acc, scale, got: expected });
    found.add(got);
  }
  expect(found.size).toBe(max - min + 1);
});

it("wraps the left shift, keeps a flushed multiplier at zero", () => {
  const layer = (multiplier: number, exponent: number) =>
    requantiser(
      { multiplier: Int32Array.of(multiplier), exponent: Int32Array.of(exponent), min: -128, max: 127 },
      5,
    );
  expect(layer(2 ** 30, 1)(2 ** 30, 0)).toBe(-128);
  expect(layer(2 ** 30, 3)(10, 0)).toBe(45);
  expect(layer(0, -31)(-(2 ** 30), 0)).toBe(5);
  // 1 * (2^31 - 1) / 2^31 rounds to 1, and 1 / 2 rounds to 1; one rounding would give 0.
  expect(layer(2 ** 31 - 1, -1)(1, 0)).toBe(6);
});
