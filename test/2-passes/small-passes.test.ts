import { describe, expect, it } from "vitest";
import { deadNodes } from "../../src/2-passes/dead-nodes.ts";
import { dequantizeLast } from "../../src/2-passes/dequantize-last.ts";
import { foldActivation } from "../../src/2-passes/fold-activation.ts";
import { quantizeEdges } from "../../src/2-passes/quantize-edges.ts";
import { removeIdentity } from "../../src/2-passes/remove-identity.ts";
import { verifyGraph } from "../../src/ir/verify.ts";
import { GraphDraft, outline, plainWindow, whole } from "../support/graphs.ts";

describe("dead-nodes", () => {
  it("removes what no output needs, with its tensors", () => {
    const draft = new GraphDraft();
    const [a, b, c] = [draft.map("a", [1, 2]), draft.map("b", [1, 2]), draft.map("c", [1, 2])];
    draft.node({ kind: "relu", name: "dead", sources: [], inputs: [a], output: b });
    draft.node({ kind: "relu", name: "live", sources: [], inputs: [a], output: c });
    const graph = deadNodes.run(draft.graph([a], [c]));
    expect(outline(graph)).toEqual(["relu live 1"]);
    expect([...graph.tensors.keys()]).toEqual([a, c]);
    expect(deadNodes.run(graph)).toBe(graph);
  });
});

describe("remove-identity", () => {
  it("removes a chain and rewires its readers, but keeps one that makes an output", () => {
    const draft = new GraphDraft();
    const [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map((name) => draft.map(name, [1, 2])) as [
      number,
      number,
      number,
      number,
      number,
    ];
    draft.node({ kind: "identity", name: "one", sources: [], inputs: [a], output: b });
    draft.node({ kind: "reshape", name: "two", sources: [], inputs: [b], output: c });
    draft.node({ kind: "relu", name: "relu", sources: [], inputs: [c], output: d });
    draft.node({ kind: "identity", name: "last", sources: [], inputs: [d], output: e });
    const graph = removeIdentity.run(draft.graph([a], [e]));
    verifyGraph(graph);
    expect(outline(graph)).toEqual(["relu relu 2", "identity last 3"]);
    expect(graph.nodes[0]?.inputs).toEqual([a]);
  });

  it("keeps a requantisation", () => {
    const draft = new GraphDraft("int8");
    const [a, b, c] = [
      draft.map("a", [2], whole(1, 0)),
      draft.map("b", [2], whole(1, 5)),
      draft.map("c", [2], whole(1, 5)),
    ];
    draft.node({ kind: "quantize", name: "q", sources: [], inputs: [a], output: b });
    draft.node({ kind: "relu", name: "relu", sources: [], inputs: [b], output: c });
    const graph = draft.graph([a], [c]);
    expect(removeIdentity.run(graph)).toBe(graph);
  });
});

describe("dequantize-last", () => {
  it("moves integers through reshapes and concatenations of one scale, but not of several", () => {
    const draft = new GraphDraft("int8");
    const float = (name: string, shape: readonly number[]) => draft.map(name, shape, undefined, "float32");
    const [a, b] = [draft.map("a", [1, 4], whole(0.5, 1)), draft.map("b", [1, 2, 2], whole(0.5, 1))];
    const other = draft.map("other", [1, 2, 2], whole(0.25, 1));
    const reals = [float("x", [1, 4]), float("y", [1, 2, 2]), float("z", [1, 2, 2])];
    [a, b, other].forEach((id, i) =>
      draft.node({ kind: "dequantize", name: `d${i}`, sources: [], inputs: [id], output: reals[i]! }),
    );
    const flat = float("flat", [1, 2, 2]);
    draft.node({ kind: "reshape", name: "r", sources: [], inputs: [reals[0]!], output: flat });
    const concat = { kind: "concat", sources: [], axis: 1, activation: "none" } as const;
    const [same, mixed] = [float("same", [1, 4, 2]), float("mixed", [1, 4, 2])];
    draft.node({ ...concat, name: "c", inputs: [flat, reals[1]!], output: same });
    draft.node({ ...concat, name: "m", inputs: [flat, reals[2]!], output: mixed });
    const graph = dequantizeLast.run(draft.graph([a, b, other], [same, mixed]));
    verifyGraph(graph);
    expect(outline(graph).slice(3)).toEqual([
      ...["reshape r 3", "dequantize r/dequantize ", "concat c 4", "dequantize c/dequantize "],
      "concat m 5",
    ]);
    const concatenated = [...graph.tensors.values()].find(({ name }) => name === "c/integers");
    expect(concatenated).toMatchObject({ dtype: "int8", quantization: whole(0.5, 1) });
    expect(dequantizeLast.run(graph)).toBe(graph);
  });
});

describe("quantize-edges", () => {
  it("makes the integers inside the network's ends", () => {
    const draft = new GraphDraft("int8");
    const a = draft.map("a", [1, 2], undefined, "float32");
    const [b, c] = [draft.map("b", [1, 2], whole(1, 0)), draft.map("c", [1, 2], whole(1, 0))];
    const d = draft.map("d", [1, 2], undefined, "float32");
    draft.node({ kind: "quantize", name: "q", sources: [], inputs: [a], output: b });
    draft.node({ kind: "relu", name: "relu", sources: [], inputs: [b], output: c });
    draft.node({ kind: "dequantize", name: "dq", sources: [], inputs: [c], output: d });
    const graph = quantizeEdges.run(draft.graph([a], [d]));
    verifyGraph(graph);
    expect([graph.inputs, graph.outputs]).toEqual([[b], [c]]);
    expect(outline(graph)).toEqual(["relu relu 1"]);
    expect(quantizeEdges.run(graph)).toBe(graph);
  });
});

describe("fold-activation", () => {
  function pooled(kinds: readonly ("relu" | "relu6" | "relu-n1-to-1")[], scales: readonly number[]) {
    const draft = new GraphDraft("int8");
    const input = draft.map("in", [1, 2, 2, 1], whole(1, 0));
    let last = draft.map("pool", [1, 2, 2, 1], whole(1, 0));
    const base = { sources: [], inputs: [input], output: last, kernel: [1, 1] as const, ...plainWindow };
    draft.node({ kind: "max-pool", name: "pool", ...base, activation: "none", countPadding: false });
    for (const [i, kind] of kinds.entries()) {
      const output = draft.map(`out${i}`, [1, 2, 2, 1], whole(scales[i] ?? 1, 0));
      last = draft.node({ kind, name: `act${i}`, sources: [], inputs: [last], output });
    }
    return draft.graph([input], [last]);
  }

  it("folds a chain whose clamps are one clamp", () => {
    const graph = foldActivation.run(pooled(["relu", "relu6"], [1, 1]));
    verifyGraph(graph);
    expect(outline(graph)).toEqual(["max-pool act1 0+1+2"]);
    expect(graph.nodes[0]).toMatchObject({ activation: "relu6" });
  });

  it("stops where no single activation clamps alike", () => {
    expect(outline(foldActivation.run(pooled(["relu", "relu-n1-to-1"], [1, 1])))).toHaveLength(2);
  });

  it("keeps a ReLU that rescales", () => {
    const graph = pooled(["relu"], [0.5]);
    expect(foldActivation.run(graph)).toBe(graph);
  });

  it("keeps a ReLU whose input others read", () => {
    const graph = pooled(["relu"], [1]);
    const watched = { ...graph, outputs: [...graph.outputs, 1] };
    expect(foldActivation.run(watched)).toBe(watched);
  });
});
