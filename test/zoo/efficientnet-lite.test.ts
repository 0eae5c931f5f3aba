import { expect, it } from "vitest";
import { countNetwork } from "../../src/ir/builder.ts";
import { describeZoo, zoo } from "../../src/zoo/index.ts";
import { normalisedChannels } from "./folded.ts";

it("has EfficientNet-lite0's parameters: 4,652,008 with batch normalisation", () => {
  const network = describeZoo("efficientnet-lite0-224");
  const { macs, parameters } = countNetwork(network);
  expect([parameters, macs]).toEqual([4_631_000, 385_187_552]);
  // PyTorch counts a scale and an offset of every channel; one of the two is left as a bias
  const channels = normalisedChannels(network, (name) => name === "logits");
  expect(parameters + channels).toBe(4_652_008);
});

it("follows table 1 of the EfficientNet paper", () => {
  const { layers } = describeZoo("efficientnet-lite0-224");
  const depthwise = layers.flatMap((layer) => (layer.kind === "depthwise" ? [layer] : []));
  expect(depthwise.length).toBe(16);
  expect(depthwise.filter(({ kernel }) => kernel[0] === 5).map(({ input }) => input.channels)).toEqual([
    144, 240, 480, 672, 672, 672, 1152, 1152, 1152,
  ]);
  expect(layers.filter(({ kind }) => kind === "add").length).toBe(9);
  const head = layers.find(({ name }) => name === "head");
  expect(head).toMatchObject({ input: { height: 7, channels: 320 }, output: { channels: 1280 } });
  expect(() => zoo("efficientnet-lite1-224")).toThrow("did you mean efficientnet-lite0-224");
});
