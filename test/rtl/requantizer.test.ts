import { describe, expect, it } from "vitest";
import { benchRandom, verilateModule, type BenchRandom, type Dut } from "../../sim/bench/index.ts";
import { REQUANTISE_STAGES } from "../../src/4-schedule/stages.ts";
import { packagePath } from "../../src/platform/package.ts";
import { randomSigned } from "./support/bytes.ts";
import { clamp, multiplyFloat32, requantize, type Range } from "./support/requantize.ts";
import { decode } from "../../src/format/fields.ts";
import { shiftWord, shiftWords } from "../../src/format/group-record.ts";

interface Vector {
  readonly acc: number;
  readonly multiplier: number;
  readonly shift: number;
  readonly range: Range;
  readonly expected: number;
}

const INT_MAX = 2 ** 31 - 1;
const INT_MIN = -(2 ** 31);
const whole: Range = { zeroPoint: 0, min: -128, max: 127 };

/** The compiled kernels inside of their wrapper, and the hand-written module that they are measured against. */
const modules = {
  compiled: { file: packagePath("hw", "rtl", "requantizer.v"), stages: REQUANTISE_STAGES },
  yardstick: { file: packagePath("test", "rtl", "yardstick", "requantizer.v"), stages: 5 },
};

/** One vector a cycle; those that came out wrong, at most ten. The layer's constants go with the last stage. */
function failures(dut: Dut, stages: number, vectors: readonly Vector[]): object[] {
  const wrong: object[] = [];
  const late = stages - 1;
  for (let cycle = 0; cycle < vectors.length + late; cycle += 1) {
    const first = vectors[cycle % vectors.length]!;
    dut.poke("acc_i", first.acc);
    dut.poke("multiplier_i", first.multiplier);
    dut.poke("shift_i", first.shift);
    const last = vectors[cycle - late] ?? first;
    dut.poke("zero_point_i", last.range.zeroPoint);
    dut.poke("min_i", last.range.min);
    dut.poke("max_i", last.range.max);
    dut.step();
    if (cycle < late) continue;
    const got = (dut.peekNumber("result_o") << 24) >> 24;
    if (got !== last.expected) wrong.push({ ...last, got });
  }
  return wrong.slice(0, 10);
}

async function run(vectors: readonly Vector[], Float32 = 0): Promise<void> {
  const run = async (
    name: keyof typeof modules,
    parameters: Record<string, number>,
    some: readonly Vector[],
  ) => {
    const { file, stages } = modules[name];
    const dut = await verilateModule({ top: "requantizer", files: [file], parameters });
    expect({ name, parameters, wrong: failures(dut, stages, some) }).toEqual({ name, parameters, wrong: [] });
    dut.close();
  };
  await run("yardstick", { Float32 }, vectors);
  await run("compiled", { Float32 }, vectors);
  const narrow = vectors.filter(isNarrow);
  expect(narrow.length).toBeGreaterThan(300);
  await run("compiled", { Float32, SumW: 25 }, narrow);
  const plain = narrow.filter(({ shift }) => fields(shift).left + fields(shift).floor === 0);
  if (plain.length > 0) await run("compiled", { Float32, SumW: 25, LeftShifts: 0, Averages: 0 }, plain);
}

const fields = (shift: number) => decode(shiftWords, [shift]);

/** What is multiplied has 25 bits. */
function isNarrow({ acc, shift }: Vector): boolean {
  const { absolute, addend, left } = fields(shift);
  return Math.abs(acc) * 2 ** left + (absolute ? addend : 0) < 2 ** 24;
}

function tflite(acc: number, multiplier: number, right: number, left: number, range: Range): Vector {
  const expected = requantize(acc, { multiplier, right, left }, range);
  return { acc, multiplier, shift: shiftWord({ right, left }), range, expected };
}

function randomRange(random: BenchRandom): Range {
  const [min = 0, max = 0] = [randomSigned(random, 8), randomSigned(random, 8)].sort((a, b) => a - b);
  return random.chance(60)
    ? { zeroPoint: randomSigned(random, 8), min: -128, max: 127 }
    : { zeroPoint: randomSigned(random, 8), min, max };
}

/** An accumulator that comes to `target` before the zero point, so that the clamp does not hide the rounding. */
function accumulatorFor(target: number, multiplier: number, right: number, left: number): number {
  const exact = Math.round((target * 2 ** (31 + right - left)) / multiplier);
  return Math.max(INT_MIN, Math.min(INT_MAX, exact));
}

describe("requantise", () => {
  it("scales as TFLite's reference kernels, a random vector each cycle", () => {
    const random = benchRandom(3);
    return run(
      Array.from({ length: 12_000 }, () => {
        const multiplier = random.chance(20) ? 2 ** 30 : 2 ** 30 + random.below(2 ** 30);
        const [right, left] = random.chance(75) ? [random.below(32), 0] : [0, random.below(20)];
        const target = (random.below(1200) - 600) / 2;
        const near = accumulatorFor(target, multiplier, right, left) + random.below(5) - 2;
        const acc = random.chance(80) ? near | 0 : randomSigned(random, 32);
        return tflite(acc, multiplier, right, left, randomRange(random));
      }),
    );
  });

  it("rounds ties away from zero in the shift and upwards in the product", () => {
    const ties: Vector[] = [];
    for (let right = 0; right < 25; right += 1) {
      for (let target = -8.5; target <= 8.5; target += 0.5) {
        for (const off of [-1, 0, 1]) {
          const acc = accumulatorFor(target, 2 ** 30, right, 0) + off;
          ties.push(tflite(acc, 2 ** 30, right, 0, whole), tflite(acc, 2 ** 30 + 1, right, 0, whole));
        }
      }
    }
    // 5 * 2^30 / 2^31 = 2.5; a second rounding of 2.5 -> 3 by 2^1 gives 2, where one rounding of 1.25 would give 1
    expect(tflite(5, 2 ** 30, 1, 0, whole).expected).toBe(2);
    expect(tflite(-5, 2 ** 30, 0, 0, whole).expected).toBe(-2);
    expect(tflite(-6, 2 ** 30, 1, 0, whole).expected).toBe(-2);
    return run(ties);
  });

  it("agrees at every shift for the ends of all operands", () => {
    const accs = [0, 1, -1, 2, -3, 127, -128, 2 ** 30, -(2 ** 30), INT_MAX, INT_MIN, INT_MIN + 1];
    const multipliers = [0, 1, 2 ** 30, 2 ** 30 + 1, INT_MAX];
    const ranges = [whole, { zeroPoint: -128, min: -128, max: 127 }, { zeroPoint: 127, min: 5, max: 6 }];
    const shifts = Array.from({ length: 32 }, (_, shift) => [
      { right: shift, left: 0 },
      { right: 0, left: shift },
      { right: 31 - shift, left: shift },
    ]).flat();
    return run(
      accs.flatMap((acc) =>
        multipliers.flatMap((multiplier) =>
          shifts.flatMap(({ right, left }, i) => tflite(acc, multiplier, right, left, ranges[i % 3]!)),
        ),
      ),
    );
  });

  it("averages int8 with halves away from zero", () => {
    const vectors: Vector[] = [];
    for (const n of [2, 3, 4, 5, 6, 7, 9, 12, 16, 25, 36, 49, 64, 100, 144, 255, 1024, 16383]) {
      const half = n >> 1;
      const right = Math.max(0, Math.ceil(Math.log2(n)) - 1);
      const multiplier = Math.ceil(2 ** (31 + right) / n);
      const shift = shiftWord({ right, floor: 1, absolute: 1, addend: half });
      for (const sum of sums(n)) {
        const magnitude = Math.floor((Math.abs(sum) + half) / n);
        vectors.push({
          acc: sum,
          multiplier,
          shift,
          range: whole,
          expected: sum < 0 ? 0 - magnitude : magnitude,
        });
      }
    }
    return run(vectors);
  });

  it("averages uint8 by a floor", () => {
    const vectors: Vector[] = [];
    const range = { zeroPoint: -128, min: -100, max: 120 };
    for (const n of [2, 3, 7, 9, 16, 49, 64, 144, 1024]) {
      const right = Math.max(0, Math.ceil(Math.log2(n)) - 1);
      const multiplier = Math.ceil(2 ** (31 + right) / n);
      for (const sum of sums(n)) {
        const acc = sum + 128 * n + (n >> 1);
        const expected = clamp(BigInt(Math.floor(acc / n) - 128), range);
        vectors.push({ acc, multiplier, shift: shiftWord({ right, floor: 1 }), range, expected });
      }
    }
    return run(vectors);
  });

  it("rounds to 24 bits and then to the nearest even, in float mode", () => {
    const random = benchRandom(11);
    const float = (acc: number, multiplier: number, right: number, left: number, range: Range): Vector => {
      const expected = clamp(
        multiplyFloat32(acc, { multiplier, right, left }) + BigInt(range.zeroPoint),
        range,
      );
      return { acc, multiplier, shift: shiftWord({ right, left, float32: 1 }), range, expected };
    };
    const vectors = Array.from({ length: 20_000 }, (_, i) => {
      // Round multipliers, so that many products are exact ties; float32 ones; any.
      const multiplier =
        i % 3 === 0
          ? 2 ** 30 + random.below(4) * 2 ** 28
          : i % 3 === 1
            ? 2 ** 30 + random.below(2 ** 23) * 2 ** 7
            : 2 ** 30 + random.below(2 ** 30);
      const [right, left] = random.chance(75) ? [random.below(32), 0] : [0, random.below(20)];
      const near =
        accumulatorFor((random.below(1200) - 600) / 2, multiplier, right, left) + random.below(5) - 2;
      const acc = random.chance(80) ? near | 0 : randomSigned(random, 32);
      return float(acc, multiplier, right, left, randomRange(random));
    });
    // Sums times 1 / n as float32: next to every tie there is a product that float32 cannot tell from it.
    for (const n of [6, 10, 14, 20, 36, 50, 98, 200, 1000, 3332]) {
      const factor = Math.fround(1 / n);
      const right = Math.ceil(Math.log2(n)) - 1;
      const multiplier = factor * 2 ** (31 + right);
      for (let half = -255; half <= 255; half++)
        vectors.push(float((2 * half + 1) * (n / 2), multiplier, right, 0, whole));
    }
    // 5 / 2 = 2.5 -> 2 and 7 / 2 = 3.5 -> 4, of either sign.
    const halves = { multiplier: 2 ** 30, right: 0, left: 0 };
    expect([5, 7, -5, -7].map((acc) => multiplyFloat32(acc, halves))).toEqual([2n, 4n, -2n, -4n]);
    return run(vectors, 1);
  });

  it("has TFLite's rounding beside the float mode", () => {
    const random = benchRandom(17);
    return run(
      Array.from({ length: 2000 }, () => {
        const multiplier = 2 ** 30 + random.below(2 ** 30);
        const right = random.below(32);
        const acc = accumulatorFor((random.below(1200) - 600) / 2, multiplier, right, 0);
        return tflite(acc, multiplier, right, 0, randomRange(random));
      }),
      1,
    );
  });

  it("floors negative values in floor mode", () =>
    run(
      Array.from({ length: 400 }, (_, i) => {
        const acc = 7 * i - 1400;
        const expected = clamp(BigInt(Math.floor((acc * 3) / 16)), whole);
        return {
          acc,
          multiplier: 3 * 2 ** 28,
          shift: shiftWord({ right: 1, floor: 1 }),
          range: whole,
          expected,
        };
      }),
    ));
});

/** Sums of n int8 values: the ends, and those around every half for some averages. */
function sums(n: number): number[] {
  const found = new Set([-128 * n, 127 * n]);
  for (const average of [-127, -64, -3, -2, -1, 0, 1, 2, 3, 63, 126]) {
    for (const off of [-1, 0, 1]) {
      found.add(average * n + Math.floor(n / 2) + off);
      found.add(average * n - Math.floor(n / 2) + off);
      found.add(average * n + off);
    }
  }
  return [...found].filter((sum) => sum >= -128 * n && sum <= 127 * n);
}
