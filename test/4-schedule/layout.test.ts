import { expect, it } from "vitest";
import { type Layout, NOWHERE, overScattered } from "../../src/4-schedule/layout.ts";
import type { Operator } from "../../src/4-schedule/plan.ts";

it("a convolution over channels of zeros takes nothing off for their zero point", () => {
  // two outputs of 1 x 2 taps of three channels, the first of which are zeros
  const weights = Int16Array.of(5, 1, 2, 6, 3, 4, 7, -1, -2, 8, -3, -4);
  const zeroPoint = 10;
  const sums = [5 + 1 + 2 + 6 + 3 + 4, 7 - 1 - 2 + 8 - 3 - 4];
  const operator = {
    ...{ kind: "conv", kernel: [1, 2], weights, inputZeroPoint: zeroPoint },
    bias: Int32Array.from(sums, (sum) => 100 - zeroPoint * sum),
  } as unknown as Operator;
  const layout = { buffer: 9, positions: [NOWHERE, 0, 3] } as unknown as Layout;
  const over = overScattered(operator, layout, 4);
  expect(over).toMatchObject({ input: 9 });
  expect([...(over.weights ?? [])]).toEqual([1, 0, 0, 2, 3, 0, 0, 4, -1, 0, 0, -2, -3, 0, 0, -4]);
  expect([...over.bias]).toEqual([100 - zeroPoint * 10, 100 + zeroPoint * 10]);
});
