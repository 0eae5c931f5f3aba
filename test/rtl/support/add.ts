/** TFLite's operators of two values on BigInt after the reference kernels, and their constants as the descriptor holds them. */
import type { BenchRandom } from "../../../sim/bench/index.ts";
import {
  residualOperations,
  type Descriptor,
  type ResidualOperation,
} from "../../../src/format/descriptor.ts";
import { randomSigned } from "./bytes.ts";
import { clamp, multiplyByQuantizedMultiplier } from "./requantize.ts";

/** Q0.31 multiplier, right shift, zero point. */
export interface Operand {
  readonly multiplier: number;
  readonly right: number;
  readonly zero: number;
}

export interface AddConstants {
  readonly operation: ResidualOperation;
  readonly result: Operand;
  readonly residual: Operand;
  readonly sum: Operand;
  readonly min: number;
  readonly max: number;
}

const scale = (value: number, { multiplier, right }: Operand): bigint =>
  multiplyByQuantizedMultiplier(value, { multiplier, right, left: 0 });

/** Both operands times 2^20, scaled, put together, scaled; or their product, shifted left, scaled. */
export function addQuantized(result: number, residual: number, c: AddConstants): number {
  const [x, y] = [result - c.result.zero, residual - c.residual.zero];
  const a = scale(x * 2 ** 20, c.result);
  const b = scale(y * 2 ** 20, c.residual);
  const all: Record<ResidualOperation, bigint> = {
    ...{ add: a + b, sub: a - b, "sub-from": b - a, maximum: a > b ? a : b, minimum: a < b ? a : b },
    mul: BigInt(x * y) << BigInt(c.result.right),
  };
  return clamp(scale(Number(BigInt.asIntN(32, all[c.operation])), c.sum) + BigInt(c.sum.zero), c);
}

/** Scales as real networks have them, a few steps from each other; now and then one at its end. */
export function randomConstants(random: BenchRandom, operation: ResidualOperation = "add"): AddConstants {
  const multiplier = (): number => (random.chance(20) ? 2 ** 30 : 2 ** 30 + random.below(2 ** 30));
  const zero = (): number => (random.chance(30) ? -128 : randomSigned(random, 8));
  const [min = 0, max = 0] = random.chance(60)
    ? [-128, 127]
    : [randomSigned(random, 8), randomSigned(random, 8)].sort((a, b) => a - b);
  return {
    operation,
    result: { multiplier: multiplier(), right: random.below(4), zero: zero() },
    residual: { multiplier: multiplier(), right: random.below(4), zero: zero() },
    sum: {
      multiplier: multiplier(),
      right: random.chance(80) ? (operation === "mul" ? 5 : 17) + random.below(5) : random.below(32),
      zero: zero(),
    },
    min,
    max,
  };
}

/** The constants as fields of the descriptor. */
export function addFields({
  operation,
  result,
  residual,
  sum,
  min,
  max,
}: AddConstants): Partial<Descriptor["results"]> {
  return {
    operation: residualOperations.indexOf(operation),
    resultZero: result.zero,
    residualZero: residual.zero,
    sumZero: sum.zero,
    low: min,
    high: max,
    resultMultiplier: result.multiplier,
    residualMultiplier: residual.multiplier,
    sumMultiplier: sum.multiplier,
    resultRight: result.right,
    residualRight: residual.right,
    sumRight: sum.right,
  };
}
