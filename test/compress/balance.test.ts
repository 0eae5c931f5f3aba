import { expect, test } from "vitest";
import { matcher } from "../../src/4-schedule/sparse/lane-match.ts";
import { packGroup } from "../../src/4-schedule/sparse/pack.ts";
import { balance } from "../../src/compress/balance.ts";
import { prune } from "../../src/compress/prune.ts";
import { benchRandom } from "../../sim/bench/index.ts";

const LANES = 8;

/** Weights [K][C][taps] as a trained layer has them: some channels are greater than others. */
function layer(channels: number, taps: number): Float32Array {
  const random = benchRandom(channels * taps, "balance");
  const normal = () =>
    Array.from({ length: 6 }, () => random.below(1000) / 1000 - 0.5).reduce((a, b) => a + b);
  const scale = Array.from({ length: LANES }, () => 0.5 + random.below(1000) / 1000);
  return Float32Array.from(
    { length: LANES * channels * taps },
    (_, i) => normal() * scale[Math.floor(i / channels / taps)]!,
  );
}

/** Steps that a group of these channels takes. */
function steps(values: Float32Array, channels: number, taps: number, multipliers: number): number {
  const words = Math.ceil(channels / multipliers);
  const lanes = Array.from({ length: LANES }, (_, lane) => {
    const patch = new Uint8Array(taps * words * multipliers);
    for (let c = 0; c < channels; c++)
      for (let tap = 0; tap < taps; tap++)
        if (values[(lane * channels + c) * taps + tap] !== 0) patch[tap * words * multipliers + c] = 1;
    return patch;
  });
  return packGroup(lanes, taps * words, multipliers, matcher(multipliers)).length;
}

const sum = (values: Float32Array): number => values.reduce((total, value) => total + Math.abs(value), 0);

test.each([
  { channels: 64, taps: 9, density: 0.5, multipliers: 16 },
  { channels: 128, taps: 1, density: 0.3, multipliers: 8 },
  { channels: 40, taps: 9, density: 0.25, multipliers: 16 },
])(
  "a layer of $channels channels and $taps taps packs better at a density of $density, and loses little",
  ({ channels, density, multipliers, taps }) => {
    const values = layer(channels, taps);
    const magnitudes = values.map(Math.abs);
    const plain = prune(values, magnitudes, density);
    const balanced = balance(values, magnitudes, density, { channels, taps, multipliers });
    const size = channels * taps;
    for (let lane = 0; lane < LANES; lane++) {
      const own = balanced.subarray(lane * size, (lane + 1) * size);
      expect(own.filter((value) => value !== 0).length).toBe(Math.round(density * size));
      own.forEach((value, i) => {
        if (value !== 0) expect(value).toBe(values[lane * size + i]);
      });
    }
    const words = taps * Math.ceil(channels / multipliers);
    const [before, after] = [plain, balanced].map((kept) => steps(kept, channels, taps, multipliers));
    expect(after).toBeLessThan(before!);
    expect(after).toBeLessThanOrEqual(Math.ceil(words * density) + Math.ceil(words / 10));
    expect(sum(balanced) / sum(plain)).toBeGreaterThan(0.9);
  },
);

test("the weights that stay are those of the largest sum that fits the steps", () => {
  // two words of two multipliers, one step: of each column's words the larger one, from wherever a multiplier sees it
  const values = Float32Array.from([1, 2, 4, 3]);
  const shape = { channels: 4, taps: 1, multipliers: 2 };
  expect([...balance(values, values, 0.5, shape)]).toEqual([0, 0, 4, 3]);
  expect([...balance(values, values, 1, shape)]).toEqual([1, 2, 4, 3]);
});
