import { describe, expect, it } from "vitest";
import { foldBatchNorm } from "../../src/2-passes/fold-batch-norm.ts";
import type { Graph } from "../../src/ir/graph.ts";
import { verifyGraph } from "../../src/ir/verify.ts";
import { GraphDraft, outline, plainWindow } from "../support/graphs.ts";

/** Weights and bias of the only node. */
function operands(graph: Graph): number[][] {
  verifyGraph(graph);
  expect(graph.nodes).toHaveLength(1);
  return (graph.nodes[0]?.inputs.slice(1) ?? []).map((id) =>
    [...(graph.tensors.get(id)?.data ?? [])].map(Number),
  );
}

function convolution(draft: GraphDraft, biased: boolean) {
  const input = draft.map("in", [1, 2, 2, 2]);
  const output = draft.map("conv", [1, 2, 2, 2]);
  const weights = draft.floats("weights", [2, 1, 1, 2], [1, 2, 3, 4]);
  const inputs = biased ? [input, weights, draft.floats("bias", [2], [10, 20])] : [input, weights];
  const base = { sources: [], inputs, output, ...plainWindow };
  draft.node({ kind: "conv", name: "conv", ...base, kernel: [1, 1], groups: 1, activation: "none" });
  return { input, output };
}

describe("fold-batch-norm", () => {
  it("folds MUL then ADD with the activation of the last", () => {
    const draft = new GraphDraft();
    const { input, output } = convolution(draft, true);
    const [scaled, sum] = [draft.map("scaled", [1, 2, 2, 2]), draft.map("sum", [1, 2, 2, 2])];
    const [factor, offset] = [draft.floats("f", [2], [2, -1]), draft.floats("o", [1, 1, 1, 2], [0.5, 0.25])];
    draft.node({
      kind: "mul",
      name: "mul",
      sources: [],
      inputs: [output, factor],
      output: scaled,
      activation: "none",
    });
    draft.node({
      kind: "add",
      name: "add",
      sources: [],
      inputs: [offset, scaled],
      output: sum,
      activation: "relu",
    });
    const graph = foldBatchNorm.run(draft.graph([input], [sum]));
    expect(operands(graph)).toEqual([
      [2, 4, -3, -4],
      [20.5, -19.75],
    ]);
    expect(outline(graph)).toEqual(["conv add 0+1+2"]);
    expect(graph.nodes[0]).toMatchObject({ activation: "relu", output: sum });
  });

  it("knows which way round SUB is", () => {
    const results = [true, false].map((layerFirst) => {
      const draft = new GraphDraft();
      const { input, output } = convolution(draft, true);
      const difference = draft.map("difference", [1, 2, 2, 2]);
      const one = draft.floats("one", [1], [1]);
      const inputs = layerFirst ? [output, one] : [one, output];
      draft.node({ kind: "sub", name: "sub", sources: [], inputs, output: difference, activation: "none" });
      return operands(foldBatchNorm.run(draft.graph([input], [difference])));
    });
    expect(results[0]).toEqual([
      [1, 2, 3, 4],
      [9, 19],
    ]);
    expect(results[1]).toEqual([
      [-1, -2, -3, -4],
      [-9, -19],
    ]);
  });

  it("folds a batch norm into depthwise weights, which have channels last, and makes a bias", () => {
    const draft = new GraphDraft();
    const [input, middle, output] = ["in", "middle", "out"].map((name) => draft.map(name, [1, 1, 2, 2]));
    if (input === undefined || middle === undefined || output === undefined) throw new Error("unreachable");
    const weights = draft.floats("weights", [1, 1, 2, 2], [1, 2, 3, 4]);
    const padding = { top: 0, left: 0, bottom: 0, right: 1 };
    const base = { sources: [], inputs: [input, weights], output: middle, ...plainWindow, padding };
    draft.node({ kind: "depthwise", name: "dw", ...base, kernel: [1, 2], multiplier: 1, activation: "none" });
    const inputs = [middle, draft.floats("scale", [2], [10, 100]), draft.floats("offset", [2], [7, 8])];
    draft.node({ kind: "batch-norm", name: "bn", sources: [], inputs, output });
    expect(operands(foldBatchNorm.run(draft.graph([input], [output])))).toEqual([
      [10, 200, 30, 400],
      [7, 8],
    ]);
  });

  it("leaves an addition of two maps and a layer with an activation alone", () => {
    const draft = new GraphDraft();
    const { input, output } = convolution(draft, false);
    const sum = draft.map("sum", [1, 2, 2, 2]);
    draft.node({
      kind: "add",
      name: "add",
      sources: [],
      inputs: [output, input],
      output: sum,
      activation: "none",
    });
    const graph = draft.graph([input], [sum]);
    expect(foldBatchNorm.run(graph)).toBe(graph);
  });
});
