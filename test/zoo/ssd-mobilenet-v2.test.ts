import { expect, it } from "vitest";
import { countNetwork } from "../../src/ir/builder.ts";
import { describeZoo, listZoo } from "../../src/zoo/index.ts";

it("gives six maps: MobileNet's expansion of 19 x 19, its last, and four behind it", () => {
  const { outputs, layers } = describeZoo("ssd-mobilenet-v2-300");
  expect(outputs.map(({ height, width, channels }) => [height, width, channels])).toEqual([
    [19, 19, 576],
    [10, 10, 1280],
    [5, 5, 512],
    [3, 3, 256],
    [2, 2, 256],
    [1, 1, 128],
  ]);
  const names = outputs.map((map) => layers.find(({ output }) => output === map)?.name);
  expect(names).toEqual([
    "expanded_conv_13/expand",
    "Conv_1",
    ...["2_3x3_s2_512", "3_3x3_s2_256", "4_3x3_s2_256", "5_3x3_s2_128"].map((n) => `layer_19_2_Conv2d_${n}`),
  ]);
});

it("counts MobileNet v2 without its classes, and four pairs of convolutions", () => {
  const classes = 1280 * 1001 + 1001;
  const pairs = [
    [1280, 256, 512],
    [512, 128, 256],
    [256, 128, 256],
    [256, 64, 128],
  ].reduce((sum, [from = 0, half = 0, to = 0]) => sum + (from + 1) * half + (9 * half + 1) * to, 0);
  const { parameters } = countNetwork(describeZoo("ssd-mobilenet-v2-300"));
  expect(parameters).toBe(3_489_097 - classes + pairs);
  expect(parameters).toBe(4_494_112);
});

it("predicts 1917 boxes of 91 classes, as TensorFlow's network does, with 6.0 M parameters", () => {
  const network = describeZoo("ssd-mobilenet-v2-300-coco");
  const [boxes, classes] = [0, 1].map((which) =>
    network.outputs
      .filter((_, i) => i % 2 === which)
      .reduce((sum, { height, width, channels }) => sum + height * width * channels, 0),
  );
  expect([boxes, classes]).toEqual([1917 * 4, 1917 * 91]);
  expect(countNetwork(network)).toEqual({ parameters: 6_047_647, macs: 772_779_056 });
  const listed = listZoo().map(({ name, description }) => `${name}: ${description}`);
  expect(listed).toEqual(
    expect.arrayContaining([
      "ssd-mobilenet-v2-300: SSD-MobileNet v2, features, 300x300x3 to 6 maps",
      "mlperf-tiny-ad: Autoencoder, anomaly detection, 1x1x640 to 640 values",
    ]),
  );
});
