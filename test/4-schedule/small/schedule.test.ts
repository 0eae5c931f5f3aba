import { expect, it } from "vitest";
import { averageScale, digitsOf } from "../../../src/4-schedule/small/parameters.ts";
import { scheduleSmall } from "../../../src/4-schedule/small/schedule.ts";
import { runPasses } from "../../../src/2-passes/pipeline.ts";
import { lower } from "../../../src/3-quantise/lower.ts";
import { InputError, type Problem } from "../../../src/ir/errors.ts";
import type { IntGraph, IntPad } from "../../../src/ir/integer.ts";
import { intGraph, intMap, nodeBase } from "../../golden/helpers.ts";
import { buildNetwork } from "../../../src/ir/builder.ts";
import { zoo } from "../../../src/zoo/index.ts";
import { seededInteger } from "../../networks/hardware.ts";
import { sketch } from "../../networks/sketch.ts";
import { withTables } from "../../support/tables.ts";

const k3 = { kernel: [3, 3], same: true } as const;

function problems(graph: IntGraph): readonly Problem[] {
  try {
    scheduleSmall(graph, "icebreaker");
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

it("writes a multiplier as digits of -1 to 2", () => {
  for (const multiplier of [0, 1, 3, 2 ** 30, 2 ** 31 - 1, 1_179_182_713, 0x6aaaaaab, 0x7fffffff - 5]) {
    const digits = digitsOf(multiplier);
    expect(digits).toHaveLength(16);
    expect(digits.every((digit) => digit >= -1 && digit <= 2)).toBe(true);
    expect(digits.reduce((sum, digit, i) => sum + digit * 4 ** i, 0)).toBe(multiplier);
  }
});

it("averages of int8 are exact for every window up to 256 values, and says when they are not", () => {
  for (let count = 1; count <= 256; count += 1) expect(averageScale(count, false), `${count}`).not.toBe(null);
  // uint8 rounds up at ties below zero
  expect(averageScale(4, true)).toBe(null);
});

it("tells everything that does not fit at once", () => {
  const graph = sketch("big", [300, 300, 3])
    .conv(8, k3)
    .depthwise(k3)
    .conv(2000, { kernel: [3, 3] })
    .graph();
  const found = problems(graph);
  expect(new Set(found.map(({ code }) => code))).toEqual(new Set(["does-not-fit"]));
  const texts = found.map((problem) => problem.found);
  // of each resource the layer that needs most, and how many more need too much
  expect(texts).toEqual([
    "177608000 bytes of a feature map needed for the result of conv_2 (the binding resource); too many for 3 more",
    "2000 channels needed for the result of conv_2",
    "300 rows needed for the result of conv_0; too many for 3 more",
    "300 columns needed for the result of conv_0; too many for 3 more",
  ]);
});

it("goes through the rows of an average in the longest loop, and through a kernel's in the one that is theirs", () => {
  const { layers } = scheduleSmall(lower(runPasses(zoo("mlperf-tiny-kws"))), "icebreaker");
  const average = layers.find(({ engine }) => engine === "pool");
  expect(average?.operator.kernel).toEqual([25, 5]);
  expect(average?.loops).toEqual({ words: 25, columns: 5, rows: 1 });
  // a row down; then up again, a column on: 5 pixels of 16 words are a row
  expect(average?.moves.slice(1, 3)).toEqual([
    { address: 80, column: 0, row: 1 },
    { address: 16 - 24 * 80, column: 1, row: -24 },
  ]);
  expect(layers[0]?.loops).toEqual({ words: 1, columns: 4, rows: 10 });
  const tall = sketch("tall", [40, 4, 3]).conv(4, { kernel: [17, 1] });
  expect(problems(tall.graph()).map(({ found }) => found)).toEqual([
    "17 kernel rows needed for conv_0 (the binding resource)",
  ]);
});

it("refuses the pools and sums that only an array has, each by name", () => {
  const b = buildNetwork("pools", { height: 8, width: 8, channels: 4 });
  const conv = b.conv("conv", b.input, 4, { kernel: 3 });
  b.add("sum", b.maxPool("largest", conv, { kernel: 3, stride: 1, padding: 1 }), conv);
  expect(problems(seededInteger(b.finish(), 1)).map(({ node, found }) => [node, found])).toEqual([
    ["largest", "a max pool"],
    ["sum", "add of two maps"],
  ]);
  const padded = sketch("p", [8, 8, 4]).averagePool(k3).conv(4, k3).graph();
  expect(problems(padded).map(({ found }) => found)).toEqual(["an average pool with padding"]);
  const maps = [0, 1].map((id) => intMap({ id, height: 3 + id, width: 3, channels: 4 }));
  const pad: IntPad = { kind: "pad", ...nodeBase, padding: { top: 1, left: 0, bottom: 0, right: 0 } };
  expect(problems(intGraph(maps, [pad])).map(({ found }) => found)).toEqual([
    "padding that no layer takes in",
  ]);
});

it("refuses a function of single values between layers", () => {
  const b = buildNetwork("table", { height: 8, width: 8, channels: 3 });
  const first = b.conv("first", b.input, 4, { kernel: 3, activation: "hard-swish" });
  b.conv("second", first, 4, { kernel: 1 });
  expect(problems(withTables(seededInteger(b.finish(), 1))).map(({ node, found }) => [node, found])).toEqual([
    ["first/activation", "a function of single values"],
  ]);
});

it("refuses weights of 9 bits", () => {
  const uint8 = problems(sketch("u", [8, 8, 4], "uint8").conv(4, k3).graph());
  expect(uint8.map(({ code, found }) => [code, found])).toContainEqual([
    "no-hardware",
    "weights whose distance from their zero point needs 9 bits",
  ]);
});

it("refuses a kernel as activation, and nothing else because of it", () => {
  const b = buildNetwork("kernel", { height: 8, width: 8, channels: 3 });
  const first = b.conv("first", b.input, 4, { kernel: 3, activation: "hard-swish" });
  b.conv("second", first, 4, { kernel: 1 });
  expect(problems(seededInteger(b.finish(), 1)).map(({ node, found }) => [node, found])).toEqual([
    ["first/activation", "a kernel as activation"],
  ]);
});
