import { expect, it } from "vitest";
import { compressGraph } from "../../src/compress/compress.ts";
import { describeInNet, writeNet } from "../../src/compress/net.ts";
import { GraphDraft, noPadding, plainWindow } from "../support/graphs.ts";

it("describes layers as large as the file has them, those without biases too: the format stores zeros for them", () => {
  const draft = new GraphDraft();
  const x = draft.map("x", [1, 1, 1, 3]);
  const [y, z] = [draft.map("y", [1, 1, 1, 5]), draft.map("z", [1, 1, 1, 2])];
  const conv = { kind: "conv", sources: [], groups: 1, activation: "none", kernel: [1, 1] } as const;
  const window = { ...plainWindow, padding: noPadding };
  const bare = draft.floats(
    "w",
    [5, 1, 1, 3],
    Array.from({ length: 15 }, (_, i) => i + 1),
  );
  draft.node({ ...conv, ...window, name: "bare", inputs: [x, bare], output: y });
  const weights = draft.floats("v", [2, 1, 1, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const bias = draft.floats("b", [2], [1, 2]);
  draft.node({ ...conv, ...window, name: "biased", inputs: [y, weights, bias], output: z });
  const { layers, stored } = compressGraph(draft.graph([x], [z]), { bits: 4, density: () => undefined });
  const described = layers.map((layer, index) => describeInNet(layer, stored[index]!));
  // number of codes, 256 values, biases, a byte a code, half a byte a gap and whole bytes
  expect(described.map(({ bytes }) => bytes)).toEqual([
    4 + 4 * 256 + 4 * 5 + 15 + 8,
    4 + 4 * 256 + 4 * 2 + 10 + 5,
  ]);
  expect(writeNet(stored).length).toBe(described.reduce((sum, { bytes }) => sum + bytes, 0));
});
