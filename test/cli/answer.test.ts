import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { formatAnswer } from "../../src/cli/answer-text.ts";
import { answerOf } from "../../src/golden/answer.ts";
import type { IntGraph, IntMap } from "../../src/ir/integer.ts";
import { Draft } from "../support/tflite-draft.ts";
import { firebrick, inTemporaryFolder } from "./helper.ts";

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
  outputs: [0],
  parameters: 0,
  macs: 0,
  labels: ["cat", "dog", "owl"],
};

it("gives the softmax of the dequantised logits, the lowest index first among equals", () => {
  const [e0, e1] = [1, Math.exp(-1)];
  const total = 2 * e0 + e1;
  const { top } = answerOf(graph, Int8Array.of(10, 8, 10));
  expect(top.map(({ index, label }) => `${index} ${label}`)).toEqual(["0 cat", "2 owl", "1 dog"]);
  expect(top.map(({ score }) => score)).toEqual([e0 / total, e0 / total, e1 / total]);
});

it("stands logits far apart", () => {
  const { top, values } = answerOf(
    { ...graph, maps: new Map([[0, { ...logitsMap, scale: 50 }]]) },
    Int8Array.of(-128, 127, 0),
  );
  expect(top[0]).toEqual({ index: 1, label: "dog", score: 1 });
  expect(values).toEqual([]);
});

it("gives real values where nothing tells of classes", () => {
  const { labels: _, ...unnamed } = graph;
  const logits = Int8Array.of(10, 8, 7);
  expect(answerOf(unnamed, logits)).toEqual({ top: [], values: [1.5, 0.5, 0] });
  // 128 + 7 is the zero of the uint8 model's own values
  const uint8 = new Map([[0, { ...logitsMap, dtype: "uint8" as const }]]);
  expect(answerOf({ ...unnamed, maps: uint8 }, Uint8Array.of(138, 136, 135)).values).toEqual([1.5, 0.5, 0]);
});

it("knows classes by a softmax at the end, by names, or by ImageNet's number of values", () => {
  const { labels: _, ...unnamed } = graph;
  const softmax = {
    ...{ kind: "softmax", name: "s", sources: [], inputs: [0], output: 1, macs: 0, beta: 1 },
  } as unknown as IntGraph["nodes"][number];
  const maps = new Map([
    [0, logitsMap],
    [1, { ...logitsMap, id: 1 }],
  ]);
  const countOf = (one: IntGraph, size = 3): number => answerOf(one, new Int8Array(size)).top.length;
  expect(countOf({ ...unnamed, maps, nodes: [softmax], outputs: [1] })).toBe(3);
  const sized = (channels: number, height = 1): IntGraph => ({
    ...unnamed,
    maps: new Map([[0, { ...logitsMap, channels, height }]]),
  });
  const sizes = [999, 1000, 1001, 1002].map((size) => countOf(sized(size), size));
  expect(sizes).toEqual([0, 5, 5, 0]);
  expect(countOf(sized(1000, 2), 2000)).toBe(0);
});

it("gives values for maps, several outputs and probabilities that stand alone, even with names", () => {
  const countOf = (part: Partial<IntGraph>, size = 3): number =>
    answerOf({ ...graph, ...part }, new Int8Array(size)).top.length;
  expect(countOf({})).toBe(3);
  expect(countOf({ labels: ["cat", "dog"] })).toBe(0);
  const softmax = { kind: "softmax", name: "s", sources: [], inputs: [0], output: 1, macs: 0, beta: 1 };
  const pixels = new Map([0, 1].map((id) => [id, { ...logitsMap, id, width: 2 }]));
  const nodes = [softmax] as unknown as IntGraph["nodes"];
  expect(countOf({ maps: pixels, nodes, outputs: [1] }, 6)).toBe(0);
  expect(countOf({ maps: new Map([...graph.maps, [1, { ...logitsMap, id: 1 }]]), outputs: [0, 1] })).toBe(0);
  const logistic = [{ kind: "lookup", name: "l", sources: [], inputs: [2], output: 0, macs: 0 }];
  expect(countOf({ nodes: logistic as unknown as IntGraph["nodes"] })).toBe(0);
});

it("writes values in one line, the first of many", () => {
  expect(formatAnswer({ top: [], values: [0.7500000000000001] })).toBe("  value 0.75\n");
  expect(formatAnswer({ top: [], values: [1, -0.123456789] })).toBe("  values 1 -0.123457\n");
  const many = formatAnswer({ top: [], values: Array.from({ length: 20 }, (_, i) => i) });
  expect(many).toMatch(/^ {2}values 0 1 .* 15 and 4 more: --json\n$/);
});

it("shows a regressor's value in golden and report, without a percentage", () =>
  inTemporaryFolder(async (folder) => {
    const draft = new Draft();
    const x = draft.map("x", [1, 8], 0.5);
    const y = draft.dense(x, draft.map("y", [1, 1], 2), [1, 8]);
    const [model, input, html] = ["net.tflite", "x.bin", "r.html"].map((name) => join(folder, name));
    writeFileSync(model!, draft.write([x], [y]));
    writeFileSync(input!, Int8Array.of(4, 0, 0, 0, 0, 0, 0, 96));
    // weights 1 to 7, 1 in steps of 0.25: (4 * 1 + 96 * 1) * 0.5 * 0.25 = 12.5, the nearest step is 12
    const golden = await firebrick("golden", model!, "--input", input!);
    expect(golden).toMatchObject({ status: 0, stdout: `${input}\n  value 12\n` });
    const { inputs } = JSON.parse(
      (await firebrick("golden", model!, "--input", input!, "--json")).stdout,
    ) as {
      inputs: unknown[];
    };
    expect(inputs).toMatchObject([{ top: [], values: [12] }]);
    const report = await firebrick("report", model!, "--input", input!, "--html", html!);
    expect(report.stdout).toContain(`${input}\n  value 12\n`);
    expect(readFileSync(html!, "utf8")).toMatch(/The values[^]*<data value="12">12<\/data>/);
    expect(readFileSync(html!, "utf8")).not.toContain("probability");
  }));
