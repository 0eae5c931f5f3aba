import { describe, expect, it } from "vitest";
import { benchRandom, type BenchRandom, type Dut } from "../../sim/bench/index.ts";
import { packFields, withModule } from "./helper.ts";
import { packBytes, randomInt8, randomSigned } from "./support/bytes.ts";

interface Shape {
  readonly Pc: number;
  readonly Taps: number;
  readonly StepW: number;
}

interface Operation {
  readonly kind: number;
  readonly patch: readonly number[];
  readonly window: readonly number[];
  readonly step: number;
  readonly tap: number;
  readonly tapAt: number;
  readonly weights: readonly number[];
  readonly valid: boolean;
  readonly first: boolean;
  readonly bias: number;
}

function randomOperation({ Pc, Taps }: Shape, random: BenchRandom): Operation {
  const extreme = random.chance(30);
  const bytes = (count: number): number[] =>
    extreme ? new Array<number>(count).fill(-128) : randomInt8(random, count);
  const sign = random.chance(50) ? 255 : -256;
  return {
    kind: random.below(3),
    patch: bytes(Pc),
    window: bytes(Taps),
    step: random.below(Math.ceil(Taps / Pc)),
    tap: bytes(1)[0]!,
    tapAt: random.below(Pc),
    weights: Array.from({ length: Pc }, () => (extreme ? sign : randomSigned(random, 9))),
    valid: random.chance(80),
    first: random.chance(20),
    bias: random.chance(40) ? 2 ** 31 - 1 - random.below(2 ** 16) : randomSigned(random, 32),
  };
}

/** What the lane adds to its accumulator. */
function products({ Pc }: Shape, op: Operation): number {
  const sum = (operand: (j: number) => number): number =>
    op.weights.reduce((total, weight, j) => total + weight * operand(j), 0);
  if (op.kind === 0) return sum((j) => op.patch[j]!);
  if (op.kind === 1) return sum((j) => op.window[op.step * Pc + j] ?? 0);
  return op.weights[op.tapAt]! * op.tap;
}

/** One operation a cycle; the accumulator is checked after each. Returns how often it wrapped. */
function run(dut: Dut, shape: Shape, operations: readonly Operation[]): number {
  let acc: number | undefined;
  let wraps = 0;
  for (let cycle = 0; cycle < operations.length + 2; cycle += 1) {
    const op = operations[cycle % operations.length]!;
    dut.poke("kind_i", op.kind);
    dut.poke("patch_i", packBytes(op.patch));
    dut.poke("window_i", packBytes(op.window));
    dut.poke("step_i", op.step);
    dut.poke("tap_i", op.tap);
    dut.poke("tap_at_i", 1n << BigInt(op.tapAt));
    dut.poke("weights_i", packFields(op.weights, 9));
    const late = operations[cycle - 2];
    dut.poke("valid_i", late?.valid ?? false);
    dut.poke("first_i", late?.first ?? false);
    dut.poke("bias_i", late?.bias ?? 0);
    dut.step();
    if (late?.valid) {
      const exact = (late.first ? late.bias : (acc ?? 0)) + products(shape, late);
      if (late.first || acc !== undefined) acc = exact | 0;
      if (exact !== acc) wraps += 1;
    }
    if (acc !== undefined) expect(dut.peekSigned("acc_o")).toBe(BigInt(acc));
  }
  return wraps;
}

describe.each([
  { Pc: 4, Taps: 9, StepW: 2 },
  { Pc: 32, Taps: 20, StepW: 1 },
])("mac_lane of $Pc multipliers, $Taps taps", (shape) => {
  it("accumulates patches, windows and taps, with bubbles, wrapping at 32 bits", () =>
    withModule("mac_lane", shape, (dut) => {
      const random = benchRandom(6);
      const operations = Array.from({ length: 3000 }, () => randomOperation(shape, random));
      expect(run(dut, shape, operations)).toBeGreaterThan(50);
    }));

  it("takes the greatest and least sums", () =>
    withModule("mac_lane", shape, (dut) => {
      const random = benchRandom(7);
      const base = randomOperation(shape, random);
      const operations = [255, -255, -256].flatMap((weight) =>
        [0, 1, 2].map((kind) => ({
          ...base,
          kind,
          step: 0,
          patch: new Array<number>(shape.Pc).fill(-128),
          window: new Array<number>(shape.Taps).fill(-128),
          tap: -128,
          weights: new Array<number>(shape.Pc).fill(weight),
          valid: true,
          first: kind === 0,
          bias: 0,
        })),
      );
      expect(products(shape, operations[0]!)).toBe(-128 * 255 * shape.Pc);
      expect(run(dut, shape, operations)).toBe(0);
    }));
});
