/**
 * Logistic function and hyperbolic tangent in fixed point. Source: gemmlowp, fixedpoint/fixedpoint.h. A number QI.F has I integer
 * and F fractional bits beside its sign; results are Q0.31.
 */

const MOST = 2 ** 31 - 1;
const LEAST = -(2 ** 31);

/** round(a * b / 2^31), ties upwards, as SaturatingRoundingDoublingHighMul. */
export function doublingHighMul(a: number, b: number): number {
  const high = (BigInt(a) * BigInt(b) + (1n << 30n)) >> 31n;
  return Math.min(Number(high), MOST);
}

/** a / 2^exponent, ties away from zero, as RoundingDivideByPOT. */
export function roundingShiftRight(a: number, exponent: number): number {
  return Math.sign(a) * Math.floor(Math.abs(a) / 2 ** exponent + 0.5);
}

function shiftLeft(a: number, exponent: number): number {
  return Math.min(Math.max(a * 2 ** exponent, LEAST), MOST);
}

/** Factors e^-(2^power), Q0.31, by power from -2 on. */
const EXPONENTIALS = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242];

/** e^a for `a` of at most 0 with so many integer bits. */
function expOnNegative(a: number, integerBits: number): number {
  if (a === 0) return MOST;
  const fractionBits = 31 - integerBits;
  const quarter = 2 ** (fractionBits - 2);
  const inQuarter = (a & (quarter - 1)) - quarter;
  const remainder = inQuarter - a;
  return EXPONENTIALS.reduce(
    (result, factor, i) => {
      const isSet = ((remainder >> (fractionBits + i - 2)) & 1) === 1;
      return isSet ? doublingHighMul(result, factor) : result;
    },
    expNearMinusEighth(shiftLeft(inQuarter, integerBits)),
  );
}

/** The Taylor series around -1/8 for `a` in [-1/4, 0), Q0.31. */
function expNearMinusEighth(a: number): number {
  const [expOfMinusEighth, third] = [1895147668, 715827883];
  const x = a + 2 ** 28;
  const x2 = doublingHighMul(x, x);
  const x3 = doublingHighMul(x2, x);
  const x4 = doublingHighMul(x2, x2);
  const cubes = doublingHighMul(roundingShiftRight(x4, 2) + x3, third);
  const powers = roundingShiftRight(cubes + x2, 1);
  return expOfMinusEighth + doublingHighMul(expOfMinusEighth, x + powers);
}

/** 2 / (1 + a) for `a` in [0, 1), Q2.29: three steps of Newton and Raphson. */
function twoOverOnePlus(a: number): number {
  const half = Math.floor((a + MOST + 1) / 2);
  let x = 1515870810 + doublingHighMul(half, -1010580540);
  for (let i = 0; i < 3; i++) {
    const error = 2 ** 29 - doublingHighMul(half, x);
    x += shiftLeft(doublingHighMul(x, error), 2);
  }
  return x;
}

/** 1 / (1 + e^-x) of a Q4.27. */
export function logistic(x: number): number {
  if (x === 0) return 2 ** 30;
  const positive = shiftLeft(twoOverOnePlus(expOnNegative(-Math.abs(x), 4)), 1);
  return x > 0 ? positive : MOST - positive;
}

/** Of a Q4.27; e^-2x is taken of a Q5.26, which has the same bits. */
export function tanh(x: number): number {
  if (x === 0) return 0;
  const magnitude = shiftLeft(twoOverOnePlus(expOnNegative(-Math.abs(x), 5)) - 2 ** 29, 2);
  return Math.sign(x) * magnitude;
}
