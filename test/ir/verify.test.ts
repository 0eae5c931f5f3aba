import { describe, expect, it } from "vitest";
import type { Graph, Node } from "../../src/ir/graph.ts";
import { printGraph } from "../../src/ir/print.ts";
import { windowOutput } from "../../src/ir/shapes.ts";
import { verifyGraph } from "../../src/ir/verify.ts";
import { GraphDraft, plainWindow, whole } from "../support/graphs.ts";

/** in -> conv -> relu -> out. */
function sound(): Graph {
  const draft = new GraphDraft("int8");
  const input = draft.map("in", [1, 4, 4, 2], whole(0.5, -1));
  const middle = draft.map("middle", [1, 2, 2, 3], whole(0.25, 2));
  const output = draft.map("out", [1, 2, 2, 3], whole(0.25, 2));
  const weights = draft.int8s("weights", [3, 3, 3, 2], Array<number>(54).fill(1));
  const base = { sources: [], inputs: [input, weights], output: middle, ...plainWindow };
  draft.node({ kind: "conv", name: "conv", ...base, kernel: [3, 3], groups: 1, activation: "none" });
  draft.node({ kind: "relu", name: "relu", sources: [], inputs: [middle], output });
  return draft.graph([input], [output]);
}

const withNode = (index: number, change: Partial<Node>): Graph => {
  const graph = sound();
  const nodes = graph.nodes.map((node, i) => (i === index ? ({ ...node, ...change } as Node) : node));
  return { ...graph, nodes };
};

describe("verifyGraph", () => {
  it("takes a sound graph", () => expect(() => verifyGraph(sound())).not.toThrow());

  it.each<[string, Graph]>([
    ["relu reads middle before it is written", { ...sound(), nodes: sound().nodes.toReversed() }],
    ["two nodes are called conv", withNode(1, { name: "conv" })],
    ["reads tensor 9, which does not exist", withNode(1, { inputs: [9] })],
    ["middle is written twice", withNode(1, { output: 1, inputs: [1] })],
    ["writes the constant weights", withNode(1, { output: 3 })],
    ["conv: weights [3, 3, 3, 2], not [3, 3, 2, 2]", withNode(0, { kernel: [3, 2] })],
    ["conv: output [1, 2, 2, 3], not [1, 1, 2, 3]", withNode(0, { stride: [2, 1] })],
    ["conv: 1.5 groups", withNode(0, { groups: 1.5 })],
    ["graph output 8 is never written", { ...sound(), outputs: [8] }],
    ["graph input 3 is a constant", { ...sound(), inputs: [3] }],
    ["the input's axes are 0,1,1,2", { ...sound(), inputAxes: [0, 1, 1, 2] }],
    [
      "output 0 of [1, 2, 2, 3] is stored as [1, 2, 3, 3]",
      { ...sound(), outputOrders: [{ shape: [1, 2, 3, 3], axes: [0, 3, 1, 2] }] },
    ],
    [
      "output 0 of 2 axes has them in the order 0",
      { ...sound(), outputOrders: [{ shape: [4, 3], axes: [0] }] },
    ],
    [
      "output 0 of 2 axes has them in the order 0,0",
      { ...sound(), outputOrders: [{ shape: [4, 3], axes: [0, 0] }] },
    ],
    ["relu has 0 inputs, not 1", withNode(1, { inputs: [] })],
    ["relu has 2 inputs, not 1", withNode(1, { inputs: [1, 1] })],
    ["relu has 1 inputs, not 2", withNode(1, { kind: "add", inputs: [1] })],
    ["relu has 1 inputs, not 2", withNode(1, { kind: "prelu", inputs: [1] })],
    ["conv has 1 inputs, not 2 to 3", withNode(0, { inputs: [0] })],
    ["relu has 0 inputs, not 1 or more", withNode(1, { kind: "concat", inputs: [] })],
    ["the real inputs are 1", { ...sound(), floatInputs: [1] }],
    ["the real outputs are 0,-1", { ...sound(), floatOutputs: [0, -1] }],
    [
      "pictures of 2 channels have 1,2,3 as mean or std",
      { ...sound(), preprocess: { mean: [1, 2, 3], std: [1], channelOrder: "rgb" } },
    ],
    [
      "pictures of 2 channels have Infinity as mean or std",
      { ...sound(), preprocess: { mean: [0], std: [Infinity], channelOrder: "rgb" } },
    ],
  ])("says: %s", (message, graph) => {
    expect(() => verifyGraph(graph)).toThrow(message);
  });

  it("says which types disagree", () => {
    const graph = sound();
    const middle = graph.tensors.get(1);
    if (!middle) throw new Error("no tensor 1");
    const tensors = new Map(graph.tensors).set(1, { ...middle, dtype: "uint8" as const });
    expect(() => verifyGraph({ ...graph, tensors })).toThrow("conv: input 0 is int8, not uint8");
  });
});

describe("printGraph", () => {
  it("prints a line a node, attributes included, the same each time", () => {
    const text = printGraph(sound());
    expect(text).toBe(printGraph(sound()));
    expect(text.split("\n")).toEqual([
      "graph test",
      "input %0: int8[1x4x4x2] *0.5@-1",
      "%1: int8[1x2x2x3] *0.25@2 = conv(%0, const int8[3x3x3x2]) stride=[1,1] dilation=[1,1] " +
        "padding={top:0,left:0,bottom:0,right:0} kernel=[3,3] groups=1 activation=none  # conv",
      "%2: int8[1x2x2x3] *0.25@2 = relu(%1)  # relu",
      "output %2",
      "",
    ]);
  });
});

describe("windowOutput", () => {
  it.each([
    [224, 1, 3, 2, 1, 112],
    [7, 0, 7, 1, 1, 1],
    [9, 4, 3, 2, 2, 5],
    [13, 0, 3, 2, 1, 6],
  ])(
    "size %d, pads %d, kernel %d, stride %d, dilation %d: %d",
    (size, pads, kernel, stride, dilation, wanted) => {
      expect(windowOutput(size, pads, kernel, stride, dilation)).toBe(wanted);
    },
  );
});
