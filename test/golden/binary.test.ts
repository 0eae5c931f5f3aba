/** Operators of two maps of all scales, against TFLite's reference kernels written out on BigInt. */
import { describe, expect, it } from "vitest";
import { lowerAdd } from "../../src/3-quantise/operators/add.ts";
import { lowerExtreme, lowerProduct } from "../../src/3-quantise/operators/two-maps.ts";
import type { LowerContext } from "../../src/3-quantise/context.ts";
import { binary } from "../../src/golden/binary.ts";
import type { BinaryNode, Tensor } from "../../src/ir/graph.ts";
import { isBinary, type IntNode } from "../../src/ir/integer.ts";
import { integers } from "./helpers.ts";

type Scale = readonly [scale: number, zeroPoint: number];
type Shape = readonly [number, number, number];

/** What the importer makes of two maps, their operator and its result, prepared. */
function prepared(
  kind: BinaryNode["kind"],
  maps: readonly (readonly [Shape, Scale])[],
  of: Partial<LowerContext["graph"]> = {},
) {
  const tensors = maps.map(([shape, [scale, zeroPoint]], id): [number, Tensor] => [
    id,
    {
      ...{ id, name: `m${id}`, shape: [1, ...shape], dtype: "int8" },
      quantization: { scales: [scale], zeroPoints: [zeroPoint], axis: 0 },
    },
  ]);
  const node: BinaryNode = {
    kind,
    name: "node",
    sources: [0],
    inputs: [0, 1],
    output: 2,
    activation: "none",
  };
  const graph = {
    name: "test",
    tensors: new Map(tensors),
    nodes: [node],
    inputs: [0, 1],
    outputs: [2],
    ...of,
  };
  const context: LowerContext = {
    ...{ graph, absorbed: new Set(), producers: new Map(), maps: new Map(), problems: [] },
  };
  const lowered: IntNode | null =
    kind === "mul"
      ? lowerProduct(node, context)
      : kind === "add" || kind === "sub"
        ? lowerAdd(node, context)
        : lowerExtreme(node, kind, context);
  return { lowered, context };
}

/** QuantizeMultiplier: fraction in 31 bits and a power of two. */
function factor(real: number): readonly [bigint, number] {
  let shift = 0;
  for (; real >= 1; shift++) real /= 2;
  for (; real < 0.5; shift--) real *= 2;
  const q = BigInt(Math.round(real * 2 ** 31));
  return q === 1n << 31n ? [1n << 30n, shift + 1] : [q, shift];
}

/** MultiplyByQuantizedMultiplier: SaturatingRoundingDoublingHighMul, then RoundingDivideByPOT. */
function scaled(x: bigint, [multiplier, shift]: readonly [bigint, number]): bigint {
  const product = (x << BigInt(Math.max(shift, 0))) * multiplier;
  const high = (product + (product >= 0n ? 1n << 30n : 1n - (1n << 30n))) / (1n << 31n);
  const right = BigInt(Math.max(-shift, 0));
  const [remainder, mask] = [high & ((1n << right) - 1n), (1n << right) - 1n];
  return (high >> right) + (remainder > (mask >> 1n) + (high < 0n ? 1n : 0n) ? 1n : 0n);
}

function reference(
  kind: BinaryNode["kind"],
  a: Scale,
  b: Scale,
  out: Scale,
): (x: number, y: number) => number {
  if (kind === "maximum" || kind === "minimum") return kind === "maximum" ? Math.max : Math.min;
  const end = (value: bigint) => Math.max(-128, Math.min(127, Number(value) + out[1]));
  const away = (x: number, [, zeroPoint]: Scale) => BigInt(x - zeroPoint);
  if (kind === "mul") {
    const f = factor(Math.fround(Math.fround(a[0] * b[0]) / out[0]));
    return (x, y) => end(scaled(away(x, a) * away(y, b), f));
  }
  const divide = (x: number, y: number) => (kind === "sub" ? Math.fround(x / y) : x / y);
  const twice = 2 * Math.max(a[0], b[0]);
  const [fa, fb] = [factor(divide(a[0], twice)), factor(divide(b[0], twice))];
  const f = factor(divide(twice, 2 ** 20 * out[0]));
  return (x, y) => {
    const [first, second] = [scaled(away(x, a) << 20n, fa), scaled(away(y, b) << 20n, fb)];
    return end(scaled(kind === "sub" ? first - second : first + second, f));
  };
}

const values = (draw: ReturnType<typeof integers>, [h, w, c]: Shape) =>
  Int8Array.from({ length: h * w * c }, () => draw(-128, 127));

describe.each(["add", "sub", "mul", "maximum", "minimum"] as const)("%s", (kind) => {
  it("is the reference kernel's, for scales of all sizes and every way to stretch an operand", () => {
    const draw = integers(kind.length * 7 + kind.charCodeAt(0));
    for (let round = 0; round < 60; round++) {
      const scale = (): Scale => [Math.fround(2 ** (draw(-6000, 1000) / 1000)), draw(-128, 127)];
      const [a, b] = [scale(), scale()];
      const size = kind === "mul" ? a[0] * b[0] * 64 : Math.max(a[0], b[0]);
      const out: Scale = [Math.fround(size * 2 ** (draw(-4000, 2000) / 1000)), draw(-128, 127)];
      const to: Shape = [draw(1, 5), draw(1, 5), draw(1, 40)];
      const side = (axis: number) => (draw(0, 2) === 0 ? 1 : to[axis]!);
      const first: Shape = round % 2 === 0 ? to : [to[0], side(1), to[2]];
      const second: Shape = first === to ? [side(0), side(1), side(2)] : [side(0), to[1], side(2)];
      const { lowered, context } = prepared(kind, [
        [first, a],
        [second, b],
        [to, out],
      ]);
      if (!lowered || !isBinary(lowered)) throw new Error(`${kind} has no integer form`);
      const [x, y] = [values(draw, first), values(draw, second)];
      const map = (id: number) => context.maps.get(id)!;
      const found = binary(lowered, { map: map(0), values: x }, { map: map(1), values: y }, map(2));
      const compute = reference(kind, a, b, out);
      const at = ([h, w, c]: Shape, row: number, column: number, k: number) =>
        ((h === 1 ? 0 : row) * w + (w === 1 ? 0 : column)) * c + (c === 1 ? 0 : k);
      for (let row = 0, i = 0; row < to[0]; row++)
        for (let column = 0; column < to[1]; column++)
          for (let k = 0; k < to[2]; k++, i++)
            expect(found[i]).toBe(compute(x[at(first, row, column, k)]!, y[at(second, row, column, k)]!));
    }
  });
});

describe("products of ONNX Runtime", () => {
  const pixel: Shape = [1, 1, 1];
  const product = (a: Scale, b: Scale, out: Scale) =>
    prepared(
      "mul",
      [
        [pixel, a],
        [pixel, b],
        [pixel, out],
      ],
      { arithmetic: "onnx" },
    );

  it("have one rounding: MlasQLinearMul's values for every pair", () => {
    const [a, b, out]: Scale[] = [
      [Math.fround(0.0237), -5],
      [Math.fround(1 / 255), -128],
      [Math.fround(0.0191), 13],
    ];
    const { lowered, context } = product(a!, b!, out!);
    if (!lowered || !isBinary(lowered)) throw new Error("mul has no integer form");
    const all = Int8Array.from({ length: 65536 }, (_, i) => (i >> 8) - 128);
    const other = Int8Array.from({ length: 65536 }, (_, i) => (i & 255) - 128);
    const wide = (id: number) => ({ ...context.maps.get(id)!, width: 65536 });
    const found = binary(lowered, { map: wide(0), values: all }, { map: wide(1), values: other }, wide(2));
    for (const [i, value] of found.entries()) {
      const [x, y] = [a![0] * (all[i]! + 5), b![0] * (other[i]! + 128)].map(Math.fround) as [number, number];
      const real = Math.fround(Math.fround(x * y) / out![0]);
      const even = Math.abs(real % 1) === 0.5 ? 2 * Math.round(real / 2) : Math.round(real);
      expect(value).toBe(Math.max(-128, Math.min(127, even + 13)));
    }
  });

  it("stay in float32 where they fall on ties", () => {
    expect(product([0.5, 0], [0.5, 0], [0.5, 0]).lowered).toMatchObject({ kind: "float-mul" });
  });
});
