import { describe, expect, it } from "vitest";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { withSplitResizes } from "../../src/4-schedule/split-resizes.ts";
import { runGolden } from "../../src/golden/run.ts";
import type { Alignment } from "../../src/ir/linear.ts";
import { problemsOf } from "../support/problems.ts";
import { resized, type Sides, valuesOf } from "../support/resized.ts";

const types = ["int8", "uint8"] as const;

describe("a bilinear resize in the middle of a network", () => {
  it("comes to the same as weighted means woven together", () => {
    const cases: [Sides, Sides, Alignment, Sides][] = [
      [[5, 4], [10, 8], "half-pixel", [2, 2]],
      [[3, 5], [12, 20], "half-pixel", [4, 4]],
      [[3, 2], [24, 4], "half-pixel", [8, 2]],
      [[4, 3], [8, 12], "asymmetric", [2, 4]],
      [[3, 2], [48, 32], "asymmetric", [16, 16]],
      [[5, 3], [9, 9], "align-corners", [2, 4]],
      [[8, 6], [4, 3], "half-pixel", [1, 1]],
      [[8, 6], [4, 12], "half-pixel", [1, 2]],
      [[6, 8], [2, 2], "half-pixel", [1, 1]],
      [[8, 6], [4, 3], "asymmetric", [1, 1]],
      [[5, 2], [10, 32], "half-pixel", [2, 16]],
      [[1, 1], [2, 4], "half-pixel", [2, 4]],
    ];
    for (const dtype of types)
      for (const [from, to, alignment, phases] of cases) {
        const graph = resized(from, to, alignment, dtype);
        const split = withSplitResizes(graph);
        const values = valuesOf(graph, from[0] + 7 * to[1]);
        const weaves = split.nodes.flatMap((node) => (node.kind === "interleave" ? [node.factor] : []));
        expect([to, weaves]).toEqual([to, [phases]]);
        expect(runGolden(split, values).maps.get(1)).toEqual(runGolden(graph, values).maps.get(1));
      }
  });

  it("comes to the same where the graph rounds to the even integer, of thirds and fifths too", () => {
    const cases: [Sides, Sides, Alignment, Sides][] = [
      [[5, 4], [10, 8], "half-pixel", [2, 2]],
      [[4, 3], [12, 15], "half-pixel", [3, 5]],
      [[3, 4], [9, 16], "asymmetric", [3, 4]],
      [[4, 4], [8, 10], "align-corners", [7, 3]],
      [[6, 9], [4, 3], "half-pixel", [2, 1]],
    ];
    for (const dtype of types)
      for (const [from, to, alignment, phases] of cases) {
        const graph = resized(from, to, alignment, dtype, "float32");
        const split = withSplitResizes(graph);
        const values = valuesOf(graph, from[0] + 7 * to[1]);
        const weaves = split.nodes.flatMap((node) => (node.kind === "interleave" ? [node.factor] : []));
        expect([to, weaves]).toEqual([to, [phases]]);
        expect(runGolden(split, values).maps.get(1)).toEqual(runGolden(graph, values).maps.get(1));
      }
  });

  it("stays where the scale changes as it does in ONNX", () => {
    const graph = resized([5, 2], [10, 4], "half-pixel", "int8", "float32");
    const maps = new Map(graph.maps).set(0, { ...graph.maps.get(0)!, scale: 0.25 });
    expect(withSplitResizes({ ...graph, maps }).nodes).toEqual(graph.nodes);
    const options = { pk: 8, pc: 8, busBytes: 8, packed: false } as const;
    expect(problemsOf(() => schedule({ ...graph, maps }, options))).toMatchObject([
      { code: "no-hardware", found: "a bilinear resize that changes scale or zero point" },
    ]);
  });

  it("stays where the pixels lie at too many places", () => {
    for (const to of [
      [9, 8],
      [80, 32],
    ] as Sides[]) {
      const graph = resized([5, 2], to, "half-pixel");
      expect(withSplitResizes(graph).nodes).toEqual(graph.nodes);
    }
  });

  it("is refused there, and left to the host at the end", () => {
    const options = { pk: 8, pc: 8, busBytes: 8, packed: false } as const;
    const graph = resized([5, 2], [15, 6], "half-pixel");
    expect(problemsOf(() => schedule(graph, options))).toMatchObject([
      { code: "no-hardware", node: "resize", found: expect.stringContaining("bilinear resize") as string },
    ]);
    const [resize, copy] = graph.nodes;
    const last = { ...resize!, inputs: [1], output: 2 };
    const maps = new Map(graph.maps).set(1, { ...graph.maps.get(0)!, id: 1, name: "m1" });
    const swapped = { ...graph, maps, nodes: [{ ...copy!, inputs: [0], output: 1 }, last] };
    expect(schedule(swapped, options).hostNodes).toEqual([last]);
    // alone it leaves the accelerator nothing
    const alone = { ...graph, nodes: [{ ...resize!, output: 2 }] };
    expect(problemsOf(() => schedule(alone, options))).toMatchObject([
      { code: "no-hardware", found: expect.stringContaining("nothing to compute") as string },
    ]);
  });
});
