import { expect, it } from "vitest";
import { topClasses } from "../../src/cli/top.ts";
import type { IntGraph, IntMap } from "../../src/ir/integer.ts";

const logitsMap: IntMap = {
  id: 0,
  name: "logits",
  height: 1,
  width: 1,
  channels: 3,
  scale: 0.5,
  zeroPoint: 7,
  dtype: "int8",
};
const graph: IntGraph = {
  name: "g",
  maps: new Map([[0, logitsMap]]),
  nodes: [],
  input: 0,
  logits: 0,
  output: 0,
  parameters: 0,
  macs: 0,
  labels: ["cat", "dog", "owl"],
};

it("gives the softmax of the dequantised logits, the lowest index first among equals", () => {
  const [e0, e1] = [1, Math.exp(-1)];
  const total = 2 * e0 + e1;
  const top = topClasses(graph, Int8Array.of(10, 8, 10));
  expect(top.map(({ index, label }) => `${index} ${label}`)).toEqual(["0 cat", "2 owl", "1 dog"]);
  expect(top.map(({ score }) => score)).toEqual([e0 / total, e0 / total, e1 / total]);
});

it("stands logits far apart", () => {
  const [first] = topClasses(
    { ...graph, maps: new Map([[0, { ...logitsMap, scale: 50 }]]) },
    Int8Array.of(-128, 127, 0),
  );
  expect(first).toEqual({ index: 1, label: "dog", score: 1 });
});
