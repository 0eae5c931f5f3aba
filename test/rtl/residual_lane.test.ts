import { describe, expect, it } from "vitest";
import { benchRandom, type Dut } from "../../sim/bench/index.ts";
import { withModule } from "./helper.ts";
import { addQuantized, randomConstants, type AddConstants } from "./support/add.ts";
import { randomInt8 } from "./support/bytes.ts";

interface Vector {
  readonly enable: boolean;
  readonly result: number;
  readonly residual: number;
  readonly constants: AddConstants;
}

const latency = 9;

/** Constants come beside the operands, five and eight cycles after them. */
function pokeVectors(dut: Dut, at: (back: number) => Vector): void {
  const { enable, result, residual, constants } = at(0);
  dut.poke("enable_i", enable);
  dut.poke("result_i", result & 255);
  dut.poke("residual_i", residual & 255);
  dut.poke("result_zero_i", constants.result.zero & 255);
  dut.poke("residual_zero_i", constants.residual.zero & 255);
  dut.poke("result_multiplier_i", constants.result.multiplier);
  dut.poke("residual_multiplier_i", constants.residual.multiplier);
  dut.poke("result_right_i", constants.result.right);
  dut.poke("residual_right_i", constants.residual.right);
  const { sum } = at(5).constants;
  dut.poke("sum_multiplier_i", sum.multiplier);
  dut.poke("sum_right_i", sum.right);
  const end = at(8).constants;
  dut.poke("zero_point_i", end.sum.zero & 255);
  dut.poke("min_i", end.min & 255);
  dut.poke("max_i", end.max & 255);
}

const run = (vectors: readonly Vector[]) =>
  withModule("residual_lane", {}, (dut) => {
    const wrong: object[] = [];
    for (let cycle = 0; cycle < vectors.length + latency - 1; cycle += 1) {
      pokeVectors(dut, (back) => vectors[Math.min(Math.max(cycle - back, 0), vectors.length - 1)]!);
      dut.step();
      const vector = vectors[cycle - latency + 1];
      if (vector === undefined) continue;
      const { enable, result, residual, constants } = vector;
      const expected = enable ? addQuantized(result, residual, constants) : result;
      const got = (dut.peekNumber("sum_o") << 24) >> 24;
      if (got !== expected) wrong.push({ ...vector, expected, got });
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  });

describe("residual_lane", () => {
  it("adds as TFLite's reference kernel, other constants each cycle; passes the result when there is nothing to add", () => {
    const random = benchRandom(8);
    const vectors = Array.from({ length: 20_000 }, (): Vector => {
      const [result = 0, residual = 0] = randomInt8(random, 2);
      return { enable: random.chance(85), result, residual, constants: randomConstants(random) };
    });
    const sums = vectors.map(({ result, residual, constants }) => addQuantized(result, residual, constants));
    // the vectors reach most results and do not all end at the clamp
    expect(new Set(sums).size).toBeGreaterThan(250);
    return run(vectors);
  });

  it("adds every pair of one layer", () => {
    // scales 0.05 and 0.08 to 0.1: twice the larger is the common one
    const constants: AddConstants = {
      result: { multiplier: Math.round((0.05 / 0.16) * 2 ** 32), right: 1, zero: 4 },
      residual: { multiplier: 2 ** 30, right: 0, zero: -128 },
      sum: { multiplier: Math.round((0.16 / 0.1) * 2 ** 30), right: 19, zero: -20 },
      min: -128,
      max: 127,
    };
    expect(addQuantized(24, -128 + 25, constants)).toBe(-20 + 30);
    const all = Array.from({ length: 256 }, (_, i) => i - 128);
    return run(
      all.flatMap((result) => all.map((residual) => ({ enable: true, result, residual, constants }))),
    );
  });
});
