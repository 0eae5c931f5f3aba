import { expect, it } from "vitest";
import { averageDivide, averageDivideUnsigned, divisorOf } from "../../hw/kernels/average-divide.ts";
import { operatorOf } from "../../src/4-schedule/operators.ts";
import type { Int, UInt } from "../../src/hls/index.ts";
import { integers, intGraph, intMap, nodeBase } from "./helpers.ts";

/** The fields that the kernels take behind the sum. */
function fieldsOf(count: number) {
  const { multiplier, right, left, half } = divisorOf(count);
  const divisor = [multiplier as UInt<31>, right as UInt<5>, left as UInt<5>, half as UInt<14>] as const;
  return [...divisor, -128n as Int<8>, 127n as Int<8>] as const;
}

const counts = [...Array.from({ length: 300 }, (_, i) => i + 1), 961, 12769, 16383, 16384];

it.each(counts)("divides sums of %i values as integers do", (count) => {
  const random = integers(count);
  const fields = fieldsOf(count);
  const half = Math.floor(count / 2);
  const [least, most] = [-128 * count, 127 * count];
  // Around every tie of small windows, and around some of large ones.
  const sums = Array.from({ length: 600 }, (_, i) => {
    const near = count <= 2 ? least + i : (i - 300) * count + half + random(-1, 1);
    return i % 3 === 0 ? random(least, most) : Math.min(Math.max(near, least), most);
  });
  for (const sum of [...sums, least, most, 0]) {
    const signed = Math.trunc((sum > 0 ? sum + half : sum - half) / count);
    expect(averageDivide(BigInt(sum) as Int<32>, ...fields), `${sum} / ${count}`).toBe(BigInt(signed));
    const unsigned = sum + 128 * count;
    const rounded = Math.floor((unsigned + half) / count) - 128;
    const got = averageDivideUnsigned(BigInt(unsigned) as UInt<30>, ...fields);
    expect(got, `${unsigned} / ${count}`).toBe(BigInt(rounded));
  }
});

it.each(["int8", "uint8"] as const)(
  "has the constants of the accelerator's program for large windows: %s",
  (dtype) => {
    for (const side of [46, 64, 113, 128]) {
      const maps = [
        intMap({ id: 0, height: side, width: side, dtype }),
        intMap({ id: 1, height: 1, width: 1, dtype }),
      ];
      const graph = intGraph(maps, [
        {
          ...nodeBase,
          ...{ kind: "average-pool", kernel: [side, side], stride: [1, 1], min: -128, max: 127 },
          padding: { top: 0, left: 0, bottom: 0, right: 0 },
        },
      ]);
      const operator = operatorOf(graph, graph.nodes[0]!);
      const { multiplier, right, half } = divisorOf(side * side);
      const isSigned = dtype === "int8";
      // Floor in bit 16; the absolute value's in bit 17, half of the count above it, or in the accumulator.
      const shift = right | (1n << 16n) | (isSigned ? (1n << 17n) | (half << 18n) : 0n);
      expect(operator.multiplier).toEqual(Int32Array.of(Number(multiplier)));
      expect(operator.shift).toEqual(Uint32Array.of(Number(shift)));
      expect(operator.bias).toEqual(Int32Array.of(isSigned ? 0 : 128 * side * side + Number(half)));
      expect(operator.outputZeroPoint).toBe(isSigned ? 0 : -128);
    }
  },
);
