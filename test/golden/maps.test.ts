import { describe, expect, it } from "vitest";
import { binary } from "../../src/golden/binary.ts";
import { concat } from "../../src/golden/concat.ts";
import { assertWindowFits } from "../../src/golden/maps.ts";
import { mean } from "../../src/golden/mean.ts";
import { pad } from "../../src/golden/pad.ts";
import { pool } from "../../src/golden/pool.ts";
import { rescale } from "../../src/golden/rescale.ts";
import { reshape } from "../../src/golden/reshape.ts";
import type { IntPool } from "../../src/ir/integer.ts";
import { filled, intMap, nodeBase } from "./helpers.ts";

const half = { multiplier: 2 ** 30, exponent: 0 };
const one = { multiplier: 2 ** 30, exponent: 1 };

function poolNode(part: Partial<IntPool>): IntPool {
  return {
    ...nodeBase,
    kind: "average-pool",
    kernel: [1, 2],
    stride: [1, 2],
    padding: { top: 0, left: 0, bottom: 0, right: 0 },
    min: -128,
    max: 127,
    ...part,
  };
}

describe("average pool", () => {
  it("rounds int8 half away from zero", () => {
    const input = filled([1, 2, -1, -2, -1, -1, 3, 0], { width: 8 });
    expect([...pool(poolNode({}), input, intMap({ width: 4 }))]).toEqual([2, -2, -1, 2]);
  });

  it("rounds uint8 half up on the unsigned values", () => {
    const input = filled([1, 2, -1, -2, -1, -1, 3, 0], { width: 8, dtype: "uint8" });
    expect([...pool(poolNode({}), input, intMap({ width: 4, dtype: "uint8" }))]).toEqual([2, -1, -1, 2]);
  });

  it("divides by the real positions only and clamps", () => {
    const node = poolNode({
      kernel: [2, 2],
      stride: [1, 1],
      padding: { top: 1, left: 1, bottom: 0, right: 0 },
      max: 20,
    });
    const input = filled([10, 20, 30, 40], { height: 2, width: 2 });
    expect([...pool(node, input, intMap({ height: 2, width: 2 }))]).toEqual([10, 15, 20, 20]);
  });
});

it("max pool ignores padding and keeps channels apart", () => {
  const node = poolNode({
    kind: "max-pool",
    kernel: [3, 3],
    stride: [2, 2],
    padding: { top: 0, left: 0, bottom: 1, right: 1 },
  });
  const values = Array.from({ length: 16 }, (_, i) => [-100 + i, 50 - i]).flat();
  const input = filled(values, { height: 4, width: 4, channels: 2 });
  const output = intMap({ height: 2, width: 2, channels: 2 });
  expect([...pool(node, input, output)]).toEqual([-90, 50, -89, 48, -86, 42, -85, 40]);
});

it("a window that ends behind the padded map is a bug", () => {
  const window = { kernel: [3, 2], stride: [2, 3], dilation: [1, 2] } as const;
  // rows: one step of 2, then 3 taps; columns: one step of 3, then 2 taps with a gap between
  const fits = (height: number, width: number) => () =>
    assertWindowFits("conv", { height, width }, intMap({ height: 2, width: 2 }), window);
  expect(fits(5, 6)).not.toThrow();
  expect(fits(4, 6)).toThrow("conv: the last window leaves the padded input");
  expect(fits(5, 5)).toThrow("conv: the last window leaves the padded input");
});

it("mean sums the differences and scales once", () => {
  // 2x2 positions: sums of x - zx are 4+5+6+8 = 23 and -4; multiplier 1/4.
  const input = filled([5, 0, 6, 0, 7, 0, 9, 0], { height: 2, width: 2, channels: 2, zeroPoint: 1 });
  const node = { ...nodeBase, kind: "mean", multiplier: 2 ** 30, exponent: -1 } as const;
  expect([...mean(node, input, intMap({ channels: 2, zeroPoint: 10 }))]).toEqual([16, 9]);
});

it("add scales both inputs and the sum", () => {
  const node = {
    ...nodeBase,
    kind: "add",
    leftShift: 20,
    input1: half,
    input2: { multiplier: 2 ** 30, exponent: -1 },
    result: { multiplier: 2 ** 30, exponent: -18 },
    min: -10,
    max: 127,
  } as const;
  const first = filled([10, -20, 100], { channels: 3, zeroPoint: 2 });
  const second = filled([8, -4, 100], { channels: 3, zeroPoint: -4 });
  // ((x1 - 2) / 2 + (x2 + 4) / 4) * 2^20 / 2^19 = (x1 - 2) + (x2 + 4) / 2, then + 1
  expect([...binary(node, first, second, intMap({ channels: 3, zeroPoint: 1 }))]).toEqual([15, -10, 127]);
});

it("concat interleaves pixels and rescales the input of another scale", () => {
  const node = { ...nodeBase, kind: "concat", axis: 2, rescale: [null, half] } as const;
  const first = filled([1, 2, 3, 4], { width: 2, channels: 2, zeroPoint: 5 });
  const second = filled([10, 21], { width: 2, channels: 1, zeroPoint: 0 });
  expect([...concat(node, [first, second], intMap({ width: 2, channels: 3, zeroPoint: 5 }))]).toEqual([
    1, 2, 10, 3, 4, 16,
  ]);
});

it("pad fills with the zero point", () => {
  const node = { ...nodeBase, kind: "pad", padding: { top: 1, left: 0, bottom: 0, right: 1 } } as const;
  const input = filled([1, 2, 3, 4], { height: 2, width: 2, zeroPoint: -7 });
  expect([...pad(node, input, intMap({ height: 3, width: 3, zeroPoint: -7 }))]).toEqual([
    -7, -7, -7, 1, 2, -7, 3, 4, -7,
  ]);
});

it("rescale changes zero point and scale and saturates", () => {
  const node = { ...nodeBase, kind: "rescale", rescaling: one } as const;
  const input = filled([-128, 0, 127], { channels: 3, zeroPoint: -128 });
  expect([...rescale(node, input, intMap({ channels: 3, zeroPoint: 0 }))]).toEqual([0, 127, 127]);
});

it("reshape keeps the bytes", () => {
  const input = filled([1, 2, 3, 4], { height: 2, width: 2 });
  expect([...reshape({ ...nodeBase, kind: "reshape" }, input, intMap({ channels: 4 }))]).toEqual([
    1, 2, 3, 4,
  ]);
});
