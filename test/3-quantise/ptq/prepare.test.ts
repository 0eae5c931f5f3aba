import { describe, expect, it } from "vitest";
import { runFloat } from "../../../src/3-quantise/float-run.ts";
import { prepare } from "../../../src/3-quantise/ptq/prepare.ts";
import { verifyGraph } from "../../../src/ir/verify.ts";
import { GraphDraft, noPadding, plainWindow } from "../../support/graphs.ts";

const input = Float32Array.from({ length: 18 }, (_, i) => ((i * 7) % 13) - 6);

/** A pool of a [1, 3, 3, 2] map, and batch normalisation behind it. */
function network(
  pool: { kernel: readonly [number, number]; top: number; countPadding: boolean },
  side: number,
) {
  const { kernel, top, countPadding } = pool;
  const draft = new GraphDraft();
  const x = draft.map("x", [1, 3, 3, 2]);
  const y = draft.map("y", [1, side, side, 2]);
  const z = draft.map("z", [1, side, side, 2]);
  draft.node({
    ...{ ...plainWindow, kind: "average-pool", name: "pool", sources: [], inputs: [x], output: y },
    ...{ kernel, padding: { ...noPadding, top, left: top }, activation: "none", countPadding },
  });
  const inputs = [y, draft.floats("s", [2], [2, -1]), draft.floats("o", [2], [0.5, 3])];
  draft.node({ kind: "batch-norm", name: "norm", sources: [], inputs, output: z });
  return { graph: draft.graph([x], [z]), z };
}

describe("preparing a graph for quantisation", () => {
  const cases = [
    { pool: { kernel: [3, 3], top: 0, countPadding: false }, side: 1, kinds: ["mean", "depthwise"] },
    {
      pool: { kernel: [2, 2], top: 1, countPadding: true },
      side: 3,
      kinds: ["pad", "average-pool", "depthwise"],
    },
    { pool: { kernel: [2, 2], top: 1, countPadding: false }, side: 3, kinds: ["average-pool", "depthwise"] },
    { pool: { kernel: [2, 2], top: 0, countPadding: true }, side: 2, kinds: ["average-pool", "depthwise"] },
  ] as const;

  for (const { pool, side, kinds } of cases) {
    it(`turns a ${pool.kernel.join("x")} pool padded by ${pool.top} into ${kinds.join(", ")}`, () => {
      const { graph, z } = network(pool, side);
      const prepared = prepare(graph);
      verifyGraph(prepared);
      expect(prepared.nodes.map((node) => node.kind)).toEqual(kinds);
      expect(
        prepared.nodes.some((node) => node.kind === "average-pool" && node.countPadding && pool.top > 0),
      ).toBe(false);
      expect(runFloat(prepared, input).get(z)).toEqual(runFloat(graph, input).get(z));
    });
  }

  it("turns the normalisation of a vector into a layer on it as a pixel", () => {
    const draft = new GraphDraft();
    const [x, z] = [draft.map("x", [1, 3]), draft.map("z", [1, 3])];
    const inputs = [x, draft.floats("s", [3], [2, -1, 4]), draft.floats("o", [3], [0.5, 3, 1])];
    draft.node({ kind: "batch-norm", name: "norm", sources: [], inputs, output: z });
    const prepared = prepare(draft.graph([x], [z]));
    verifyGraph(prepared);
    expect(prepared.nodes.map((node) => node.kind)).toEqual(["reshape", "depthwise", "reshape"]);
    expect(runFloat(prepared, Float32Array.of(1, 2, -3)).get(z)).toEqual(Float32Array.of(2.5, 1, -11));
  });
});
