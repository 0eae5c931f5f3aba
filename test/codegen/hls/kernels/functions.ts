/** Functions of analysis in fixed point. */
import {
  bit,
  clamp,
  int,
  lookup,
  max,
  round,
  saturateUint,
  slice,
  uint,
  wrapInt,
  type Int,
  type UInt,
} from "firebrick/hls";

const steps = 14;
const angles = Array.from({ length: steps }, (_, i) =>
  BigInt(Math.round((Math.atan(2 ** -i) * 2 ** 15) / Math.PI)),
);
const gain = Array.from({ length: steps }, (_, i) => Math.cos(Math.atan(2 ** -i))).reduce((a, b) => a * b);
const start = BigInt(Math.round(gain * 2 ** 14));

/** Sine and cosine in Q1.14 of an angle of -1/2 .. 1/2 half turns in Q0.15: CORDIC. */
export function sineCosine(angle: Int<15>): [Int<16>, Int<16>] {
  let x = start;
  let y = 0n;
  let rest: bigint = angle;
  for (let i = 0; i < steps; i++) {
    const [dx, dy] = [x >> BigInt(i), y >> BigInt(i)];
    const isLeft = rest >= 0n;
    x = wrapInt(17, isLeft ? x - dy : x + dy);
    y = wrapInt(17, isLeft ? y + dx : y - dx);
    rest = wrapInt(17, isLeft ? rest - angles[i]! : rest + angles[i]!);
  }
  return [int(16, clamp(y, -16384n, 16384n)), int(16, clamp(x, -16384n, 16384n))];
}

const powers = Array.from({ length: 64 }, (_, i) => BigInt(Math.round(2 ** (i / 64 + 15))));

/** e^-x of a Q4.8 value, in Q0.16: 2^(x log2 e) by a table and its slope. */
export function expNegative(x: UInt<12>): UInt<17> {
  const exponent = (8n << 9n) * 64n - x * 369n;
  const place = slice(exponent, 14, 9);
  const power = lookup(powers, place);
  const fine = power + ((power * slice(exponent, 8, 0) * 11357n) >> 29n);
  const down = clamp(7n - (exponent >> 15n), 0n, 31n);
  return uint(17, saturateUint(17, fine >> down));
}

/** log2 of x in Q4.12: the highest bit, then a bit of the fraction for each square. */
export function log2(x: UInt<16>): UInt<16> {
  let exponent = 0n;
  for (let i = 0; i < 16; i++) if (bit(x, i)) exponent = BigInt(i);
  let mantissa = wrapMantissa(x << (15n - exponent));
  let fraction = 0n;
  for (let i = 11; i >= 0; i--) {
    const square = (mantissa * mantissa) >> 15n;
    const isTwo = bit(square, 16);
    fraction |= BigInt(isTwo) << BigInt(i);
    mantissa = slice(isTwo ? square >> 1n : square, 15, 0);
  }
  return uint(16, x === 0n ? 0n : (exponent << 12n) | fraction);
}

function wrapMantissa(x: bigint): bigint {
  return slice(x, 15, 0);
}

/** 2^16 / x by a division one bit a step that puts back what was too much. */
export function divideRestoring(dividend: UInt<16>, divisor: UInt<8>): [UInt<16>, UInt<8>] {
  let rest = 0n;
  let quotient = 0n;
  for (let i = 15; i >= 0; i--) {
    rest = uint(9, slice(rest, 7, 0) << 1n) | BigInt(bit(dividend, i));
    const fits = rest >= divisor;
    rest = slice(fits ? rest - divisor : rest, 7, 0);
    quotient = (quotient << 1n) | BigInt(fits);
  }
  return [uint(16, quotient), uint(8, rest)];
}

const seeds = Array.from({ length: 32 }, (_, i) => BigInt(Math.round(2 ** 14 / (32.5 + i)) * 32));

/** 2^31 / x of a normalised 1.15 value, from a table and one step of Newton's. */
export function reciprocal(x: UInt<16>): UInt<17> {
  const normal = uint(16, max(x, 1n << 15n));
  const guess = lookup(seeds, slice(normal, 14, 10));
  const error = (1n << 29n) - normal * guess;
  return saturateUint(17, (guess << 2n) + round(guess * error, 27));
}

/** Sign, exponent and mantissa of a half-precision number as an integer of 2^-24. */
export function unpackHalf(half: UInt<16>): [Int<42>, boolean] {
  const exponent = slice(half, 14, 10);
  const fraction = slice(half, 9, 0);
  const isSubnormal = exponent === 0n;
  const mantissa = isSubnormal ? fraction : fraction | 1024n;
  const magnitude = mantissa << (isSubnormal ? 0n : max(exponent, 1n) - 1n);
  return [int(42, bit(half, 15) ? -magnitude : magnitude), exponent === 31n];
}

const sigmoids = Array.from({ length: 256 }, (_, i) =>
  BigInt(Math.round(255 / (1 + Math.exp(-(i - 128) / 16)))),
);

/** The sigmoid of a Q4.4 value, 255 for 1. */
export function sigmoid(x: Int<8>): UInt<8> {
  return uint(8, lookup(sigmoids, x + 128n));
}
