import { describe, expect, it } from "vitest";
import { buildNetwork, countLayer, countNetwork } from "../../src/ir/builder.ts";
import { describeZoo, listZoo, withSeededWeights } from "../../src/zoo/index.ts";

/** Tables 8 and 9 of the MobileNet paper: millions of multiply-accumulates and of parameters. */
const PAPER = {
  "mobilenet-v1-1.0-224": [569, 4.2],
  googlenet: [1550, 6.8],
  "vgg-16": [15_300, 138],
  "mobilenet-v1-0.5-160": [76, 1.32],
  "squeezenet-1.0": [1700, 1.25],
  alexnet: [720, 60],
} as const;

function counts(name: keyof typeof PAPER) {
  const { macs, parameters } = countNetwork(describeZoo(name));
  return { macs, parameters, paper: { macs: PAPER[name][0] * 1e6, parameters: PAPER[name][1] * 1e6 } };
}

/** Found / printed. */
const ratio = (found: number, printed: number): number => found / printed;

describe("tables 8 and 9 of the MobileNet paper", () => {
  it("agree with AlexNet in two groups: 60,965,224 parameters, 724,406,816 multiply-accumulates", () => {
    const { macs, parameters, paper } = counts("alexnet");
    expect([parameters, macs]).toEqual([60_965_224, 724_406_816]);
    expect(ratio(macs, paper.macs)).toBeCloseTo(1, 1);
    // Of table 2 of the SqueezeNet paper, 240 MB: 60 million float32
    expect((4 * parameters) / 1e6).toBeCloseTo(243.9, 1);
  });

  it("count VGG-16's convolutions without its fully connected layers, but the parameters of both", () => {
    const { macs, parameters, paper } = counts("vgg-16");
    expect([parameters, macs]).toEqual([138_357_544, 15_470_264_320]);
    const dense = describeZoo("vgg-16").layers.filter(({ name }) => name.startsWith("fc"));
    const denseMacs = dense.reduce((sum, layer) => sum + countLayer(layer).macs, 0);
    expect(denseMacs).toBe(123_633_664);
    expect(Math.floor((macs - denseMacs) / 1e8)).toBe(paper.macs / 1e8);
    expect(Math.floor(parameters / 1e6)).toBe(138);
  });

  it("count GoogLeNet's weights in units of 1024 * 1000, and 2 % fewer products than it has", () => {
    const { macs, parameters, paper } = counts("googlenet");
    expect([parameters, macs]).toEqual([6_998_552, 1_582_671_872]);
    const biases = describeZoo("googlenet").layers.reduce(
      (sum, layer) => sum + (layer.kind === "conv" ? layer.output.channels : 0),
      0,
    );
    expect((parameters - biases) / 1024 / 1000).toBeCloseTo(6.83, 2);
    expect(ratio(macs, paper.macs)).toBeCloseTo(1.021, 3);
  });

  it("count SqueezeNet's multiplications and additions as two", () => {
    const { macs, parameters, paper } = counts("squeezenet-1.0");
    expect((2 * macs) / 1e9).toBeCloseTo(1.665, 3);
    expect(ratio(2 * macs, paper.macs)).toBeCloseTo(0.98, 2);
    expect(parameters / 1e6).toBeCloseTo(paper.parameters / 1e6, 2);
  });

  it("agree with MobileNet v1", () => {
    for (const name of ["mobilenet-v1-1.0-224", "mobilenet-v1-0.5-160"] as const) {
      const { macs, parameters, paper } = counts(name);
      expect(Math.abs(ratio(macs, paper.macs) - 1)).toBeLessThan(0.007);
      expect(Math.abs(ratio(parameters, paper.parameters) - 1)).toBeLessThan(0.007);
    }
  });
});

it("follows GoogLeNet's maps and channels", () => {
  const { layers } = describeZoo("googlenet");
  const outputs = layers.filter(({ kind }) => kind === "concat").map(({ output }) => output);
  expect(outputs.map(({ height, channels }) => [height, channels])).toEqual([
    ...[28, 28].map((side, i) => [side, [256, 480][i]]),
    ...[512, 512, 512, 528, 832].map((channels) => [14, channels]),
    ...[832, 1024].map((channels) => [7, channels]),
  ]);
});

it("lists these networks, and makes weights for layers in groups", () => {
  const listed = listZoo().map(({ name }) => name);
  expect(listed).toEqual(expect.arrayContaining(["alexnet", "vgg-16", "googlenet"]));
  const b = buildNetwork("groups", { height: 5, width: 5, channels: 4 });
  b.conv("two", b.input, 6, { kernel: 3, groups: 2, activation: "relu" });
  const { nodes, tensors } = withSeededWeights(b.finish());
  expect(nodes[0]).toMatchObject({ kind: "conv", groups: 2 });
  expect(tensors.get(nodes[0]!.inputs[1]!)!.shape).toEqual([6, 3, 3, 2]);
});
