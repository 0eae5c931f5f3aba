import { describe, expect, it } from "vitest";
import { runGolden } from "../../src/golden/run.ts";
import type { IntGraph, IntNode } from "../../src/ir/integer.ts";
import { withSplitRepeats } from "../../src/4-schedule/split-repeats.ts";
import { intGraph, intMap } from "../golden/helpers.ts";

/** A map of 1 x 2 pixels repeated. */
function repeated(factor: readonly [number, number]): IntGraph {
  const input = intMap({ id: 0, height: 1, width: 2, channels: 3 });
  const output = intMap({ id: 1, height: factor[0], width: 2 * factor[1], channels: 3 });
  const node: IntNode = { kind: "repeat", name: "r", sources: [], inputs: [0], output: 1, macs: 0, factor };
  return intGraph([input, output], [node]);
}

const factorsOf = ({ nodes }: IntGraph) =>
  nodes.flatMap((node) => (node.kind === "repeat" ? [node.factor.join(" x ")] : []));

describe("repeated pixels", () => {
  it("of more than 16 copies are repeated by the factors of columns and rows, each of 16 or prime", () => {
    const split = (rows: number, columns: number) => {
      const graph = repeated([rows, columns]);
      return factorsOf(withSplitRepeats(graph, graph.nodes));
    };
    expect(split(33, 33)).toEqual(["1 x 11", "1 x 3", "11 x 1", "3 x 1"]);
    expect(split(1, 289)).toEqual(["1 x 17", "1 x 17"]);
    expect(split(8, 4)).toEqual(["1 x 4", "8 x 1"]);
    expect(split(4, 4)).toEqual(["4 x 4"]);
    expect(split(17, 1)).toEqual(["17 x 1"]);
    expect(split(32, 1)).toEqual(["16 x 1", "2 x 1"]);
  });

  it("have the same values, and nodes and maps of their own names", () => {
    const graph = repeated([12, 34]);
    const split = withSplitRepeats(graph, graph.nodes);
    expect(factorsOf(split)).toEqual(["1 x 2", "1 x 17", "12 x 1"]);
    const names = [...split.nodes, ...split.maps.values()].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const values = Int8Array.of(1, -2, 3, 40, 50, -60);
    expect(runGolden(split, values).maps.get(1)).toEqual(runGolden(graph, values).maps.get(1));
  });

  it("of the host stay", () => {
    const graph = repeated([12, 34]);
    expect(withSplitRepeats(graph, [])).toBe(graph);
  });
});
