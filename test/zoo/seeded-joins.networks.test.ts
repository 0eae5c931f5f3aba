/** Seeded networks that join maps: SqueezeNet and MobileNet v2, run by the golden model. */
import { beforeAll, describe, expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { logitsOf } from "../../src/golden/logits.ts";
import { runGolden } from "../../src/golden/run.ts";
import type { GoldenResult } from "../../src/golden/run.ts";
import { buildNetwork } from "../../src/ir/builder.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { describeZoo, zoo } from "../../src/zoo/index.ts";
import { moveValues } from "../../src/zoo/seeded/move.ts";
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

describe.each([
  "squeezenet-1.0",
  "squeezenet-1.1",
  "squeezenet-1.0-simple-bypass-224",
  "squeezenet-1.0-complex-bypass-224",
  "mobilenet-v2-1.0-224",
  "squeezenet-1.1-base32-incr32-pct0.75-sr0.25-96",
])("%s", (name) => {
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
      expect(new Set(values).size, `${node.name} distinct values`).toBeGreaterThan(60);
    }
    const logits = logitsOf(result);
    expect(new Set(logits).size).toBeGreaterThan(60);
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

describe("what layers without weights make of the calibration pictures", () => {
  const b = buildNetwork("test", { height: 4, width: 3, channels: 1 });
  const [x, y] = [b.input, b.conv("other", b.input, 2, { kernel: 1 })];
  b.maxPool("pool", x, { kernel: 3, stride: 2 });
  b.concat("join", [x, y]);
  b.add("sum", x, x);
  const [, pool, join, sum] = b.finish().layers;
  const map = { scale: 0.5, zeroPoint: -128, steps: [Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)] };
  const kinds = { pool, join, sum } as const;
  const move = (name: keyof typeof kinds, ...inputs: (typeof map)[]) => {
    const layer = kinds[name]!;
    if (layer.kind === "conv" || layer.kind === "depthwise" || layer.kind === "activation")
      throw new Error("has weights");
    return moveValues(layer, inputs);
  };

  it("is the largest of the window, also where the last one leaves the map", () => {
    // 4 x 3 -> 2 x 1: rows 0 to 2, then rows 2 and 3
    expect(move("pool", map)).toEqual({ ...map, steps: [Int16Array.of(9, 12)] });
  });

  it("is the channels side by side", () => {
    const other = { ...map, steps: [Int16Array.from({ length: 24 }, (_, i) => 100 + i)] };
    expect([...move("join", map, other).steps[0]!.subarray(0, 6)]).toEqual([1, 100, 101, 2, 102, 103]);
    expect(() => move("join", map, { ...other, scale: 1 })).toThrow(/one scale/);
  });

  it("is the sum on a scale that holds it and 0", () => {
    const other = { ...map, scale: 0.25, zeroPoint: 3, steps: [map.steps[0]!.map((v) => -10 * v)] };
    const { scale, zeroPoint, steps } = move("sum", map, other);
    // 0.5 v - 2.5 v: -24 .. 0
    expect(scale).toBe(Math.fround(24 / 255));
    expect(zeroPoint).toBe(127);
    expect(steps[0]![11]).toBe(-255);
    expect(steps[0]![5]! * scale).toBeCloseTo(-12, 0);
  });
});
