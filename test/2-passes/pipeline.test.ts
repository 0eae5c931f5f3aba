import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { importModel } from "../../src/1-import/index.ts";
import type { Pass } from "../../src/2-passes/pass.ts";
import { PASSES, runPasses } from "../../src/2-passes/pipeline.ts";
import { GraphDraft } from "../support/graphs.ts";

function relu() {
  const draft = new GraphDraft();
  const [input, output] = [draft.map("in", [1, 4]), draft.map("out", [1, 4])];
  draft.node({ kind: "relu", name: "relu", sources: [], inputs: [input], output });
  return draft.graph([input], [output]);
}

const pass = (run: Pass["run"]): Pass => ({ name: "liar", description: "", run });

describe("the pipeline", () => {
  it("names each pass once, in words", () => {
    expect(new Set(PASSES.map((p) => p.name)).size).toBe(PASSES.length);
    for (const { name, description } of PASSES) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(description.length).toBeGreaterThan(20);
    }
  });

  it("returns the same graph when no pass has anything to do", () => {
    const graph = relu();
    expect(runPasses(graph)).toBe(graph);
  });

  it("catches a pass that copies without a change", () => {
    const copy = pass((graph) => ({ ...graph }));
    expect(() => runPasses(relu(), undefined, [copy])).toThrow("pass liar made a new graph without a change");
  });

  it("catches a pass that changes in place", () => {
    const graph = relu();
    const nodes = [...graph.nodes];
    const vandal = pass((g) => {
      nodes.splice(0, 1, { kind: "relu6", name: "relu", sources: [0], inputs: [0], output: 1 });
      return g;
    });
    expect(() => runPasses({ ...graph, nodes }, undefined, [vandal])).toThrow(
      "pass liar changed the graph in place",
    );
  });

  it("catches a pass that changes a constant in place", () => {
    const draft = new GraphDraft();
    const [input, output, two] = [
      draft.map("in", [1, 1]),
      draft.map("out", [1, 1]),
      draft.floats("two", [1], [2]),
    ];
    draft.node({ kind: "mul", name: "mul", sources: [], inputs: [input, two], output, activation: "none" });
    const vandal = pass((g) => {
      const data = g.tensors.get(two)?.data;
      if (data instanceof Float32Array) data[0] = 3;
      return g;
    });
    expect(() => runPasses(draft.graph([input], [output]), undefined, [vandal])).toThrow(
      "changed the graph in place",
    );
  });

  it("catches a pass that breaks the graph, and shows good ones to the observer", () => {
    const broken = pass((graph) => ({ ...graph, outputs: [7] }));
    expect(() => runPasses(relu(), undefined, [broken])).toThrow("graph output 7 is never written");
    const seen: string[] = [];
    const renamed = pass((graph) => ({ ...graph, name: "other" }));
    runPasses(relu(), (p, graph) => seen.push(`${p.name} ${graph.name}`), [renamed]);
    expect(seen).toEqual(["liar other"]);
  });

  const models = new URL("../../../shared/models/", import.meta.url);
  it.runIf(existsSync(models))("leaves networks that need no pass as they are", () => {
    const graph = importModel(new URL("vww_96_int8/model.tflite", models).pathname);
    expect(runPasses(graph).nodes).toEqual(graph.nodes);
  });
});
