import { expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { logitsOf, topK } from "../../src/golden/logits.ts";
import { runGolden } from "../../src/golden/run.ts";
import { buildNetwork, type Network } from "../../src/ir/builder.ts";
import { describeZoo, withSeededWeights } from "../../src/zoo/index.ts";
import { mobilenetV3 } from "../../src/zoo/mobilenet-v3.ts";
import { seededPicture } from "../../src/zoo/seeded/random.ts";

/** The network's integers on a picture that it was not calibrated on: values of a layer by name, and its scale. */
function runOf(network: Network, picture = 4711) {
  const graph = lower(runPasses(withSeededWeights(network)));
  const { height, width, channels } = network.input;
  const result = runGolden(graph, seededPicture(height, width, channels, picture));
  const mapOf = (id: number) => {
    const { scale, zeroPoint } = graph.maps.get(id)!;
    return { scale, values: Array.from(result.maps.get(id)!, (q) => scale * (q - zeroPoint)) };
  };
  return { graph, result, mapOf };
}

const small = mobilenetV3({ size: "small", alpha: 0.35, resolution: 64, classes: 10 });

it("spreads gates over 0 to 1 and the products over their range", () => {
  const { graph, mapOf } = runOf(small);
  const products = graph.nodes.filter(({ kind }) => kind === "mul");
  expect(products.length).toBe(9);
  for (const { name, inputs, output } of products) {
    const [map, gate] = inputs.map(mapOf);
    const product = mapOf(output);
    expect(Math.max(...gate!.values), name).toBeGreaterThan(0.9);
    expect(Math.min(...gate!.values), name).toBeLessThan(0.5);
    expect(gate!.values.filter((v) => v > 0.99).length / gate!.values.length, name).toBeLessThan(0.5);
    // within a step: TFLite rounds twice
    product.values.forEach((v, i) => {
      const exact = map!.values[i]! * gate!.values[i % gate!.values.length]!;
      const inRange = Math.min(Math.max(exact, v - product.scale), v + product.scale);
      const isCut = [-128, 127].includes(Math.round(v / product.scale) + graph.maps.get(output)!.zeroPoint);
      if (!isCut) expect(exact).toBe(inRange);
    });
    expect(new Set(product.values).size, name).toBeGreaterThan(60);
  }
});

it("cuts few values off behind hard-swish, gates, sums and fully connected layers", () => {
  const networks = [small, ...["ic", "kws", "ad"].map((task) => describeZoo(`mlperf-tiny-${task}`))];
  for (const network of networks) {
    const { graph, result } = runOf(network);
    for (const { kind, name, output } of graph.nodes) {
      const values = result.maps.get(output)!;
      // a gate of 1 is what hard-sigmoid makes of all above 3
      if (kind === "softmax" || name.endsWith("Conv_1/activation") || values.length < 100) continue;
      const share = (test: (x: number) => boolean) => values.filter(test).length / values.length;
      expect(
        share((x) => x === 127),
        `${network.name} ${name}`,
      ).toBeLessThan(0.1);
      expect(
        share((x) => x === -128),
        `${network.name} ${name}`,
      ).toBeLessThan(0.6);
      expect(new Set(values).size, `${network.name} ${name}`).toBeGreaterThan(25);
    }
  }
});

it("tells pictures apart", () => {
  for (const network of [small, describeZoo("mlperf-tiny-ic"), describeZoo("mlperf-tiny-kws")]) {
    const tops = [1, 2, 3, 4, 5, 6].map((picture) => {
      const { result } = runOf(network, picture);
      return topK(logitsOf(result), 1, undefined)[0]!.index;
    });
    expect(new Set(tops).size, network.name).toBeGreaterThan(1);
  }
});

it("stretches a row, a column and a channel, and clamps sums", () => {
  const b = buildNetwork("stretched", { height: 6, width: 5, channels: 4 });
  const x = b.conv("x", b.input, 7, { kernel: 3 });
  const row = b.conv("row", b.input, 7, { kernel: [6, 1], padding: "valid" });
  const column = b.conv("column", b.input, 1, { kernel: [1, 5], padding: "valid" });
  const sum = b.add("sum", x, row, { activation: "relu" });
  const product = b.multiply("product", sum, column);
  const network = b.finish({ outputs: [sum, product] });
  const { graph, mapOf } = runOf(network);
  expect(graph.outputs.length).toBe(2);
  const maps = new Map(graph.nodes.map(({ name, output }) => [name, mapOf(output)]));
  const at = (name: string, i: number): number => maps.get(name)!.values[i]!;
  for (const [name, exact] of [
    ["sum", (i: number) => Math.max(at("x", i) + at("row", i % 35), 0)],
    ["product", (i: number) => at("sum", i) * at("column", Math.floor(i / 35))],
  ] as const) {
    const { scale, values } = maps.get(name)!;
    const near = values.filter((v, i) => Math.abs(v - exact(i)) <= scale);
    // the rest is cut off at the range that the calibration pictures reached
    expect(near.length / values.length, name).toBeGreaterThan(0.9);
    expect(new Set(values).size, name).toBeGreaterThan(40);
  }
  expect(Math.min(...maps.get("sum")!.values)).toBe(0);
});

it("puts a kernel in place of the activation of a sum", () => {
  const { nodes } = withSeededWeights(describeZoo("mlperf-tiny-ic"), { activation: "hard-swish" });
  const behind = nodes.find(({ name }) => name === "stack_1/add/activation");
  expect(behind?.kind).toBe("kernel");
  expect(nodes.find(({ name }) => name === "stack_1/add")).toMatchObject({ activation: "none" });
});
