import { describe, expect, it } from "vitest";
import {
  doublingHighMul,
  nearestEven,
  roundingShiftRight,
  saturatingShiftLeft,
} from "../../src/golden/fixed-point.ts";
import { integers } from "./helpers.ts";

/** gemmlowp's definition, word for word, on 64-bit integers. */
function gemmlowpHighMul(a: number, b: number): number {
  if (a === b && a === -(2 ** 31)) return 2 ** 31 - 1;
  const product = BigInt(a) * BigInt(b);
  const nudge = product >= 0n ? 1n << 30n : 1n - (1n << 30n);
  return Number((product + nudge) / (1n << 31n));
}

/** Ties away from zero, on exact rationals. */
function exactShift(x: number, exponent: number): number {
  const magnitude = (BigInt(Math.abs(x)) * 2n + (1n << BigInt(exponent))) >> BigInt(exponent + 1);
  return x < 0 ? -Number(magnitude) : Number(magnitude);
}

const edges = [
  -(2 ** 31),
  1 - 2 ** 31,
  -(2 ** 30) - 1,
  -(2 ** 30),
  -65537,
  -65536,
  -65535,
  -3,
  -2,
  -1,
  0,
  1,
  2,
  3,
  65535,
  65536,
  2 ** 30 - 1,
  2 ** 30,
  2 ** 30 + 1,
  2 ** 31 - 2,
  2 ** 31 - 1,
];

describe("doublingHighMul", () => {
  it("equals gemmlowp's definition at the edges", () => {
    for (const a of edges)
      for (const b of edges) expect(doublingHighMul(a, b) + 0).toBe(gemmlowpHighMul(a, b));
  });

  it("equals gemmlowp's definition for 20,000 random pairs", () => {
    const next = integers(1);
    for (let i = 0; i < 20_000; i++) {
      const a = next(-(2 ** 31), 2 ** 31 - 1);
      const b = next(-(2 ** 31), 2 ** 31 - 1);
      if (doublingHighMul(a, b) !== gemmlowpHighMul(a, b)) expect([a, b]).toBe("equal");
    }
  });

  it("rounds ties upwards and saturates once", () => {
    expect(doublingHighMul(1, 2 ** 30)).toBe(1); // 0.5 -> 1
    expect(doublingHighMul(-1, 2 ** 30) + 0).toBe(0); // -0.5 -> 0
    expect(doublingHighMul(-3, 2 ** 30)).toBe(-1); // -1.5 -> -1
    expect(doublingHighMul(-(2 ** 31), -(2 ** 31))).toBe(2 ** 31 - 1);
  });
});

describe("roundingShiftRight", () => {
  it("rounds ties away from zero", () => {
    expect([5, 6, 7, -5, -6, -7].map((x) => roundingShiftRight(x, 2))).toEqual([1, 2, 2, -1, -2, -2]);
    expect(roundingShiftRight(-7, 0)).toBe(-7);
  });

  it("equals exact arithmetic for every shift", () => {
    for (const x of edges) {
      for (let e = 0; e <= 31; e++)
        expect(roundingShiftRight(x, e), `${x} >> ${e}`).toBe(exactShift(x, e) + 0);
    }
  });
});

it("saturatingShiftLeft stops at both ends of int32", () => {
  expect(saturatingShiftLeft(3, 5)).toBe(96);
  expect(saturatingShiftLeft(2 ** 30, 1)).toBe(2 ** 31 - 1);
  expect(saturatingShiftLeft(-(2 ** 30) - 1, 1)).toBe(-(2 ** 31));
});

it("nearestEven gives the nearest integer, and the even one of two as near", () => {
  const halves = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5];
  expect(halves.map((x) => nearestEven(x) + 0)).toEqual([-2, -2, 0, 0, 2, 2, 4]);
  const others = [-1.75, -1.25, -1, 0, 0.49, 0.51, 1, 1.25, 1.75, 2.51];
  expect(others.map((x) => nearestEven(x) + 0)).toEqual([-2, -1, -1, 0, 0, 1, 1, 1, 2, 3]);
});
