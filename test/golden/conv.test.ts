import { describe, expect, it } from "vitest";
import { conv } from "../../src/golden/conv.ts";
import { depthwise } from "../../src/golden/depthwise.ts";
import type { IntConv, IntDepthwise, IntMap } from "../../src/ir/integer.ts";
import type { Padding } from "../../src/ir/graph.ts";
import { filled, intMap, integers, nodeBase, unitScale } from "./helpers.ts";

const none: Padding = { top: 0, left: 0, bottom: 0, right: 0 };

interface Shape {
  readonly size: readonly [number, number, number];
  readonly outputs: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: Padding;
}

function outputMap(s: Shape): IntMap {
  const { top, bottom, left, right } = s.padding;
  const extent = (size: number, axis: 0 | 1): number =>
    Math.floor((size - (s.kernel[axis] - 1) * s.dilation[axis] - 1) / s.stride[axis]) + 1;
  return intMap({
    id: 1,
    height: extent(s.size[0] + top + bottom, 0),
    width: extent(s.size[1] + left + right, 1),
    channels: s.outputs,
    zeroPoint: -3,
  });
}

/** A tap of the input, zero outside, in the plainest possible way. */
function tap(s: Shape, values: ArrayLike<number>, zero: number, at: readonly number[], c: number): number {
  const y = at[0]! * s.stride[0] + at[2]! * s.dilation[0] - s.padding.top;
  const x = at[1]! * s.stride[1] + at[3]! * s.dilation[1] - s.padding.left;
  const inside = y >= 0 && x >= 0 && y < s.size[0] && x < s.size[1];
  return inside ? values[(y * s.size[1] + x) * s.size[2] + c]! - zero : 0;
}

const shapes: readonly Shape[] = [
  {
    size: [5, 4, 3],
    outputs: 6,
    kernel: [3, 3],
    stride: [1, 1],
    dilation: [1, 1],
    padding: { top: 1, left: 1, bottom: 1, right: 1 },
  },
  {
    size: [6, 6, 2],
    outputs: 4,
    kernel: [3, 3],
    stride: [2, 2],
    dilation: [1, 1],
    padding: { top: 0, left: 0, bottom: 1, right: 1 },
  },
  { size: [7, 9, 4], outputs: 8, kernel: [1, 1], stride: [2, 3], dilation: [1, 1], padding: none },
  {
    size: [9, 8, 2],
    outputs: 2,
    kernel: [3, 2],
    stride: [1, 2],
    dilation: [2, 3],
    padding: { top: 2, left: 1, bottom: 0, right: 3 },
  },
  { size: [3, 3, 8], outputs: 16, kernel: [3, 3], stride: [1, 1], dilation: [1, 1], padding: none },
];

describe("conv", () => {
  it("computes a hand-made 2x2 kernel with padding, zero points and bias", () => {
    // x - zx = [1 2; 3 4]; kernel [1 2; 3 4]; SAME: pad 1 at bottom and right.
    const node: IntConv = {
      ...nodeBase,
      kind: "conv",
      kernel: [2, 2],
      stride: [1, 1],
      dilation: [1, 1],
      padding: { top: 0, left: 0, bottom: 1, right: 1 },
      weights: Int16Array.of(1, 2, 3, 4),
      weightZeroPoint: 0,
      bias: Int32Array.of(10),
      requantize: unitScale(1),
    };
    const input = filled([-9, -8, -7, -6], { height: 2, width: 2, zeroPoint: -10 });
    const output = intMap({ height: 2, width: 2, zeroPoint: 5 });
    // sums: 1+4+9+16 = 30, 2+12 = 14, 3+8 = 11, 4; then + 10 + 5
    expect([...conv(node, input, output)]).toEqual([45, 29, 26, 19]);
  });

  it("wraps the accumulator at 32 bits, as int32 does", () => {
    const node: IntConv = {
      ...nodeBase,
      kind: "conv",
      kernel: [1, 1],
      stride: [1, 1],
      dilation: [1, 1],
      padding: none,
      weights: Int16Array.of(1),
      weightZeroPoint: 0,
      bias: Int32Array.of(2 ** 31 - 1),
      requantize: { ...unitScale(1), exponent: Int32Array.of(-24) },
    };
    // 2^31 - 1 + 1 wraps to -2^31; half of it shifted right by 24 is -64.
    expect([...conv(node, filled([1], {}), intMap({}))]).toEqual([-64]);
  });

  it.each(shapes)("equals a plain loop with exact integers: $size, kernel $kernel, stride $stride", (s) => {
    const next = integers(7);
    const [kh, kw] = s.kernel;
    const c = s.size[2];
    const output = outputMap(s);
    const input = filled(
      Array.from({ length: s.size[0] * s.size[1] * c }, () => next(-128, 127)),
      { height: s.size[0], width: s.size[1], channels: c, zeroPoint: 17 },
    );
    const node: IntConv = {
      ...nodeBase,
      ...s,
      kind: "conv",
      weights: Int16Array.from({ length: s.outputs * kh * kw * c }, () => next(-255, 255)),
      weightZeroPoint: 0,
      bias: Int32Array.from({ length: s.outputs }, () => next(-5000, 5000)),
      requantize: {
        multiplier: Int32Array.from({ length: s.outputs }, () => next(2 ** 30, 2 ** 31 - 1)),
        exponent: Int32Array.from({ length: s.outputs }, () => next(-10, -7)),
        min: -100,
        max: 90,
      },
    };
    const expected: number[] = [];
    for (let y = 0; y < output.height; y++)
      for (let x = 0; x < output.width; x++)
        for (let k = 0; k < s.outputs; k++) {
          let sum = node.bias[k]!;
          for (let i = 0; i < kh; i++)
            for (let j = 0; j < kw; j++)
              for (let m = 0; m < c; m++)
                sum +=
                  tap(s, input.values, 17, [y, x, i, j], m) * node.weights[((k * kh + i) * kw + j) * c + m]!;
          expected.push(twoRoundings(sum, node.requantize, k, output.zeroPoint));
        }
    expect([...conv(node, input, output)]).toEqual(expected);
    expect(new Set(expected).size).toBeGreaterThan(3);
  });
});

/** The definition on 64-bit integers: doubling high multiply, then rounding shift. */
function twoRoundings(sum: number, r: IntConv["requantize"], k: number, zero: number): number {
  const high = (BigInt(sum) * BigInt(r.multiplier[k]!) + (1n << 30n)) >> 31n;
  const shift = BigInt(-r.exponent[k]!);
  const magnitude = (high < 0n ? -high : high) + (1n << (shift - 1n));
  const rounded = Number(magnitude >> shift) * (high < 0n ? -1 : 1);
  return Math.min(r.max, Math.max(r.min, rounded + zero));
}

describe("depthwise", () => {
  it("computes two channels with multiplier 2 by hand", () => {
    const node: IntDepthwise = {
      ...nodeBase,
      kind: "depthwise",
      multiplier: 2,
      kernel: [1, 2],
      stride: [1, 1],
      dilation: [1, 1],
      padding: none,
      // tap 0: channels 0a 0b 1a 1b; tap 1 likewise
      weights: Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      weightZeroPoint: 0,
      bias: Int32Array.of(0, 0, 0, 1),
      requantize: unitScale(4),
    };
    const input = filled([1, 2, 3, 4], { width: 2, channels: 2 });
    // 0a: 1*1+3*5, 0b: 1*2+3*6, 1a: 2*3+4*7, 1b: 2*4+4*8+1
    expect([...depthwise(node, input, intMap({ channels: 4 }))]).toEqual([16, 20, 34, 41]);
  });

  it.each([1, 2, 8])("equals a plain loop, multiplier %i", (multiplier) => {
    const next = integers(9);
    for (const s of shapes) {
      const [kh, kw] = s.kernel;
      const c = s.size[2];
      const outputs = c * multiplier;
      const output = outputMap({ ...s, outputs });
      const input = filled(
        Array.from({ length: s.size[0] * s.size[1] * c }, () => next(-128, 127)),
        { height: s.size[0], width: s.size[1], channels: c, zeroPoint: -128 },
      );
      const node: IntDepthwise = {
        ...nodeBase,
        kernel: s.kernel,
        stride: s.stride,
        dilation: s.dilation,
        padding: s.padding,
        kind: "depthwise",
        multiplier,
        weights: Int16Array.from({ length: outputs * kh * kw }, () => next(-255, 255)),
        weightZeroPoint: 0,
        bias: Int32Array.from({ length: outputs }, () => next(-5000, 5000)),
        requantize: {
          multiplier: Int32Array.from({ length: outputs }, () => next(2 ** 30, 2 ** 31 - 1)),
          exponent: Int32Array.from({ length: outputs }, () => next(-10, -7)),
          min: -128,
          max: 127,
        },
      };
      const expected: number[] = [];
      for (let y = 0; y < output.height; y++)
        for (let x = 0; x < output.width; x++)
          for (let k = 0; k < outputs; k++) {
            let sum = node.bias[k]!;
            for (let i = 0; i < kh; i++)
              for (let j = 0; j < kw; j++)
                sum +=
                  tap(s, input.values, -128, [y, x, i, j], Math.floor(k / multiplier)) *
                  node.weights[(i * kw + j) * outputs + k]!;
            expected.push(twoRoundings(sum, node.requantize, k, output.zeroPoint));
          }
      expect([...depthwise(node, input, output)]).toEqual(expected);
    }
  });
});
