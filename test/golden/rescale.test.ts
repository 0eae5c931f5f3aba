import { expect, it } from "vitest";
import { rescaleValues } from "../../src/golden/rescale.ts";
import type { IntMap } from "../../src/ir/integer.ts";

const map: IntMap = {
  ...{ id: 0, name: "in", height: 1, width: 4, channels: 1 },
  ...{ scale: 1, zeroPoint: 3, dtype: "int8" },
};
const values = Int8Array.of(-128, -1, 0, 127);
/** Half of the difference, in Q31. */
const half = { multiplier: 2 ** 30, exponent: 0 };

it("reads a table from -128 up", () => {
  const table = Int8Array.from({ length: 256 }, (_, i) => (i * 7) % 256);
  const expected = [0, 127 * 7, 128 * 7, 255 * 7].map((value) => (value << 24) >> 24);
  expect([...rescaleValues({ map, values }, { ...half, table }, 0)]).toEqual(expected);
});

it("without a table scales the distance from the zero point", () => {
  expect([...rescaleValues({ map, values: Int8Array.of(-97, 3, 13, 103) }, half, -20)]).toEqual([
    ...[-70, -20, -15, 30],
  ]);
});
