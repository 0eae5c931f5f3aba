import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { logitsOf, topK } from "../../src/golden/logits.ts";
import { runGolden } from "../../src/golden/run.ts";
import { buildNetwork, countNetwork } from "../../src/ir/builder.ts";
import { InputError } from "../../src/ir/errors.ts";
import type { Graph } from "../../src/ir/graph.ts";
import { describeZoo, isZooName, listZoo, zoo } from "../../src/zoo/index.ts";
import { mobilenetV1 } from "../../src/zoo/mobilenet-v1.ts";
import { seededGraph } from "../../src/zoo/seeded/graph.ts";
import { seededPicture } from "../../src/zoo/seeded/random.ts";

describe("MobileNet v1", () => {
  // Table 1 of the paper, layer by layer, for 1.0-224: pixels * kernel * inputs * outputs.
  const pointwise: readonly [pixels: number, inputs: number, outputs: number, times: number][] = [
    [112 * 112, 32, 64, 1],
    [56 * 56, 64, 128, 1],
    [56 * 56, 128, 128, 1],
    [28 * 28, 128, 256, 1],
    [28 * 28, 256, 256, 1],
    [14 * 14, 256, 512, 1],
    [14 * 14, 512, 512, 5],
    [7 * 7, 512, 1024, 1],
    [7 * 7, 1024, 1024, 1],
  ];
  /** Pixels are those of the output, so a block that halves the map counts its smaller one. */
  const byHand = pointwise.reduce((sum, [p, i, o, n]) => sum + n * p * (i * o + 9 * i), 0);

  it("has the paper's 569 M MACs and 4.2 M parameters at 1.0-224", () => {
    const { macs, parameters } = countNetwork(mobilenetV1({ alpha: 1, resolution: 224 }));
    expect(macs).toBe(byHand + 112 * 112 * 27 * 32 + 1024 * 1001);
    expect(macs).toBe(568_741_376);
    expect(parameters).toBe(4_222_057);
  });

  it.each([
    // tables 6 and 7 of the paper: MACs and parameters in millions, to the digits printed there
    { alpha: 1, resolution: 224, paper: [569, 4.2] },
    { alpha: 0.75, resolution: 224, paper: [325, 2.6] },
    { alpha: 0.5, resolution: 224, paper: [149, 1.3] },
    { alpha: 0.25, resolution: 224, paper: [41, 0.5] },
    { alpha: 1, resolution: 192, paper: [418, 4.2] },
    { alpha: 1, resolution: 160, paper: [290, 4.2] },
    { alpha: 1, resolution: 128, paper: [186, 4.2] },
    { alpha: 0.5, resolution: 160, paper: [76, 1.32] },
  ])("agrees with the paper at $alpha-$resolution", ({ alpha, resolution, paper }) => {
    const { macs, parameters } = countNetwork(mobilenetV1({ alpha, resolution, classes: 1000 }));
    expect(Math.abs(macs / 1e6 - paper[0]!)).toBeLessThan(1);
    expect(Math.abs(parameters / 1e6 - paper[1]!)).toBeLessThan(0.05);
  });

  it("counts 0.5-160 exactly", () => {
    expect(countNetwork(describeZoo("mobilenet-v1-0.5-160"))).toEqual({
      parameters: 1_326_633,
      macs: 76_525_312,
    });
  });

  it("takes other channels, widths and classes", () => {
    const network = mobilenetV1({ alpha: 0.1, resolution: 33, channels: 1, classes: 3 });
    expect(network.layers[0]).toMatchObject({ input: { channels: 1 }, output: { height: 17, channels: 8 } });
    expect(network.maps.at(-1)).toMatchObject({ height: 1, width: 1, channels: 3 });
  });
});

describe("names", () => {
  it("lists networks that exist, with counts", () => {
    const list = listZoo();
    expect(list.length).toBe(8 + 16 + 20 + 10 + 1 + 4 + 2 + 3);
    expect(list.find(({ name }) => name === "mobilenet-v1-1.0-224")).toEqual({
      name: "mobilenet-v1-1.0-224",
      description: "MobileNet v1, 224x224x3 to 1001 classes",
      parameters: 4_222_057,
      macs: 568_741_376,
      source: "arXiv 1704.04861, seeded weights",
    });
    for (const { name } of list) expect(describeZoo(name).name).toBe(name);
  });

  it("writes one network's name in several ways", () => {
    for (const name of ["mobilenet-v1-0.5-160", "mobilenet-v1-0.50-160", "mobilenet-v1-.5-160"]) {
      expect(describeZoo(name).name).toBe("mobilenet-v1-0.5-160");
    }
    expect(describeZoo("mobilenet-v1-1-96").name).toBe("mobilenet-v1-1.0-96");
    expect(isZooName("mobilenet-v1-0.35-96")).toBe(true);
  });

  it("refuses what it does not know and names the nearest", () => {
    for (const name of ["mobilenet-v1-0-224", "mobilenet-v1-1.0-8", "mobilenet-v1-3-224", "mobilenet-v1"]) {
      expect(isZooName(name)).toBe(false);
    }
    for (const [slip, meant] of [
      ["mobilenet-v1-1.0-244", "mobilenet-v1-1.0-224"],
      ["mobilenet-v1-0.57-224", "mobilenet-v1-0.5-224"],
      ["mobilenet-v2-1.0-242", "mobilenet-v2-1.0-224"],
      ["mobilenet-v2-0.53-160", "mobilenet-v2-0.5-160"],
    ] as const)
      expect(() => zoo(slip)).toThrow(`did you mean ${meant}`);
    expect(() => zoo("mobilnet-v1-0.5-161")).toThrow(InputError);
    expect(() => zoo("mobilnet-v1-0.5-161")).toThrow(
      /unknown-network: mobilnet-v1-0.5-161: .*did you mean mobilenet-v1-0.5-160,/,
    );
  });
});

function digest(graph: Graph): string {
  const hash = createHash("sha256");
  for (const { name, shape, quantization, data } of graph.tensors.values()) {
    hash.update(JSON.stringify([name, shape, quantization]));
    if (data) hash.update(new Uint8Array(data.buffer));
  }
  return hash.digest("hex");
}

describe("seeded weights", () => {
  const small = mobilenetV1({ alpha: 0.25, resolution: 64, classes: 10 });

  it("are the same for the same seed on every machine, and others for another seed", () => {
    expect(digest(seededGraph(small, 1))).toBe(
      "fb03ef1d4f6aa0cd9f3f8fcd4dcb7f5369600f057912e04513fdea5df578d8b4",
    );
    expect(digest(seededGraph(small, 2))).not.toBe(digest(seededGraph(small, 1)));
  });

  it.each(["mobilenet-v1-0.25-128", "mobilenet-v1-0.5-96", "mobilenet-v1-0.75-32"])(
    "spread every map of %s over the int8 range, on a picture that they were not calibrated on",
    (name) => {
      const graph = lower(runPasses(zoo(name)));
      const input = graph.maps.get(graph.input)!;
      const result = runGolden(graph, seededPicture(input.height, input.width, input.channels, 4711));
      for (const node of graph.nodes) {
        if (node.kind !== "conv" && node.kind !== "depthwise") continue;
        const values = result.maps.get(node.output)!;
        const share = (test: (x: number) => boolean) => values.filter(test).length / values.length;
        const isLogits = node.output === graph.logits;
        expect(
          share((x) => x === 127),
          `${node.name} saturated`,
        ).toBeLessThan(0.05);
        expect(
          share((x) => x === -128),
          `${node.name} cut off`,
        ).toBeLessThan(isLogits ? 0.02 : 0.7);
        expect(new Set(values).size, `${node.name} distinct values`).toBeGreaterThan(90);
      }
      const best = topK(logitsOf(result), 2, undefined);
      expect(best[0]!.score).toBeGreaterThan(30);
    },
  );

  it("serve other networks: grey input, a first depthwise layer with multiplier 8, odd sizes", () => {
    const b = buildNetwork("grey", { height: 33, width: 20, channels: 1 });
    const x = b.depthwise("first", b.input, { kernel: 3, stride: 2, multiplier: 8, activation: "relu6" });
    const y = b.conv("second", x, 7, { kernel: 3, stride: 2, activation: "relu" });
    b.softmax("end", b.conv("logits", b.globalAverage("pool", y), 5, { kernel: 1 }));
    const graph = lower(runPasses(seededGraph(b.finish(), 9)));
    const result = runGolden(graph, seededPicture(33, 20, 1, 4711));
    for (const node of graph.nodes.slice(0, 2)) {
      const values = result.maps.get(node.output)!;
      expect(new Set(values).size, node.name).toBeGreaterThan(40);
      expect(values.filter((v) => v === 127).length / values.length, node.name).toBeLessThan(0.1);
    }
    expect(logitsOf(result).length).toBe(5);
  });

  it("give different pictures different classes", () => {
    const graph = lower(seededGraph(small, 3));
    const tops = [1, 2, 3, 4, 5, 6].map((seed) => {
      const result = runGolden(graph, seededPicture(64, 64, 3, seed));
      return topK(logitsOf(result), 1, undefined)[0]!.index;
    });
    expect(new Set(tops).size).toBeGreaterThan(2);
  });

  it("keep every count through lowering", () => {
    const name = "mobilenet-v1-0.25-64";
    const { macs, parameters, logits, maps } = lower(runPasses(zoo(name)));
    expect({ macs, parameters }).toEqual(countNetwork(describeZoo(name)));
    expect(maps.get(logits)).toMatchObject({ channels: 1001 });
  });
});
