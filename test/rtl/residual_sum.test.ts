import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { kernelFolder } from "../../codegen/kernels.ts";
import { benchRandom, verilateModule, type Dut } from "../../sim/bench/index.ts";
import { addQuantized, randomConstants, type AddConstants } from "./support/add.ts";
import { randomInt8 } from "./support/bytes.ts";

interface Vector {
  readonly result: number;
  readonly residual: number;
  readonly constants: AddConstants;
}

const latency = 9;

/** Constants come beside the operands, with the fifth stage and with the last. */
function pokeVectors(dut: Dut, at: (back: number) => Vector): void {
  const { result, residual, constants } = at(0);
  dut.poke("a_i", result);
  dut.poke("b_i", residual);
  for (const [name, operand] of [
    ["a", constants.result],
    ["b", constants.residual],
  ] as const) {
    dut.poke(`${name}Zero_i`, operand.zero);
    dut.poke(`${name}Multiplier_i`, operand.multiplier);
    dut.poke(`${name}Right_i`, operand.right);
  }
  const { sum } = at(4).constants;
  dut.poke("multiplier_i", sum.multiplier);
  dut.poke("right_i", sum.right);
  const end = at(8).constants;
  dut.poke("zeroPoint_i", end.sum.zero);
  dut.poke("low_i", end.min);
  dut.poke("high_i", end.max);
}

async function run(vectors: readonly Vector[]): Promise<void> {
  const dut = await verilateModule({ top: "residualAdd", files: [join(kernelFolder(), "residualAdd.v")] });
  const wrong: object[] = [];
  for (let cycle = 0; cycle < vectors.length + latency - 1; cycle += 1) {
    pokeVectors(dut, (back) => vectors[Math.min(Math.max(cycle - back, 0), vectors.length - 1)]!);
    dut.step();
    const vector = vectors[cycle - latency + 1];
    if (vector === undefined) continue;
    const { result, residual, constants } = vector;
    const expected = addQuantized(result, residual, constants);
    const got = (dut.peekNumber("result_o") << 24) >> 24;
    if (got !== expected) wrong.push({ ...vector, expected, got });
  }
  dut.close();
  expect(wrong.slice(0, 5)).toEqual([]);
}

describe("residualAdd", () => {
  it("adds as TFLite's reference kernel, other constants each cycle", () => {
    const random = benchRandom(8);
    const vectors = Array.from({ length: 20_000 }, (): Vector => {
      const [result = 0, residual = 0] = randomInt8(random, 2);
      return { result, residual, constants: randomConstants(random) };
    });
    const sums = vectors.map(({ result, residual, constants }) => addQuantized(result, residual, constants));
    // the vectors reach most results and do not all end at the clamp
    expect(new Set(sums).size).toBeGreaterThan(250);
    return run(vectors);
  });

  it("adds every pair of one layer", () => {
    // scales 0.05 and 0.08 to 0.1: twice the larger is the common one
    const constants: AddConstants = {
      operation: "add",
      result: { multiplier: Math.round((0.05 / 0.16) * 2 ** 32), right: 1, zero: 4 },
      residual: { multiplier: 2 ** 30, right: 0, zero: -128 },
      sum: { multiplier: Math.round((0.16 / 0.1) * 2 ** 30), right: 19, zero: -20 },
      min: -128,
      max: 127,
    };
    expect(addQuantized(24, -128 + 25, constants)).toBe(-20 + 30);
    const all = Array.from({ length: 256 }, (_, i) => i - 128);
    return run(all.flatMap((result) => all.map((residual) => ({ result, residual, constants }))));
  });
});
