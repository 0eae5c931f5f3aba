import { expect, it } from "vitest";
import { multiplyNearestEven } from "../../src/golden/fixed-point.ts";
import { generator } from "../support/onnx-runtime.ts";

/** The same on BigInt: floor of the exact quotient, one more above the half or at an odd tie. */
function exactly(x: number, multiplier: number, exponent: number): number {
  const product = BigInt.asIntN(32, BigInt(x) << BigInt(Math.max(exponent, 0))) * BigInt(multiplier);
  const divisor = 2n ** BigInt(31 + Math.max(-exponent, 0));
  const remainder = ((product % divisor) + divisor) % divisor;
  const floor = (product - remainder) / divisor;
  const up = 2n * remainder > divisor || (2n * remainder === divisor && floor % 2n !== 0n);
  return Number(up ? floor + 1n : floor);
}

it("rounds the exact product once, ties to even", () => {
  expect([1, 3, -1, -3].map((x) => multiplyNearestEven(x, 2 ** 30, 0))).toEqual(
    [0, 2, -0, -2].map((n) => n + 0),
  );
  expect([2, 6, 10].map((x) => multiplyNearestEven(x, 2 ** 30, -1))).toEqual([0, 2, 2]);
});

it("equals BigInt over all exponents, and at the ends", () => {
  const next = generator(5);
  const ends = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 16, -(2 ** 16), 65535, -65537];
  for (let exponent = -31; exponent <= 20; exponent++) {
    for (let i = 0; i < 400; i++) {
      const bits = Math.floor(32 * next());
      const x = i < ends.length ? ends[i]! : Math.floor((2 * next() - 1) * 2 ** bits) | 0;
      const multiplier = i % 3 === 0 ? 2 ** 30 : 2 ** 30 + Math.floor(2 ** 30 * next());
      const found = multiplyNearestEven(x, multiplier, exponent);
      expect(found + 0, `${x} ${multiplier} ${exponent}`).toBe(exactly(x, multiplier, exponent));
    }
  }
});
