import { expect, it } from "vitest";
import { requantiser, single as whole } from "../../src/golden/requantise.ts";
import { generator } from "../support/onnx-runtime.ts";

/** The same on BigInt: the exact product to 24 bits, ties to even, then to an integer, ties to even. */
function exactly(x: number, multiplier: number, exponent: number): number {
  const shifted = BigInt.asIntN(32, BigInt(x) << BigInt(Math.max(exponent, 0)));
  const product = shifted * BigInt(multiplier);
  const magnitude = product < 0n ? -product : product;
  const spare = BigInt(Math.max(0, magnitude.toString(2).length - 24));
  const single = divideToEven(magnitude, 2n ** spare) * 2n ** spare;
  const result = divideToEven(single, 2n ** BigInt(31 + Math.max(-exponent, 0)));
  return Number(product < 0n ? -result : result);
}

function divideToEven(value: bigint, divisor: bigint): bigint {
  const [floor, rest] = [value / divisor, value % divisor];
  const up = 2n * rest > divisor || (2n * rest === divisor && floor % 2n === 1n);
  return up ? floor + 1n : floor;
}

const int8 = (x: number): number => Math.max(-128, Math.min(127, x));

/** The graph's rounding "float32": one channel without a zero point. */
function scaled(x: number, multiplier: number, exponent: number): number {
  return requantiser(whole({ multiplier, exponent }), 0, "float32")(x, 0);
}

/** A multiplier of a float32 factor: 24 bits in use. */
const single = (bits: number): number => 2 ** 30 + 2 ** 7 * Math.floor(bits * 2 ** 23);

it("rounds ties to even", () => {
  expect([1, 3, -1, -3].map((x) => scaled(x, 2 ** 30, 0))).toEqual([0, 2, 0, -2]);
  expect([2, 6, 10].map((x) => scaled(x, 2 ** 30, -1))).toEqual([0, 2, 2]);
});

it("takes for a tie what float32 cannot tell from one", () => {
  // 1 / 3 as float32 is above a third: 3 * 2^22 thirds and a half lie within half a bit of the tie, so it goes to even.
  const third = Math.fround(1 / 3);
  const multiplier = third * 2 ** 32;
  for (const x of [3, 9, 15, 21]) {
    const real = Math.fround(x * third * 0.5);
    expect(scaled(x, multiplier, -2), `${x}`).toBe(real % 2 === 0.5 ? real - 0.5 : real + 0.5);
  }
});

it("equals BigInt over all exponents, and at the ends", () => {
  const next = generator(5);
  const ends = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 16, -(2 ** 16), 65535, -65537];
  for (let exponent = -31; exponent <= 20; exponent++) {
    for (let i = 0; i < 600; i++) {
      const bits = Math.floor(32 * next());
      const x = i < ends.length ? ends[i]! : Math.floor((2 * next() - 1) * 2 ** bits) | 0;
      const multiplier = i % 3 === 0 ? 2 ** 30 : single(next());
      const found = scaled(x, multiplier, exponent);
      const expected = int8(exactly(x, multiplier, exponent)) + 0;
      if (found !== expected) expect({ x, multiplier, exponent, found }).toEqual(expected);
    }
  }
});

it("equals BigInt where a product lies next to a tie", () => {
  const next = generator(6);
  for (let i = 0; i < 20_000; i++) {
    const exponent = -Math.floor(20 * next());
    const multiplier = single(next());
    const target = Math.floor(512 * next()) - 256 + 0.5;
    const x = Math.round((target * 2 ** (31 - exponent)) / multiplier) | 0;
    const found = scaled(x, multiplier, exponent);
    const expected = int8(exactly(x, multiplier, exponent)) + 0;
    if (found !== expected) expect({ x, multiplier, exponent, found }).toEqual(expected);
  }
});
