import { describe, expect, it } from "vitest";
import { countNetwork } from "../../src/ir/builder.ts";
import { describeZoo, isZooName, zoo } from "../../src/zoo/index.ts";
import { mobilenetV3 } from "../../src/zoo/mobilenet-v3.ts";
import { normalisedChannels } from "./folded.ts";

const isPlain = (name: string): boolean => /squeeze_excite|Conv_2|Logits/.test(name);

describe("MobileNet v3", () => {
  it.each([
    // Keras, model.summary(): all parameters, and those that training leaves alone: mean and deviation
    { size: "small", total: 2_554_968, untrained: 12_112 },
    { size: "large", total: 5_507_432, untrained: 24_400 },
  ] as const)(
    "has Keras's parameters: $size, $total with batch normalisation",
    ({ size, total, untrained }) => {
      const network = mobilenetV3({ size, alpha: 1, resolution: 224, classes: 1000 });
      const channels = normalisedChannels(network, isPlain);
      expect(channels).toBe(untrained / 2);
      // scale, offset, mean and deviation of a channel become one bias
      expect(countNetwork(network).parameters).toBe(total - 3 * channels);
    },
  );

  it.each([
    // table 3 of the paper; TF-slim's table of checkpoints for the minimalistic ones: M MACs and M parameters
    { name: "mobilenet-v3-large-1.0-224", paper: [219, 5.4] },
    { name: "mobilenet-v3-large-0.75-224", paper: [155, 4.0] },
    { name: "mobilenet-v3-small-1.0-224", paper: [56, 2.5] },
    { name: "mobilenet-v3-small-0.75-224", paper: [44, 2.0] },
    { name: "mobilenet-v3-large-minimalistic-1.0-224", paper: [209, 3.9] },
  ])("agrees with the paper: $name", ({ name, paper }) => {
    const { macs, parameters } = countNetwork(describeZoo(name));
    expect(Math.abs(macs / 1e6 / paper[0]! - 1)).toBeLessThan(0.015);
    expect(Math.abs(parameters / 1e6 - paper[1]!)).toBeLessThan(0.08);
  });

  it("counts the published networks exactly", () => {
    expect(countNetwork(describeZoo("mobilenet-v3-large-1.0-224"))).toEqual({
      parameters: 5_472_113,
      macs: 216_591_040,
    });
    expect(countNetwork(describeZoo("mobilenet-v3-small-1.0-224"))).toEqual({
      parameters: 2_537_825,
      macs: 56_511_424,
    });
  });

  it("has the small network's expansions, gates and windows of table 2", () => {
    const { layers } = mobilenetV3({ size: "small", alpha: 1, resolution: 224 });
    const depthwise = layers.flatMap((layer) => (layer.kind === "depthwise" ? [layer] : []));
    expect(depthwise.map(({ kernel, input, stride }) => [kernel[0], input.channels, stride[0]])).toEqual([
      ...[
        [3, 16, 2],
        [3, 72, 2],
        [3, 88, 1],
        [5, 96, 2],
        [5, 240, 1],
        [5, 240, 1],
      ],
      ...[
        [5, 120, 1],
        [5, 144, 1],
        [5, 288, 2],
        [5, 576, 1],
        [5, 576, 1],
      ],
    ]);
    const gated = layers.flatMap((layer) => (layer.kind === "multiply" ? [layer.inputs[1].channels] : []));
    expect(gated).toEqual([16, 96, 240, 240, 120, 144, 288, 576, 576]);
    const count = (kernel: string) =>
      layers.filter((layer) => layer.kind === "activation" && layer.kernel === kernel).length;
    // the first layer, two in each of eight blocks, and the last two
    expect([count("hard-swish"), count("hard-sigmoid")]).toEqual([1 + 2 * 8 + 2, 9]);
    const squeezed = layers.find(({ name }) => name === "expanded_conv_10/squeeze_excite/Conv");
    expect(squeezed).toMatchObject({ output: { height: 1, width: 1, channels: 144 } });
  });

  it("leaves gates, hard-swish and windows of 5 x 5 out of the minimalistic networks", () => {
    const { layers } = mobilenetV3({ size: "large", alpha: 1, resolution: 224, minimalistic: true });
    expect(new Set(layers.map(({ kind }) => kind))).toEqual(
      new Set(["conv", "depthwise", "add", "average-pool", "softmax"]),
    );
    const sides = layers.flatMap((layer) => (layer.kind === "depthwise" ? layer.kernel : []));
    expect(new Set(sides)).toEqual(new Set([3]));
    expect(layers.filter(({ kind }) => kind === "add").length).toBe(10);
  });

  it("is found by size, alpha and resolution", () => {
    expect(describeZoo("mobilenet-v3-small-1-96").name).toBe("mobilenet-v3-small-1.0-96");
    expect(isZooName("mobilenet-v3-large-minimalistic-.5-64")).toBe(true);
    for (const name of ["mobilenet-v3-1.0-224", "mobilenet-v3-small", "mobilenet-v3-small-1.0-8"])
      expect(isZooName(name)).toBe(false);
    expect(() => zoo("mobilenet-v3-smal-1.0-224")).toThrow("did you mean mobilenet-v3-small-1.0-224");
    expect(() => zoo("mobilenet-v3-large-minimal-1.0-224")).toThrow(
      "did you mean mobilenet-v3-large-minimalistic-1.0-224",
    );
  });
});
