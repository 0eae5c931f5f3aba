import { describe, expect, it } from "vitest";
import { benchRandom } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";
import { randomSigned } from "./support/bytes.ts";
import { multiplyByQuantizedMultiplier } from "./support/requantize.ts";

type Vector = readonly [value: number, multiplier: number, right: number];

const latency = 3;

/** One vector a cycle; each result three cycles later. */
const run = (vectors: readonly Vector[]) =>
  withModule("fixed_scale", {}, (dut) => {
    const wrong: object[] = [];
    for (let cycle = 0; cycle < vectors.length + latency - 1; cycle += 1) {
      const [value, multiplier, right] = vectors[Math.min(cycle, vectors.length - 1)]!;
      dut.poke("value_i", value);
      dut.poke("multiplier_i", multiplier);
      dut.poke("right_i", right);
      dut.step();
      const vector = vectors[cycle - latency + 1];
      if (vector === undefined) continue;
      const expected = multiplyByQuantizedMultiplier(vector[0], {
        multiplier: vector[1],
        right: vector[2],
        left: 0,
      });
      const got = BigInt.asIntN(32, dut.peek("scaled_o"));
      if (got !== expected) wrong.push({ vector, expected, got });
    }
    expect(wrong.slice(0, 10)).toEqual([]);
  });

describe("fixed_scale", () => {
  it("scales as TFLite's reference kernels, a random vector each cycle", () => {
    const random = benchRandom(21);
    return run(
      Array.from({ length: 20_000 }, (): Vector => {
        const value = random.chance(50) ? randomSigned(random, 32) : randomSigned(random, 9) << 20;
        const multiplier = random.chance(20) ? 2 ** 30 : 2 ** 30 + random.below(2 ** 30);
        return [value, multiplier, random.below(32)];
      }),
    );
  });

  it("rounds ties as the kernels do, on both sides of zero and at every shift", () => {
    const ties: Vector[] = [];
    for (let right = 0; right < 28; right += 1) {
      for (const half of [1, 3, 5, 7]) {
        for (const off of [-1, 0, 1]) {
          const value = half * 2 ** right + off;
          ties.push([value, 2 ** 30, right], [-value, 2 ** 30, right]);
        }
      }
    }
    // 5 / 4 = 1.25, but rounded twice: 2.5 -> 3, 3 / 2 -> 2; of -5: -2.5 -> -2, -2 / 2 = -1
    const scale = { multiplier: 2 ** 30, right: 1, left: 0 };
    expect([5, -5].map((value) => multiplyByQuantizedMultiplier(value, scale))).toEqual([2n, -1n]);
    return run(ties);
  });

  it("agrees at the ends of its operands", () => {
    const values = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 255 * 2 ** 20, -255 * 2 ** 20];
    return run(
      values.flatMap((value) =>
        [0, 1, 2 ** 30, 2 ** 31 - 1].flatMap((multiplier) =>
          Array.from({ length: 32 }, (_, right): Vector => [value, multiplier, right]),
        ),
      ),
    );
  });
});
