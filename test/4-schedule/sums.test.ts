import { describe, expect, it } from "vitest";
import { requantise } from "../../hw/kernels/requantise.ts";
import { NARROW_SUM, sumSizes, withNarrowSums } from "../../src/4-schedule/sums.ts";
import { operatorOf } from "../../src/4-schedule/operators.ts";
import type { Operator } from "../../src/4-schedule/plan.ts";
import { decode } from "../../src/format/fields.ts";
import { shiftWord, shiftWords } from "../../src/format/group-record.ts";
import type { Int, UInt } from "../../src/hls/index.ts";
import type { IntConv } from "../../src/ir/integer.ts";
import { intGraph, intMap, nodeBase } from "../golden/helpers.ts";

/** Two channels of a 1x1 convolution of two: the first as it says, the second small. */
function convolution(change: Partial<Operator> = {}): Operator {
  const node: IntConv = {
    ...{ ...nodeBase, kind: "conv", kernel: [1, 1], stride: [1, 1], dilation: [1, 1] },
    ...{ padding: { top: 0, left: 0, bottom: 0, right: 0 }, weightZeroPoint: 0 },
    ...{ weights: Int16Array.of(100, -127, 3, 4), bias: Int32Array.of(5, 6) },
    requantize: {
      multiplier: Int32Array.of(2 ** 30, 2 ** 30),
      exponent: Int32Array.of(-7, -7),
      min: -128,
      max: 127,
    },
  };
  const maps = [intMap({ id: 0, channels: 2 }), intMap({ id: 1, channels: 2, zeroPoint: -20 })];
  return { ...operatorOf(intGraph(maps, [node]), node), ...change };
}

/** A channel's results of two values. */
function result(operator: Operator, channel: number, values: readonly [number, number]): number {
  const { bias, max, min, multiplier, outputZeroPoint, shift, weights } = operator;
  const { left, right } = decode(shiftWords, [shift[channel]!]);
  const acc = bias[channel]! + weights![2 * channel]! * values[0] + weights![2 * channel + 1]! * values[1];
  const none = 0n as UInt<14>;
  return Number(
    requantise(
      ...([BigInt(acc) as Int<32>, BigInt(multiplier[channel]!) as UInt<31>] as const),
      ...([BigInt(right) as UInt<5>, BigInt(left) as UInt<5>, false, false, none] as const),
      ...([BigInt(outputZeroPoint) as Int<8>, BigInt(min) as Int<8>, BigInt(max) as Int<8>] as const),
    ),
  );
}

const ends = [-128, -127, -1, 0, 1, 126, 127];
const inputs = ends.flatMap((a) => ends.map((b) => [a, b] as const));

describe("the bits of sums", () => {
  it("are 25 up to 2^24 - 1 and from -2^24 on, 32 beyond", () => {
    const most = 100 * 127 + 127 * 128;
    const least = -100 * 128 - 127 * 127;
    const bits = (bias: number) => sumSizes([convolution({ bias: Int32Array.of(bias, 0) })]).sumBits;
    expect(NARROW_SUM).toBe(25);
    expect([bits(2 ** 24 - 1 - most), bits(2 ** 24 - most)]).toEqual([25, 32]);
    expect([bits(-(2 ** 24) - least), bits(-(2 ** 24) - least - 1)]).toEqual([25, 32]);
  });

  it("of a depthwise window are those of the channel's own taps", () => {
    const most = 100 * 127 + 127 * 128;
    const weights = Int16Array.of(100, 3, -127, 4);
    const bits = (bias: number) =>
      sumSizes([convolution({ kind: "depthwise", kernel: [1, 2], weights, bias: Int32Array.of(bias, 0) })])
        .sumBits;
    expect([bits(2 ** 24 - 1 - most), bits(2 ** 24 - most)]).toEqual([25, 32]);
  });

  it("count a shift left and an addend", () => {
    const most = 100 * 127 + 127 * 128;
    const sizes = (bias: number, fields: Parameters<typeof shiftWord>[0]) =>
      sumSizes([convolution({ bias: Int32Array.of(bias, 0), shift: Uint32Array.of(shiftWord(fields), 0) })]);
    expect(sizes(2 ** 23 - 1 - most, { left: 1 })).toMatchObject({
      sumBits: 25,
      leftShifts: true,
      averages: false,
    });
    expect(sizes(2 ** 23 - most, { left: 1 }).sumBits).toBe(32);
    const average = (addend: number) => sizes(2 ** 24 - 11 - most, { absolute: 1, floor: 1, addend });
    expect(average(9)).toMatchObject({ sumBits: 25, leftShifts: false, averages: true });
    expect(average(10).sumBits).toBe(32);
  });

  it("of a window without weights are those of its taps", () => {
    const pool = convolution({ weights: null, kernel: [300, 300], bias: Int32Array.of(0) });
    const larger = { ...pool, kernel: [400, 400] as const };
    expect([pool, larger].map((one) => sumSizes([one]).sumBits)).toEqual([25, 32]);
  });
});

describe("narrow weights", () => {
  it("are -127 to 127 in every operator", () => {
    const of = (weight: number) => convolution({ weights: Int16Array.of(1, weight, 3, 4) });
    const isNarrow = (...weights: number[]) => sumSizes(weights.map(of)).narrowWeights;
    expect([isNarrow(-127, 127), isNarrow(-128), isNarrow(5, 128)]).toEqual([true, false, false]);
    expect(sumSizes([convolution({ weights: null, kernel: [2, 2] })]).narrowWeights).toBe(true);
  });
});

describe("a channel whose sums need more bits", () => {
  it("becomes its only result", () => {
    const wide = convolution({
      bias: Int32Array.of(2 ** 30, 6),
      shift: Uint32Array.of(shiftWord({ right: 24 }), shiftWord({ right: 7 })),
    });
    const narrow = withNarrowSums(wide);
    expect(sumSizes([narrow]).sumBits).toBe(25);
    expect(narrow.weights).toEqual(Int16Array.of(0, 0, 3, 4));
    for (const input of inputs)
      for (const channel of [0, 1]) expect(result(narrow, channel, input)).toBe(result(wide, channel, input));
    expect(result(narrow, 0, [1, 2])).toBe(32 - 20);
  });

  it.each([1, -1])("keeps the sum at which one of two results follows, of sign %i", (sign) => {
    const change = sign * 37 * 2 ** 20 + (sign > 0 ? -1 : 0);
    for (const off of [-20_000, -1, 0, 1, 777, 25_000]) {
      const wide = convolution({
        bias: Int32Array.of(change + off, 6),
        shift: Uint32Array.of(shiftWord({ right: 20 }), shiftWord({ right: 7 })),
      });
      const narrow = withNarrowSums(wide);
      expect(sumSizes([narrow]).sumBits).toBe(25);
      expect(narrow.weights).toEqual(wide.weights);
      const results = inputs.map((input) => result(wide, 0, input));
      expect(inputs.map((input) => result(narrow, 0, input))).toEqual(results);
      expect(new Set(results).size).toBe(2);
    }
  });

  it("stays as it is where it has more results", () => {
    const wide = convolution({
      weights: Int16Array.of(30_000, -30_000, 3, 4),
      bias: Int32Array.of(2 ** 24, 6),
      shift: Uint32Array.of(shiftWord({ right: 17 }), shiftWord({ right: 7 })),
    });
    expect(new Set(inputs.map((input) => result(wide, 0, input))).size).toBeGreaterThan(2);
    expect(withNarrowSums(wide)).toEqual(wide);
    expect(sumSizes([wide]).sumBits).toBe(32);
  });
});
