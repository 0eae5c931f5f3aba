import { describe, expect, it } from "vitest";
import { operatorOf } from "../../src/4-schedule/operators.ts";
import type { Operator } from "../../src/4-schedule/plan.ts";
import { decode, type Values } from "../../src/format/fields.ts";
import { shiftWords } from "../../src/format/group-record.ts";
import type { IntConv, IntDepthwise, IntPool, IntRescale } from "../../src/ir/integer.ts";
import { intGraph, intMap, nodeBase } from "../golden/helpers.ts";

const noPadding = { top: 0, left: 0, bottom: 0, right: 0 };

/** The operator of an average over `n` positions in one row. */
function average(n: number, dtype: "int8" | "uint8"): Operator {
  const node: IntPool = {
    ...{ ...nodeBase, kind: "average-pool", kernel: [1, n], stride: [1, 1], padding: noPadding },
    ...{ min: -128, max: 127 },
  };
  return operatorOf(intGraph([intMap({ id: 0, width: n, dtype }), intMap({ id: 1, dtype })], [node]), node);
}

/** docs/hardware.md's requantiser, in plain integers; the schedule's averages have no shift behind a rounded product. */
function requantised(
  operator: Operator,
  { absolute, addend, floor, left, right }: Values<typeof shiftWords>,
  sum: number,
): number {
  const acc = sum + operator.bias[0]!;
  const multiplier = BigInt(operator.multiplier[0]!);
  const value = BigInt((absolute ? Math.abs(acc) : acc) * 2 ** left + addend);
  const half = floor === 1 ? 0n : 2n ** 30n;
  const scaled = Number((value * multiplier + half) >> BigInt(31 + right));
  return (absolute === 1 && acc < 0 ? -scaled : scaled) + operator.outputZeroPoint;
}

/** TFLite divides: int8 with halves away from zero, uint8 on the unsigned values. */
function divided(sum: number, n: number, dtype: "int8" | "uint8"): number {
  const half = Math.floor(n / 2);
  if (dtype === "int8") return Math.trunc((sum > 0 ? sum + half : sum - half) / n);
  return Math.floor((sum + 128 * n + half) / n) - 128;
}

/** Every sum at which the result may change, one on each side, and the ends. */
function* sums(n: number): Generator<number> {
  for (let value = -128; value <= 127; value += 1)
    for (const at of [value * n, value * n + Math.floor(n / 2), value * n + Math.ceil(n / 2)])
      for (const sum of [at - 1, at, at + 1]) if (sum >= -128 * n && sum <= 127 * n) yield sum;
}

describe.each(["int8", "uint8"] as const)("average pool of %s", (dtype) => {
  it("multiplies as the reference kernel divides, for 2 to 400 positions and the largest windows", () => {
    const wrong: object[] = [];
    const sizes = [
      ...Array.from({ length: 399 }, (_, i) => i + 2),
      1023,
      1024,
      2047,
      2048,
      2049,
      3969,
      9999,
      16383,
      16384,
    ];
    for (const n of sizes) {
      const operator = average(n, dtype);
      expect(operator.multiplier[0]).toBeLessThan(2 ** 31);
      const shift = decode(shiftWords, operator.shift);
      expect([shift.floor, shift.left]).toEqual([n > 2048 ? 1 : 0, 0]);
      expect(shift.floor === 1 || shift.right === 0).toBe(true);
      for (const sum of sums(n)) {
        const got = requantised(operator, shift, sum);
        if (got !== divided(sum, n, dtype)) wrong.push({ n, sum, got });
      }
    }
    expect(wrong.slice(0, 10)).toEqual([]);
  });

  it("passes a single position on: almost 2^31, rounded", () => {
    const { multiplier, shift, bias, outputZeroPoint } = average(1, dtype);
    expect([multiplier[0], shift[0], bias[0], outputZeroPoint]).toEqual([2 ** 31 - 1, 0, 0, 0]);
  });

  it("refuses windows whose sum the addend cannot round", () => {
    expect(() => average(16385, dtype)).toThrow(/no-hardware: node: found average pool over 16385 positions/);
  });
});

describe("an average pool with padding", () => {
  const pool = (padding: IntPool["padding"]): IntPool => ({
    ...{ ...nodeBase, kind: "average-pool", kernel: [2, 3], stride: [1, 1], padding, min: -128, max: 127 },
  });

  it.each(["int8", "uint8"] as const)("has a divisor for each number of %s values in a window", (dtype) => {
    // windows of 2 x 3 with 1 to 6 values: 5 outside at most
    const node = pool({ top: 1, left: 2, bottom: 0, right: 0 });
    const maps = [
      intMap({ id: 0, height: 4, width: 5, zeroPoint: 7, dtype }),
      intMap({ id: 1, height: 4, width: 5, zeroPoint: 7, dtype }),
    ];
    const operator = operatorOf(intGraph(maps, [node]), node);
    expect(operator.inputZeroPoint).toBe(dtype === "int8" ? 0 : -128);
    expect(operator.bias).toHaveLength(6);
    expect(new Set(operator.bias)).toEqual(new Set([dtype === "int8" ? 0 : 128 * 6]));
    const wrong: object[] = [];
    for (const n of [1, 2, 3, 4, 5, 6]) {
      const record = {
        ...operator,
        multiplier: operator.multiplier.slice(n - 1),
        shift: operator.shift.slice(n - 1),
      };
      const fields = decode(shiftWords, record.shift);
      for (const sum of sums(n)) {
        // padding streams the input zero point
        const got = requantised(record, fields, sum + (6 - n) * operator.inputZeroPoint);
        if (got !== divided(sum, n, dtype)) wrong.push({ n, sum, got });
      }
    }
    expect(wrong).toEqual([]);
  });

  it("has one divisor where no window meets the padding", () => {
    const node = pool({ top: 0, left: 0, bottom: 1, right: 2 });
    const maps = [intMap({ id: 0, height: 2, width: 3 }), intMap({ id: 1 })];
    expect(operatorOf(intGraph(maps, [node]), node).bias).toHaveLength(1);
  });
});

describe("a change of scale", () => {
  const maps = [intMap({ id: 0, zeroPoint: 7 }), intMap({ id: 1, zeroPoint: -9 })];
  const rescale = (rescaling: IntRescale["rescaling"]): IntRescale => ({
    ...{ ...nodeBase, kind: "rescale", rescaling },
  });

  it("takes the zero point off and scales", () => {
    const node = rescale({ multiplier: 2 ** 30 + 5, exponent: -1 });
    expect(operatorOf(intGraph(maps, [node]), node)).toMatchObject({
      ...{ kind: "serial", kernel: [1, 1], maximum: false, inputZeroPoint: 7, outputZeroPoint: -9 },
      ...{ bias: Int32Array.of(-7), multiplier: Int32Array.of(2 ** 30 + 5), shift: Uint32Array.of(1) },
    });
  });

  it("looks values up where a table says what becomes of each", () => {
    const table = Int8Array.from({ length: 256 }, (_, i) => 127 - i);
    const node = rescale({ table });
    expect(operatorOf(intGraph(maps, [node]), node)).toMatchObject({
      ...{ kind: "serial", kernel: [1, 1], bias: Int32Array.of(0), lookup: { node, table } },
    });
  });
});

describe("a max pool", () => {
  it("begins at the least value, which its padding has too, and leaves the greatest as it is", () => {
    const padding = { top: 1, left: 1, bottom: 1, right: 1 };
    const node: IntPool = {
      ...{ ...nodeBase, kind: "max-pool", kernel: [3, 3], stride: [2, 2], padding, min: -5, max: 90 },
    };
    const maps = [
      intMap({ id: 0, height: 4, width: 4, zeroPoint: 9 }),
      intMap({ id: 1, height: 2, width: 2 }),
    ];
    expect(operatorOf(intGraph(maps, [node]), node)).toMatchObject({
      ...{ kind: "serial", maximum: true, inputZeroPoint: -128, outputZeroPoint: 0, min: -5, max: 90 },
      ...{ bias: Int32Array.of(-128), multiplier: Int32Array.of(2 ** 31 - 1), shift: Uint32Array.of(0) },
    });
  });
});

describe("the operator of a convolution", () => {
  const requantize = {
    multiplier: Int32Array.of(2 ** 30, 2 ** 30 + 1),
    exponent: Int32Array.of(-7, 2),
    min: -100,
    max: 99,
  };
  const conv: IntConv = {
    ...{ ...nodeBase, kind: "conv", kernel: [1, 2], stride: [1, 1], dilation: [1, 3] },
    ...{ padding: noPadding, weightZeroPoint: 5, requantize },
    weights: Int16Array.of(1, 2, 3, 4, -5, -6, -7, -8),
    bias: Int32Array.of(1000, -1000),
  };
  const maps = [
    intMap({ id: 0, width: 4, channels: 2, zeroPoint: -3 }),
    intMap({ id: 1, channels: 2, zeroPoint: 9 }),
  ];

  it("folds the input's zero point into the bias and fills dilation with zeros", () => {
    const operator = operatorOf(intGraph(maps, [conv]), conv);
    expect(operator).toMatchObject({
      ...{ kind: "conv", kernel: [1, 4], weightZeroPoint: 5, inputZeroPoint: -3, outputZeroPoint: 9 },
      ...{ min: -100, max: 99 },
    });
    expect([...operator.weights!]).toEqual([1, 2, 0, 0, 0, 0, 3, 4, -5, -6, 0, 0, 0, 0, -7, -8]);
    // 1000 + 3 * 10, -1000 - 3 * 26
    expect([...operator.bias]).toEqual([1030, -1078]);
    // 7 to the right, 2 to the left
    expect([...operator.shift]).toEqual([7, 2 << 8]);
  });

  it("fills a dilated depthwise kernel with zeros too", () => {
    const depthwise: IntDepthwise = {
      ...{ ...conv, kind: "depthwise", multiplier: 1 },
      weights: Int16Array.of(1, 2, 3, 4),
    };
    const operator = operatorOf(intGraph(maps, [depthwise]), depthwise);
    expect(operator).toMatchObject({ kind: "depthwise", kernel: [1, 4] });
    expect([...operator.weights!]).toEqual([1, 2, 0, 0, 0, 0, 3, 4]);
    // 1000 + 3 * 4, -1000 + 3 * 6
    expect([...operator.bias]).toEqual([1012, -982]);
  });

  it("says when the network rounds to even", () => {
    const graph = { ...intGraph(maps, [conv]), rounding: "float32" } as const;
    expect([...operatorOf(graph, conv).shift]).toEqual([7 | (1 << 15), (2 << 8) | (1 << 15)]);
  });

  it("writes a depthwise convolution with several outputs a channel as a convolution of zeros", () => {
    const depthwise: IntDepthwise = {
      ...{ ...conv, kind: "depthwise", kernel: [1, 1], dilation: [1, 1], multiplier: 2 },
      weights: Int16Array.of(7, 8),
    };
    const graph = intGraph([intMap({ id: 0, zeroPoint: 1 }), intMap({ id: 1, channels: 2 })], [depthwise]);
    const operator = operatorOf(graph, depthwise);
    expect([operator.kind, ...operator.weights!, ...operator.bias]).toEqual(["conv", 7, 8, 993, -1008]);
  });
});
