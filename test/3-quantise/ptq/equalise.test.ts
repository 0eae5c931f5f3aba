import { describe, expect, it } from "vitest";
import { runFloat } from "../../../src/3-quantise/float-run.ts";
import { equalised, equalisingFactors } from "../../../src/3-quantise/ptq/equalise.ts";
import { channelStatistics } from "../../../src/3-quantise/ptq/statistics.ts";
import { GraphDraft, plainWindow } from "../../support/graphs.ts";

const conv = { kind: "conv" as const, sources: [], groups: 1, ...plainWindow, kernel: [1, 1] as const };

/** x -> a (relu) -> pool -> concat with b -> c: channel 0 of a reaches a hundred times as far as channel 1. */
function network(concatRead: boolean) {
  const draft = new GraphDraft();
  const x = draft.map("x", [1, 2, 2, 1]);
  const a = draft.map("a", [1, 2, 2, 2]);
  const b = draft.map("b", [1, 1, 1, 1]);
  const p = draft.map("p", [1, 1, 1, 2]);
  const j = draft.map("j", [1, 1, 1, 3]);
  const y = draft.map("y", [1, 1, 1, 1]);
  const weights = draft.floats("wa", [2, 1, 1, 1], [1, 0.01]);
  const bias = draft.floats("ba", [2], [1, 0.01]);
  draft.node({ ...conv, name: "a", inputs: [x, weights, bias], output: a, activation: "relu" });
  draft.node({
    ...{ ...conv, name: "b", kernel: [2, 2] as const, activation: "relu" as const },
    ...{ inputs: [x, draft.floats("wb", [1, 2, 2, 1], [0.1, 0.2, 0.3, 0.4])], output: b },
  });
  draft.node({
    ...{ ...plainWindow, kind: "max-pool", name: "p", sources: [], inputs: [a], output: p },
    ...{ kernel: [2, 2], activation: "none", countPadding: false },
  });
  draft.node({
    kind: "concat",
    name: "j",
    sources: [],
    inputs: [p, b],
    output: j,
    axis: 3,
    activation: "none",
  });
  const wc = draft.floats("wc", [1, 1, 1, 3], [0.5, 0.5, 0.5]);
  draft.node({ ...conv, name: "c", inputs: [j, wc], output: y, activation: "none" });
  return { graph: draft.graph([x], concatRead ? [y, j] : [y]), ids: { a, b, p, j, y } };
}

const picture = Float32Array.of(10, 200, 30, 255);
const step = () => Promise.resolve();

describe("cross-layer equalisation", () => {
  it("widens the short channel through pool and concatenation and keeps what the network computes", async () => {
    const { graph, ids } = network(false);
    const factors = equalisingFactors(
      graph,
      await channelStatistics({ graph, zeroPoint: 0 }, [picture], new Set([0]), step),
    );
    const [wide, short] = factors.get(ids.a) ?? [];
    expect(short! / wide!).toBeGreaterThan(4);
    expect(Array.from(factors.get(ids.j) ?? [])).toEqual([wide, short, factors.get(ids.b)?.[0]]);
    expect(factors.get(ids.p)).toEqual(factors.get(ids.a));
    const [before, after] = [graph, equalised(graph, factors)].map((g) => runFloat(g, picture));
    expect(after!.get(ids.y)![0]).toBeCloseTo(before!.get(ids.y)![0]!, 3);
    expect(after!.get(ids.a)![1]).toBeCloseTo(before!.get(ids.a)![1]! * short!, 3);
  });

  it("leaves maps alone that something else than a layer sees", async () => {
    const { graph } = network(true);
    expect(
      equalisingFactors(
        graph,
        await channelStatistics({ graph, zeroPoint: 0 }, [picture], new Set([0]), step),
      ).size,
    ).toBe(0);
  });
});
