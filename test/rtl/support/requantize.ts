/** TFLite's requantisation, written on BigInt after the reference kernels: independent of the golden model's. */

const MAX = 2n ** 31n - 1n;
const MIN = -(2n ** 31n);

/** gemmlowp's SaturatingRoundingDoublingHighMul: a nudge of the product's sign, then a division that truncates. */
function doublingHighMul(a: bigint, b: bigint): bigint {
  if (a === MIN && b === MIN) return MAX;
  const product = a * b;
  const nudge = product >= 0n ? 2n ** 30n : 1n - 2n ** 30n;
  return (product + nudge) / 2n ** 31n;
}

/** gemmlowp's RoundingDivideByPOT: the quotient, and one more when the remainder is over the half. */
function divideByPowerOfTwo(x: bigint, exponent: number): bigint {
  const divisor = 2n ** BigInt(exponent);
  const magnitude = x < 0n ? -x : x;
  const rounded = (magnitude * 2n + divisor) / (divisor * 2n);
  return x < 0n ? -rounded : rounded;
}

export interface Scale {
  readonly multiplier: number;
  /** Bits right and left, of a shift word. */
  readonly right: number;
  readonly left: number;
}

export interface Range {
  readonly zeroPoint: number;
  readonly min: number;
  readonly max: number;
}

/** MultiplyByQuantizedMultiplier with double rounding; the left shift wraps as int32 does. */
export function multiplyByQuantizedMultiplier(acc: number, { multiplier, right, left }: Scale): bigint {
  const shifted = BigInt.asIntN(32, BigInt(acc) << BigInt(left));
  return divideByPowerOfTwo(doublingHighMul(shifted, BigInt(multiplier)), right);
}

/** The product rounded to 24 bits, then to an integer, ties to even both times; the left shift wraps as int32 does. */
export function multiplyFloat32(acc: number, { multiplier, right, left }: Scale): bigint {
  const product = BigInt.asIntN(32, BigInt(acc) << BigInt(left)) * BigInt(multiplier);
  const magnitude = product < 0n ? -product : product;
  const spare = BigInt(Math.max(0, magnitude.toString(2).length - 24));
  const single = divideToEven(magnitude, 2n ** spare) * 2n ** spare;
  const result = divideToEven(single, 2n ** BigInt(31 + right));
  return product < 0n ? -result : result;
}

function divideToEven(value: bigint, divisor: bigint): bigint {
  const [floor, rest] = [value / divisor, value % divisor];
  const up = 2n * rest > divisor || (2n * rest === divisor && floor % 2n === 1n);
  return up ? floor + 1n : floor;
}

/** int32 accumulator to int8. */
export function requantize(acc: number, scale: Scale, range: Range): number {
  return clamp(multiplyByQuantizedMultiplier(acc, scale) + BigInt(range.zeroPoint), range);
}

export function clamp(value: bigint, { min, max }: Pick<Range, "min" | "max">): number {
  if (value < BigInt(min)) return min;
  return value > BigInt(max) ? max : Number(value);
}
