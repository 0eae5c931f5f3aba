import { describe, expect, it } from "vitest";
import { withSplitTables } from "../../src/4-schedule/split-tables.ts";
import { Draft } from "../support/tflite-draft.ts";
import { OperatorCode } from "../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { runGolden } from "../../src/golden/run.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { integers } from "../golden/helpers.ts";

/** The operator of every value of 8 bits in each of the channels, and a constant. */
function network(
  code: number,
  constants: readonly number[],
  dtype: "int8" | "uint8",
  scales: readonly number[],
) {
  const [from = 1, to = 1, of = 1, zeroIn = 0, zeroOut = 0, zeroOf = 0] = scales;
  const channels = constants.length;
  const draft = new Draft(dtype);
  const x = draft.map("in", [1, 16, 16, channels], from, zeroIn);
  const y = draft.map("out", [1, 16, 16, channels], to, zeroOut);
  const constant = draft.constant("c", [1, 1, channels], constants, Draft.whole(of, zeroOf));
  draft.operator(code, [x, constant], y);
  const graph = lower(runPasses(draft.import([x], [y])));
  const values = Int8Array.from({ length: 256 * channels }, (_, i) => Math.floor(i / channels) - 128);
  return { graph, values };
}

const resultOf = (graph: IntGraph, values: Int8Array) => runGolden(graph, values).maps.get(graph.outputs[0]!);

describe("functions that differ from channel to channel", () => {
  it("are two products and their sum where they are slopes, for every value", () => {
    const draw = integers(3);
    for (const dtype of ["int8", "uint8"] as const)
      for (const [low, high, layers] of [
        [-128, 127, 3],
        [0, 127, 2],
        [-128, -1, 3],
      ] as const) {
        const shift = dtype === "uint8" ? 128 : 0;
        const zeroOf = draw(-3, 0) * Number(low < 0);
        const slopes = Array.from({ length: 24 }, () => draw(low, high) + shift);
        const zeros = [draw(-128, 127), draw(-60, 60), zeroOf].map((zero) => zero + shift);
        const scales = [draw(1, 99) / 100, draw(1, 99) / 100, draw(1, 99) / 3000, ...zeros];
        const { graph, values } = network(OperatorCode.PRELU, slopes, dtype, scales);
        expect(graph.nodes.map(({ kind }) => kind)).toEqual(["lookup"]);
        const split = withSplitTables(graph);
        const kinds = split.nodes.map(({ kind }) => kind);
        expect(kinds.filter((kind) => kind === "depthwise")).toHaveLength(layers);
        expect(kinds.filter((kind) => kind === "add")).toHaveLength(layers - 1);
        expect(resultOf(split, values)).toEqual(resultOf(graph, values));
      }
  });

  it.each([
    ["maximum", OperatorCode.MAXIMUM],
    ["minimum", OperatorCode.MINIMUM],
  ] as const)("are the %s of the map and constants where they are limits", (kind, code) => {
    const scales = [0.5, 0.5, 0.5, -7, -7, -7];
    const { graph, values } = network(code, [-128, -3, 0, 99, 127], "int8", scales);
    expect(graph.nodes).toMatchObject([{ kind: "lookup" }]);
    const split = withSplitTables(graph);
    expect(split.nodes.map((node) => node.kind)).toEqual([kind]);
    expect(resultOf(split, values)).toEqual(resultOf(graph, values));
  });

  it("stay where all channels have one", () => {
    const { graph } = network(OperatorCode.PRELU, [5, 5, 5], "int8", [0.5, 0.5, 0.01]);
    expect(withSplitTables(graph)).toBe(graph);
  });
});
