/** Seeded networks that join maps, SqueezeNet and MobileNet v2, run by the golden model: tests of one network. */
import { beforeAll, describe, expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { logitsOf } from "../../src/golden/logits.ts";
import { runGolden } from "../../src/golden/run.ts";
import type { GoldenResult } from "../../src/golden/run.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { describeZoo, zoo } from "../../src/zoo/index.ts";
import { seededPicture } from "../../src/zoo/seeded/random.ts";

function run(name: string) {
  const graph = lower(runPasses(zoo(name)));
  const input = graph.maps.get(graph.input)!;
  // No picture that the scales were calibrated on.
  return { graph, result: runGolden(graph, seededPicture(input.height, input.width, input.channels, 4711)) };
}

const scaleOf = (graph: IntGraph, map: number) => {
  const { scale, zeroPoint } = graph.maps.get(map)!;
  return { scale, zeroPoint };
};

/** `distinct`: values that every map has at least. */
export function describeJoins(name: string, distinct: number): void {
  describe(name, () => {
    let graph: IntGraph;
    let result: GoldenResult;
    beforeAll(() => {
      ({ graph, result } = run(name));
    });

    it("fills every map: neither zeros nor saturated", () => {
      for (const node of graph.nodes) {
        if (node.kind === "softmax") continue;
        const values = result.maps.get(node.output)!;
        const share = (test: (x: number) => boolean) => values.filter(test).length / values.length;
        expect(
          share((x) => x === 127),
          `${node.name} saturated`,
        ).toBeLessThan(0.12);
        expect(
          share((x) => x === -128),
          `${node.name} cut off`,
        ).toBeLessThan(0.7);
        expect(new Set(values).size, `${node.name} distinct values`).toBeGreaterThan(distinct);
      }
      const logits = logitsOf(result);
      expect(new Set(logits).size).toBeGreaterThan(distinct);
    });

    it("needs no rescale in front of a concatenation, and pools keep the scale", () => {
      for (const node of graph.nodes) {
        if (node.kind === "concat") expect(node.rescale.every((factor) => factor === null)).toBe(true);
        if (node.kind !== "concat" && node.kind !== "max-pool" && node.kind !== "average-pool") continue;
        for (const id of node.inputs) expect(scaleOf(graph, id)).toEqual(scaleOf(graph, node.output));
      }
    });

    it("has the graph that its description says", () => {
      const network = describeZoo(name);
      expect(graph.nodes.map((node) => node.name)).toEqual(network.layers.map((layer) => layer.name));
      for (const [i, node] of graph.nodes.entries()) {
        const { height, width, channels } = network.layers[i]!.output;
        expect(graph.maps.get(node.output)).toMatchObject({ height, width, channels });
      }
    });
  });
}
