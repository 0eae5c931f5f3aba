import { describe, expect, it } from "vitest";
import { lower } from "../../src/3-quantise/lower.ts";
import type { IntConv, IntGraph } from "../../src/ir/integer.ts";
import { printIntegerGraph } from "../../src/ir/print.ts";
import { verifyIntegerGraph } from "../../src/ir/verify-integer.ts";
import { Draft } from "../support/tflite-draft.ts";

function sound(): IntGraph {
  const draft = new Draft();
  const [input, output] = [draft.map("in", [1, 4, 4, 2]), draft.map("out", [1, 2, 2, 3])];
  draft.conv(input, output, [3, 3, 3, 2], { padding: "VALID" });
  return lower(draft.import([input], [output]));
}

function withConv(change: (conv: IntConv) => Partial<IntConv>): IntGraph {
  const graph = sound();
  return { ...graph, nodes: graph.nodes.map((n) => (n.kind === "conv" ? { ...n, ...change(n) } : n)) };
}

const first = <T extends Int16Array | Int32Array>(list: T, value: number): T => {
  const copy = list.slice() as T;
  copy[0] = value;
  return copy;
};

describe("verifyIntegerGraph", () => {
  it("takes what lower makes", () => expect(() => verifyIntegerGraph(sound())).not.toThrow());

  it.each<[string, IntGraph]>([
    ["a weight outside 9 signed bits", withConv((c) => ({ weights: first(c.weights, 256) }))],
    ["a weight that is no int8 with its zero point", withConv((c) => ({ weights: first(c.weights, 128) }))],
    ["weight zero point 128", withConv(() => ({ weightZeroPoint: 128 }))],
    ["has 53 weights, not 54", withConv((c) => ({ weights: c.weights.slice(1) }))],
    ["2 entries for 3 channels", withConv((c) => ({ bias: c.bias.slice(1) }))],
    ["makes 2 x 2 x 3, not 1 x 2 x 3", withConv(() => ({ stride: [2, 1] }))],
    ["clamps to 5 .. 4", withConv((c) => ({ requantize: { ...c.requantize, min: 5, max: 4 } }))],
    [
      "channel 0 has multiplier -1",
      withConv((c) => ({ requantize: { ...c.requantize, multiplier: first(c.requantize.multiplier, -1) } })),
    ],
    [
      "channel 0 has exponent -32",
      withConv((c) => ({ requantize: { ...c.requantize, exponent: first(c.requantize.exponent, -32) } })),
    ],
    ["reads map 1 before it is written", withConv(() => ({ inputs: [1] }))],
    ["the graph says 1", { ...sound(), macs: 1 }],
    ["logits map 7 is never written", { ...sound(), logits: 7 }],
  ])("says: %s", (message, graph) => {
    expect(() => verifyIntegerGraph(graph)).toThrow(message);
  });
});

describe("printIntegerGraph", () => {
  it("shows sizes and quantisation, no weights", () => {
    const lines = printIntegerGraph(sound()).split("\n");
    expect(lines.slice(0, 2)).toEqual([
      "integer graph draft: 57 parameters, 216 MACs",
      "input %0:4x4x2 int8*0.5@0",
    ]);
    expect(lines[2]).toContain("= conv(%0)");
    expect(lines[2]).toContain("weights=Int16Array(54)");
  });
});
