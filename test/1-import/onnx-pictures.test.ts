/** What networks from ONNX say of their pictures. */
import { expect, it } from "vitest";
import type { Graph } from "../../src/ir/graph.ts";
import { picturesIn } from "../../src/1-import/onnx/pictures.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";

type Step = readonly [operator: "Add" | "Div" | "Mul" | "Sub", values: readonly number[], first?: true];

/** A network that computes these steps, one constant or one a channel, in front of a convolution. */
function network(steps: readonly Step[], channels = 3, type: "float32" | "uint8" = "float32"): Graph {
  const draft = new OnnxDraft();
  let value = draft.input("x", [1, channels, 4, 4], type);
  if (type === "uint8") value = draft.node("Cast", [value], "float", { to: 1 });
  for (const [i, [operator, values, first]] of steps.entries()) {
    const shape = values.length === 1 ? [] : [1, channels, 1, 1];
    const constant = draft.constant(`c${i}`, shape, values);
    value = draft.node(operator, first ? [constant, value] : [value, constant], `v${i}`);
  }
  const ones = new Array<number>(channels).fill(1);
  draft.node("Conv", [value, draft.constant("w", [1, channels, 1, 1], ones)], "y");
  return draft.import(["y"]);
}

const pixels = { mean: [0], std: [1], channelOrder: "rgb" };
const shares = { mean: [0], std: [255], channelOrder: "rgb" };

it.each<[string, readonly Step[], object | undefined]>([
  [
    "[-1, 1]",
    [
      ["Div", [127.5]],
      ["Sub", [1]],
    ],
    pixels,
  ],
  ["[0, 1]", [["Mul", [1 / 255]]], pixels],
  ["ImageNet's mean", [["Sub", [123.7, 116.3, 103.5]]], pixels],
  ["ImageNet's mean, B, G, R", [["Sub", [103.9, 116.8, 123.7]]], { ...pixels, channelOrder: "bgr" }],
  [
    "a 255th and ImageNet's mean and scale",
    [
      ["Div", [255]],
      ["Sub", [0.485, 0.456, 0.406]],
      ["Div", [0.229, 0.224, 0.225]],
    ],
    pixels,
  ],
  [
    "ImageNet's mean and scale",
    [
      ["Sub", [0.485, 0.456, 0.406]],
      ["Div", [0.229, 0.224, 0.225]],
    ],
    shares,
  ],
  [
    "twice less one",
    [
      ["Mul", [2]],
      ["Add", [-1]],
    ],
    shares,
  ],
  ["what may stand for either", [["Mul", [2]]], undefined],
  ["what no picture needs", [["Add", [3]]], undefined],
  ["a constant less the input", [["Sub", [1], true]], undefined],
  ["nothing", [], undefined],
])("by computing %s in front", (_, steps, expected) => {
  expect(network(steps).preprocess).toEqual(expected);
});

it("by an input of bytes that become floats, grey or in colour", () => {
  expect(network([], 3, "uint8").preprocess).toEqual(pixels);
  expect(network([["Mul", [1 / 255]]], 1).preprocess).toEqual({
    ...pixels,
    channelOrder: "grey",
  });
  expect(network([["Mul", [1 / 255]]], 4).preprocess).toBeUndefined();
});

it("by ONNX's metadata of pictures", () => {
  const graph = network([]);
  const told = (entries: Readonly<Record<string, string>>) =>
    picturesIn(
      graph,
      { metadataProps: Object.entries(entries).map(([key, value]) => ({ key, value })) },
      false,
    );
  const [range, format] = ["Image.NominalPixelRange", "Image.BitmapPixelFormat"];
  expect(told({ [range]: "NominalRange_0_255", [format]: "Bgr8" })).toEqual({
    ...pixels,
    channelOrder: "bgr",
  });
  expect(told({ [range]: "Normalized_0_1", [format]: "Rgb8" })).toEqual(shares);
  expect(told({ [range]: "Normalized_1_1" })).toEqual({ mean: [127.5], std: [127.5], channelOrder: "rgb" });
  expect(told({ [range]: "NominalRange_16_235" })).toBeUndefined();
  expect(told({ [format]: "Bgr8" })).toBeUndefined();
});
