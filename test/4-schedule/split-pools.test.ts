import { expect, it } from "vitest";
import { withSplitPools } from "../../src/4-schedule/split-pools.ts";
import { runGolden } from "../../src/golden/run.ts";
import type { IntGraph, IntPool } from "../../src/ir/integer.ts";
import { integers, intGraph, intMap, nodeBase } from "../golden/helpers.ts";

const array = { pk: 4, pc: 4, busBytes: 8 } as const;

/** A max pool of a map of `side` x `side` with padding of half of its window. */
function graphOf(kernel: readonly [number, number], stride: number, side: number): IntGraph {
  const [top, left] = [kernel[0] >> 1, kernel[1] >> 1];
  const outputs = (k: number) => Math.floor((side + 2 * (k >> 1) - k) / stride) + 1;
  const node: IntPool = {
    ...{ ...nodeBase, kind: "max-pool", kernel, stride: [stride, stride], min: -20, max: 100 },
    padding: { top, left, bottom: top, right: left },
  };
  return intGraph(
    [
      intMap({ id: 0, height: side, width: side, channels: 3 }),
      intMap({ id: 1, height: outputs(kernel[0]), width: outputs(kernel[1]), channels: 3 }),
    ],
    [node],
  );
}

const kernelsOf = (graph: IntGraph) =>
  graph.nodes.map((node) => [node.name, ...(node.kind === "max-pool" ? node.kernel : [])]);

it("makes two of a pool, columns first, whose results are the same", () => {
  for (const [kernel, stride] of [
    [[5, 3], 1],
    [[3, 3], 1],
    [[9, 9], 2],
  ] as const) {
    const graph = graphOf(kernel, stride, 12);
    const split = withSplitPools(graph, array);
    expect(kernelsOf(split)).toEqual([
      ["node/columns", kernel[0], 1],
      ["node", 1, kernel[1]],
    ]);
    const draw = integers(7);
    const image = Int8Array.from({ length: 12 * 12 * 3 }, () => draw(-128, 127));
    expect(runGolden(split, image).maps.get(1)).toEqual(runGolden(graph, image).maps.get(1));
  }
});

it("leaves a pool that takes no fewer cycles: behind the array, without overlap, of one row", () => {
  for (const [kernel, stride] of [
    [[2, 2], 2],
    [[3, 3], 2],
    [[3, 3], 3],
    [[1, 5], 1],
  ] as const) {
    const graph = graphOf(kernel, stride, 12);
    expect(kernelsOf(withSplitPools(graph, array))).toEqual([["node", ...kernel]]);
  }
});

it("leaves a pool whose rows fit no line buffer", () => {
  const graph = graphOf([3, 3], 1, 3000);
  expect(kernelsOf(withSplitPools(graph, array))).toEqual([["node", 3, 3]]);
});
