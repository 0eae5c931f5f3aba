import { expect, it } from "vitest";
import {
  type Layout,
  type LayoutNode,
  layoutsOf,
  NOWHERE,
  overScattered,
} from "../../src/4-schedule/layout.ts";
import type { Operator } from "../../src/4-schedule/plan.ts";
import type { IntMap } from "../../src/ir/integer.ts";
import { intGraph, intMap, nodeBase } from "../golden/helpers.ts";

/** Where the maps of a node lie whose result is handed over, with beats of 8 bytes. */
function laidOut(maps: readonly IntMap[], node: LayoutNode) {
  return layoutsOf(intGraph(maps, [node]), [node], [node.output], 8);
}

it("channels are put together in one buffer, each input from a beat on", () => {
  const maps = [5, 3, 8].map((channels, id) => intMap({ id, channels }));
  const node = {
    ...nodeBase,
    kind: "concat",
    axis: 2,
    rescale: [null, null],
    inputs: [0, 1],
    output: 2,
  } as const;
  const { home, layouts, pitch } = laidOut(maps, node);
  const buffer = layouts[0]!.buffer;
  expect(layouts[0]).toMatchObject({ positions: [0, 1, 2, 3, 4, 8, 9, 10], inputs: [0, 1] });
  expect([home(0), home(1)]).toMatchObject([
    { buffer, byte: 0 },
    { buffer, byte: 8 },
  ]);
  expect([pitch(0), pitch(1)]).toEqual([16, 16]);
});

it("pixels are put together row by row, and the columns of a factor one behind the other", () => {
  const maps = [0, 1, 2, 3, 4, 5].map((id) => intMap({ id, height: 4, width: 5, channels: 3 }));
  const inputs = [0, 1, 2, 3, 4, 5];
  const output = intMap({ id: 6, height: 8, width: 15, channels: 3 });
  const node = { ...nodeBase, kind: "interleave", factor: [2, 3], inputs, output: 6 } as const;
  const { home, pitch } = laidOut([...maps, output], node);
  expect(inputs.map((id) => [home(id).row, home(id).column])).toEqual([
    ...[0, 1, 2].map((column) => [0, column]),
    ...[0, 1, 2].map((column) => [1, column]),
  ]);
  expect(home(4)).toMatchObject({ buffer: 6, rowStep: 2, columnStep: 3 });
  expect(pitch(4)).toBe(24);
});

it.each([
  [0, { row: 4, column: 0 }],
  [1, { row: 0, column: 5 }],
] as const)("maps put together along axis %i begin where the one before ends", (axis, place) => {
  const maps = [0, 1].map((id) => intMap({ id, height: 4, width: 5 }));
  const output = intMap({ id: 2, height: axis === 0 ? 8 : 4, width: axis === 1 ? 10 : 5 });
  const node = {
    ...nodeBase,
    kind: "concat",
    axis,
    rescale: [null, null],
    inputs: [0, 1],
    output: 2,
  } as const;
  const { home } = laidOut([...maps, output], node);
  expect([home(0), home(1)]).toMatchObject([{ row: 0, column: 0 }, place]);
});

it("a slice lies in its input, from the beat of its first channel on", () => {
  const maps = [
    intMap({ id: 0, height: 6, width: 8, channels: 24 }),
    intMap({ id: 1, height: 2, width: 3, channels: 4 }),
  ];
  const node = { ...nodeBase, kind: "slice", begin: [1, 2, 10], stride: [2, 2, 3] } as const;
  const { home, late, layouts } = laidOut(maps, node);
  const { buffer, positions } = layouts[0]!;
  expect(home(buffer)).toEqual({ buffer: 0, row: 1, column: 2, byte: 8, rowStep: 2, columnStep: 2 });
  expect(positions).toEqual([2, 5, 8, 11]);
  expect(late).toEqual(new Set([buffer]));
});

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
