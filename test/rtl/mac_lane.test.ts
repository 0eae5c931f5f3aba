import { describe, expect, it } from "vitest";
import { benchRandom, type BenchRandom, type Dut } from "../../sim/bench/index.ts";
import { packFields, withModule } from "./helper.ts";
import { packBytes, randomInt8, randomSigned } from "./support/bytes.ts";

interface Shape {
  readonly Lanes: number;
  readonly Beside: number;
  readonly Pc: number;
  readonly Taps: number;
  readonly StepW: number;
  readonly SerialMax: number;
  readonly AccW: number;
  readonly NarrowWeights: number;
}

interface Operation {
  readonly kind: number;
  readonly patch: readonly number[];
  readonly step: number;
  readonly tapAt: number;
  /** Whose window or tap it is: 0 or 1. */
  readonly turn: number;
  readonly first: boolean;
  readonly lanes: readonly Lane[];
}

interface Lane {
  readonly window: readonly number[];
  readonly tap: number;
  readonly weights: readonly number[];
  readonly valid: boolean;
  readonly bias: number;
}

/** Weights are int8 less their zero point; two products of one multiplier do not take -256. */
const leastWeight = ({ Lanes, NarrowWeights }: Shape): number =>
  NarrowWeights === 1 ? -127 : Lanes === 1 ? -256 : -255;
const mostWeight = ({ NarrowWeights }: Shape): number => (NarrowWeights === 1 ? 127 : 255);

function randomOperation(shape: Shape, random: BenchRandom): Operation {
  const { AccW, Lanes, Pc, SerialMax, Taps } = shape;
  const extreme = random.chance(30);
  const bytes = (count: number): number[] =>
    extreme ? new Array<number>(count).fill(-128) : randomInt8(random, count);
  const least = leastWeight(shape);
  const most = mostWeight(shape);
  const sign = random.chance(50) ? most : least;
  return {
    kind: random.below(3 + SerialMax),
    patch: bytes(Pc),
    step: random.below(Math.ceil(Taps / Pc)),
    tapAt: random.below(Pc),
    turn: random.below(Lanes),
    first: random.chance(20),
    lanes: Array.from({ length: Lanes }, () => ({
      window: bytes(Taps),
      tap: bytes(1)[0]!,
      weights: Array.from({ length: Pc }, () =>
        extreme ? sign : Math.min(most, Math.max(least, randomSigned(random, 9))),
      ),
      valid: random.chance(80),
      bias: random.chance(40) ? 2 ** (AccW - 1) - 1 - random.below(2 ** 16) : randomSigned(random, AccW),
    })),
  };
}

/** Operations whose second lane has no weights of a window where the first one's taps are, but for those of taps with own multipliers. */
function apart({ Beside, Pc, Taps }: Shape, operations: readonly Operation[]): readonly Operation[] {
  const alone = Math.max(0, 2 * Taps - Pc);
  const isFirstLanes = (place: number): boolean => place >= alone && place < Taps;
  const cleared = ({ weights, ...lane }: Lane, index: number): Lane => ({
    ...lane,
    weights: weights.map((weight, j) => (index === 1 && isFirstLanes(j) ? 0 : weight)),
  });
  return operations.map((op) =>
    Beside === 1 && op.kind === 1 ? { ...op, lanes: op.lanes.map(cleared) } : op,
  );
}

/** What a lane adds to its accumulator. */
function products({ Beside, Pc, Taps }: Shape, op: Operation, { weights, window: own }: Lane): number {
  if (op.kind === 1 && Beside === 1) {
    const isSecond = own === op.lanes[1]!.window;
    const alone = isSecond ? Math.max(0, 2 * Taps - Pc) : 0;
    const beside = op.lanes.flatMap((lane) => lane.window);
    return weights.reduce(
      (sum, weight, j) => sum + weight * (j < alone ? own[Pc - Taps + j]! : (beside[j] ?? 0)),
      0,
    );
  }
  const { tap, window } = op.lanes[op.turn]!;
  const sum = (operand: (j: number) => number): number =>
    weights.reduce((total, weight, j) => total + weight * operand(j), 0);
  if (op.kind === 0) return sum((j) => op.patch[j]!);
  if (op.kind === 1) return sum((j) => window[op.step * Pc + j] ?? 0);
  return weights[op.tapAt]! * tap;
}

/** The greater of two numbers by their low bytes. */
function greater(a: number, b: number): number {
  const int8 = (n: number) => (n << 24) >> 24;
  return int8(b) > int8(a) ? b : a;
}

/** One operation a cycle; the accumulators are checked after each. Returns how often one wrapped. */
function run(dut: Dut, shape: Shape, operations: readonly Operation[]): number {
  const accs = new Array<number | undefined>(shape.Lanes).fill(undefined);
  let wraps = 0;
  const sumStages = 2 + Math.log2(shape.Pc);
  for (let cycle = 0; cycle < operations.length + sumStages; cycle += 1) {
    const op = operations[cycle % operations.length]!;
    dut.poke("kind_i", op.kind);
    dut.poke("patch_i", packBytes(op.patch));
    dut.poke("window_i", packBytes(op.lanes.flatMap(({ window }) => window)));
    dut.poke("step_i", op.step);
    dut.poke("tap_i", packBytes(op.lanes.map(({ tap }) => tap)));
    dut.poke("tap_at_i", 1n << BigInt(op.tapAt));
    // of one lane, nothing may depend on it
    const taken = shape.Beside === 1 && op.kind === 1 ? 0 : op.turn;
    dut.poke("odd_i", shape.Lanes === 1 ? cycle % 2 : taken);
    dut.poke(
      "weights_i",
      packFields(
        op.lanes.flatMap(({ weights }) => weights),
        9,
      ),
    );
    const late = operations[cycle - sumStages];
    const lanes = late?.lanes ?? [];
    dut.poke(
      "valid_i",
      packFields(
        lanes.map(({ valid }) => Number(valid)),
        1,
      ),
    );
    dut.poke("first_i", late?.first ?? false);
    // without maxima, nothing may depend on it
    dut.poke("greatest_i", shape.SerialMax === 1 ? late?.kind === 3 : cycle % 3 === 0);
    dut.poke(
      "bias_i",
      packFields(
        lanes.map(({ bias }) => bias),
        32,
      ),
    );
    dut.step();
    for (const [index, lane] of lanes.entries()) {
      const acc = accs[index];
      if (!late || !lane.valid || !(late.first || acc !== undefined)) continue;
      const before = late.first ? lane.bias : acc!;
      const exact =
        late.kind === 3 ? greater(before, products(shape, late, lane)) : before + products(shape, late, lane);
      accs[index] = Number(BigInt.asIntN(shape.AccW, BigInt(exact)));
      if (exact !== accs[index]) wraps += 1;
    }
    const got = dut.peek("acc_o");
    for (const [index, acc] of accs.entries())
      if (acc !== undefined)
        expect(BigInt.asIntN(shape.AccW, got >> BigInt(shape.AccW * index))).toBe(BigInt(acc));
  }
  return wraps;
}

describe.each([
  { Lanes: 1, Beside: 0, Pc: 4, Taps: 9, StepW: 2, SerialMax: 0, AccW: 32, NarrowWeights: 0 },
  { Lanes: 1, Beside: 0, Pc: 4, Taps: 9, StepW: 2, SerialMax: 1, AccW: 25, NarrowWeights: 0 },
  { Lanes: 1, Beside: 0, Pc: 32, Taps: 20, StepW: 1, SerialMax: 1, AccW: 32, NarrowWeights: 0 },
  { Lanes: 2, Beside: 0, Pc: 4, Taps: 9, StepW: 2, SerialMax: 1, AccW: 25, NarrowWeights: 0 },
  { Lanes: 2, Beside: 0, Pc: 8, Taps: 9, StepW: 1, SerialMax: 1, AccW: 25, NarrowWeights: 1 },
  { Lanes: 2, Beside: 1, Pc: 16, Taps: 9, StepW: 1, SerialMax: 1, AccW: 32, NarrowWeights: 0 },
  { Lanes: 2, Beside: 1, Pc: 16, Taps: 9, StepW: 1, SerialMax: 1, AccW: 25, NarrowWeights: 1 },
  { Lanes: 2, Beside: 1, Pc: 32, Taps: 15, StepW: 1, SerialMax: 0, AccW: 25, NarrowWeights: 1 },
])(
  "mac_lane of $Lanes lanes, $Pc multipliers, $Taps taps, side by side $Beside, maxima $SerialMax, sums of $AccW bits, narrow $NarrowWeights",
  (shape) => {
    it("accumulates patches, windows and taps, with bubbles, wrapping", () =>
      withModule("mac_lane", shape, (dut) => {
        const random = benchRandom(6);
        const operations = Array.from({ length: 3000 }, () => randomOperation(shape, random));
        expect(run(dut, shape, apart(shape, operations))).toBeGreaterThan(50);
      }));

    it("takes the greatest and least sums", () =>
      withModule("mac_lane", shape, (dut) => {
        const random = benchRandom(7);
        const base = randomOperation(shape, random);
        const operations = [mostWeight(shape), -mostWeight(shape), leastWeight(shape)].flatMap((weight) =>
          [0, 1, 2].map((kind) => ({
            ...base,
            kind,
            step: 0,
            patch: new Array<number>(shape.Pc).fill(-128),
            first: kind === 0,
            lanes: base.lanes.map(() => ({
              window: new Array<number>(shape.Taps).fill(-128),
              tap: -128,
              weights: new Array<number>(shape.Pc).fill(weight),
              valid: true,
              bias: 0,
            })),
          })),
        );
        expect(products(shape, operations[0]!, operations[0]!.lanes[0]!)).toBe(
          -128 * mostWeight(shape) * shape.Pc,
        );
        expect(run(dut, shape, apart(shape, operations))).toBe(0);
      }));
  },
);
