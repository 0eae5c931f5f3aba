/** Tables of TFLite's functions against what gemmlowp's fixed point and the reference kernels' formulas, compiled as C++, gave. */
import { describe, expect, it } from "vitest";
import type { FunctionNode } from "../../src/ir/graph.ts";
import type { IntMap } from "../../src/ir/integer.ts";
import { quantizeMultiplier } from "../../src/3-quantise/multiplier.ts";
import {
  curveTable,
  functionTable,
  leakyReluTable,
  preluFactors,
  preluTable,
} from "../../src/3-quantise/function-tables.ts";

const map = (scale: number, zeroPoint: number, dtype: IntMap["dtype"] = "int8"): IntMap => ({
  ...{ id: 0, name: "map", height: 1, width: 1, channels: 1, dtype },
  ...{ scale: Math.fround(scale), zeroPoint },
});

/** Every 17th entry, from that of -128 to that of 127, and the sum of all, each times its place. */
const sampled = (table: Int8Array) => [
  ...table.filter((_, i) => i % 17 === 0),
  table.reduce((sum, value, i) => sum + (i + 1) * value, 0),
];

describe("functions", () => {
  it.each<[FunctionNode["kind"], IntMap, IntMap, number[]]>([
    [
      "logistic",
      map(0.05, -3),
      map(0.00390625, -128),
      [-128, -127, -125, -122, -114, -97, -66, -19, 34, 77, 104, 117, 123, 126, 127, 127, 2010591],
    ],
    [
      "logistic",
      map(0.0871, 25),
      map(0.00390625, -128),
      [-128, -128, -128, -128, -128, -127, -125, -115, -81, 0, 81, 115, 125, 127, 127, 127, 1112763],
    ],
    [
      "tanh",
      map(0.05, -128),
      map(0.0078125, 0),
      [0, 88, 120, 126, 127, 127, 127, 127, 127, 127, 127, 127, 127, 127, 127, 127, 4157141],
    ],
    [
      "tanh",
      map(0.02, 7),
      map(0.0078125, 0),
      [-127, -126, -124, -119, -112, -97, -74, -40, 3, 44, 77, 100, 113, 120, 124, 126, 1595286],
    ],
    [
      "hard-swish",
      map(0.05, -128),
      map(0.04, -110),
      [-110, -96, -77, -51, -25, -4, 17, 39, 60, 81, 102, 124, 127, 127, 127, 127, 2721615],
    ],
    [
      "hard-swish",
      map(0.11, 20),
      map(0.06, -90),
      [-90, -90, -90, -90, -90, -90, -90, -90, -96, -85, -54, -19, 13, 44, 75, 106, -658646],
    ],
    [
      "hard-swish",
      map(0.1, 0),
      map(0.0012, 100),
      [100, 100, 100, 100, 100, 100, -44, -128, 127, 127, 127, 127, 127, 127, 127, 127, 3340708],
    ],
    [
      "elu",
      map(0.05, 10),
      map(0.03, -90),
      [-123, -123, -123, -123, -122, -121, -118, -110, -93, -65, -37, -8, 20, 48, 77, 105, -702938],
    ],
  ])("%s", (kind, input, output, expected) => {
    expect(sampled(functionTable(kind, input, output))).toEqual(expected);
  });

  it.each<["gelu" | "gelu-tanh", IntMap, IntMap, number[]]>([
    [
      "gelu",
      map(0.05, 10),
      map(0.03, -90),
      [-90, -90, -90, -90, -90, -90, -92, -95, -92, -71, -40, -9, 20, 48, 77, 105, -506230],
    ],
    [
      "gelu",
      map(0.03, -20),
      map(0.0151, -117),
      [-117, -118, -119, -122, -126, -128, -122, -103, -73, -36, 2, 39, 73, 107, 127, 127, 358569],
    ],
    [
      "gelu-tanh",
      map(0.05, 10),
      map(0.03, -90),
      [-90, -90, -90, -90, -90, -90, -92, -95, -92, -71, -40, -9, 20, 48, 77, 105, -506033],
    ],
    [
      "gelu-tanh",
      map(0.03, -20),
      map(0.0151, -117),
      [-117, -118, -119, -122, -126, -128, -122, -103, -73, -36, 2, 39, 73, 107, 127, 127, 358391],
    ],
  ])("%s", (name, input, output, expected) => {
    expect(sampled(curveTable({ name }, input, output))).toEqual(expected);
  });

  it.each([
    [
      0.3,
      map(0.05, -20),
      map(0.04, -110),
      [-128, -128, -128, -128, -125, -119, -113, -96, -75, -54, -32, -11, 10, 31, 53, 74, -863963],
    ] as const,
    [
      -0.25,
      map(0.05, 0),
      map(0.04, 0),
      [40, 35, 30, 24, 19, 14, 8, 3, 10, 31, 53, 74, 95, 116, 127, 127, 2186685],
    ] as const,
  ])("leaky ReLU of slope %s", (alpha, input, output, expected) => {
    expect(sampled(leakyReluTable(alpha, input, output))).toEqual(expected);
  });

  it.each(["logistic", "tanh", "elu"] as const)(
    "%s of uint8 maps within half a step of the real one",
    (kind) => {
      const real = {
        logistic: (x: number) => 1 / (1 + Math.exp(-x)),
        tanh: Math.tanh,
        elu: (x: number) => (x < 0 ? Math.expm1(x) : x),
      };
      const [input, output] = [map(0.04, 3, "uint8"), map(1 / 64, -20, "uint8")];
      for (const [i, q] of functionTable(kind, input, output).entries()) {
        const wanted = real[kind](input.scale * (i - 128 - 3)) / output.scale - 20;
        expect(Math.abs(q - Math.min(Math.max(wanted, -128), 127))).toBeLessThan(0.5 + 1e-4);
      }
    },
  );

  it("PReLU divides its factors in float32", () => {
    const [input, output] = [map(Math.fround(0.0123), 0), map(Math.fround(0.0371), 0)];
    const real = Math.fround(Math.fround(0.0123) / Math.fround(0.0371));
    const { above } = preluFactors(0.25, input, output);
    expect(above).toEqual(quantizeMultiplier(real));
    expect(above).not.toEqual(quantizeMultiplier(Math.fround(0.0123) / Math.fround(0.0371)));
  });

  it("PReLU multiplies by the quantised slope below zero only", () => {
    const table = preluTable(-40, 0.01, map(0.5, 0), map(0.5, 0));
    // -0.4 * -100 = 40; -0.4 * -5 = 2
    expect([-100, -5, 0, 7, 127].map((x) => table[x + 128])).toEqual([40, 2, 0, 7, 127]);
  });
});
