import { describe, expect, it } from "vitest";
import { countNetwork } from "../../src/ir/builder.ts";
import { describeZoo, isZooName } from "../../src/zoo/index.ts";
import { mobilenetV2 } from "../../src/zoo/mobilenet-v2.ts";

describe("MobileNet v2", () => {
  it("has the counts of TensorFlow's mobilenet_v2_1.0_224: 3,489,097 parameters, 300,775,552 MACs", () => {
    expect(countNetwork(describeZoo("mobilenet-v2-1.0-224"))).toEqual({
      parameters: 3_489_097,
      macs: 300_775_552,
    });
  });

  it.each([
    // table 4 of the paper for 1.0, TF-slim's table of checkpoints for the others: M MACs and M parameters
    { alpha: 1, resolution: 224, paper: [300, 3.47] },
    { alpha: 1, resolution: 96, paper: [56, 3.47] },
    { alpha: 0.75, resolution: 224, paper: [209, 2.61] },
    { alpha: 0.5, resolution: 224, paper: [97, 1.95] },
    { alpha: 0.35, resolution: 224, paper: [59, 1.66] },
  ])("agrees with TF-slim at $alpha-$resolution", ({ alpha, resolution, paper }) => {
    const { macs, parameters } = countNetwork(mobilenetV2({ alpha, resolution }));
    expect(Math.abs(macs / 1e6 - paper[0]!)).toBeLessThan(1);
    expect(Math.abs(parameters / 1e6 - paper[1]!)).toBeLessThan(0.03);
  });

  it("adds where stride is 1 and channels are equal: ten times", () => {
    const adds = mobilenetV2({ alpha: 1, resolution: 224 }).layers.filter(({ kind }) => kind === "add");
    expect(adds.map(({ name, output }) => [name, output.height, output.channels])).toEqual([
      ["expanded_conv_2/add", 56, 24],
      ["expanded_conv_4/add", 28, 32],
      ["expanded_conv_5/add", 28, 32],
      ["expanded_conv_7/add", 14, 64],
      ["expanded_conv_8/add", 14, 64],
      ["expanded_conv_9/add", 14, 64],
      ["expanded_conv_11/add", 14, 96],
      ["expanded_conv_12/add", 14, 96],
      ["expanded_conv_14/add", 7, 160],
      ["expanded_conv_15/add", 7, 160],
    ]);
  });

  it("is found by alpha and resolution", () => {
    expect(describeZoo("mobilenet-v2-1-96").name).toBe("mobilenet-v2-1.0-96");
    for (const name of ["mobilenet-v2-0-224", "mobilenet-v2-1.0-8", "mobilenet-v2"])
      expect(isZooName(name)).toBe(false);
  });
});
