import { describe, expect, it } from "vitest";
import { foldPad } from "../../src/2-passes/fold-pad.ts";
import type { ConvNode, PadNode, PoolNode, Tensor } from "../../src/ir/graph.ts";
import { verifyGraph } from "../../src/ir/verify.ts";
import { GraphDraft, noPadding, outline, plainWindow, whole } from "../support/graphs.ts";

const one = { top: 1, left: 1, bottom: 1, right: 1 };

/** A pad of one all round, then a layer over 3x3 windows. */
function padded(layer: "conv" | "max-pool" | "average-pool", zeroPoint: number, pad: Partial<PadNode> = {}) {
  const draft = new GraphDraft("int8");
  const q = whole(0.5, zeroPoint);
  const input = draft.map("in", [1, 4, 4, 1], q);
  const middle = draft.map("middle", [1, 6, 6, 1], q);
  const output = draft.map("out", [1, 4, 4, 1], q);
  draft.node({
    kind: "pad",
    name: "pad",
    sources: [],
    inputs: [input],
    output: middle,
    padding: one,
    ...pad,
  });
  const base = { name: "layer", sources: [], output, kernel: [3, 3] as const, ...plainWindow };
  if (layer === "conv") {
    const weights = draft.int8s("weights", [1, 3, 3, 1], Array<number>(9).fill(1));
    draft.node({ kind: "conv", ...base, inputs: [middle, weights], groups: 1, activation: "none" });
  } else {
    draft.node({ kind: layer, ...base, inputs: [middle], activation: "none", countPadding: false });
  }
  return draft.graph([input], [output]);
}

describe("fold-pad", () => {
  it("adds the padding to a convolution's own", () => {
    const graph = foldPad.run(padded("conv", 3));
    verifyGraph(graph);
    expect(outline(graph)).toEqual(["conv layer 0+1"]);
    expect((graph.nodes[0] as ConvNode).padding).toEqual(one);
    expect(graph.nodes[0]?.inputs[0]).toBe(0);
    expect([...graph.tensors.keys()]).toEqual([0, 2, 3]);
  });

  it("folds a value that is the zero point, and no other", () => {
    expect(outline(foldPad.run(padded("conv", 3, { value: 3 })))).toHaveLength(1);
    const other = padded("conv", 3, { value: 0 });
    expect(foldPad.run(other)).toBe(other);
  });

  it("folds into a max pool only where zero is the lowest value", () => {
    const lowest = foldPad.run(padded("max-pool", -128));
    expect((lowest.nodes[0] as PoolNode).padding).toEqual(one);
    const higher = padded("max-pool", 0);
    expect(foldPad.run(higher)).toBe(higher);
  });

  it("folds a lowest value into a max pool, whatever zero is", () => {
    const lowest = foldPad.run(padded("max-pool", 5, { value: -128 }));
    expect((lowest.nodes[0] as PoolNode).padding).toEqual(one);
    const higher = padded("max-pool", 5, { value: -127 });
    expect(foldPad.run(higher)).toBe(higher);
  });

  it("folds the lowest floats into a max pool", () => {
    const padOf = (value: number) => {
      const graph = padded("max-pool", 0, { value });
      const tensors = [...graph.tensors].map(([id, { quantization: _, ...tensor }]) => [
        id,
        { ...tensor, dtype: "float32" },
      ]);
      return outline(foldPad.run({ ...graph, tensors: new Map(tensors as [number, Tensor][]) }));
    };
    expect(padOf(-Infinity)).toEqual(["max-pool layer 0+1"]);
    expect(padOf(-3.4028234663852886e38)).toEqual(["max-pool layer 0+1"]);
    expect(padOf(-1e38)).toHaveLength(2);
  });

  it("leaves padding that whole windows of a max pool would lie in", () => {
    const graph = padded("max-pool", -128, { padding: { ...one, top: 3 } });
    const tensors = new Map(graph.tensors);
    for (const [id, rows] of [
      [1, 8],
      [2, 6],
    ] as const)
      tensors.set(id, { ...graph.tensors.get(id)!, shape: [1, rows, id === 1 ? 6 : 4, 1] });
    const high = { ...graph, tensors };
    verifyGraph(high);
    expect(foldPad.run(high)).toBe(high);
  });

  it("leaves an average pool alone: it would divide by fewer positions", () => {
    const graph = padded("average-pool", -128);
    expect(foldPad.run(graph)).toBe(graph);
  });

  it("keeps a padded map for those who need it, and folds it into the others", () => {
    const graph = padded("conv", 0);
    const watched = foldPad.run({ ...graph, outputs: [...graph.outputs, 1] });
    verifyGraph(watched);
    expect(watched.nodes.map(({ kind }) => kind)).toEqual(["pad", "conv"]);
    expect((watched.nodes[1] as ConvNode).padding).toEqual(one);
    const again = { ...graph.nodes[1]!, name: "again", output: 9 } as ConvNode;
    const tensors = new Map([...graph.tensors, [9, { ...graph.tensors.get(2)!, id: 9, name: "again" }]]);
    const twice = foldPad.run({ ...graph, tensors, nodes: [...graph.nodes, again], outputs: [2, 9] });
    expect(twice.nodes.map(({ kind }) => kind)).toEqual(["conv", "conv"]);
    expect(twice.nodes.map((node) => (node as ConvNode).padding)).toEqual([one, one]);
  });

  it("leaves channels of zeros alone", () => {
    const graph = padded("conv", 0);
    const [pad, layer] = graph.nodes as readonly [PadNode, ConvNode];
    const nodes = [{ ...pad, channels: [0, 1] as const }, layer];
    const wide = { ...graph, nodes };
    expect(foldPad.run(wide)).toBe(wide);
  });

  it("adds to padding that is there already", () => {
    const graph = padded("conv", 0, { padding: { ...noPadding, top: 2 } });
    const nodes = graph.nodes.map((node) => (node.kind === "conv" ? { ...node, padding: one } : node));
    expect((foldPad.run({ ...graph, nodes }).nodes[0] as ConvNode).padding).toEqual({ ...one, top: 3 });
  });
});
