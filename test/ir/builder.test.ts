import { expect, it } from "vitest";
import { buildNetwork, countNetwork } from "../../src/ir/builder.ts";

it("works out SAME shapes and padding, the odd row and column at bottom and right", () => {
  const b = buildNetwork("test", { height: 6, width: 5, channels: 2 });
  const x = b.conv("first", b.input, 4, { kernel: 3, stride: 2, activation: "relu" });
  expect([x.height, x.width, x.channels]).toEqual([3, 3, 4]);
  const y = b.depthwise("second", x, { kernel: 3, multiplier: 2 });
  b.softmax("end", b.globalAverage("pool", y));
  const network = b.finish();
  expect(
    network.layers.map((l) => [l.kind, l.name, l.output.height, l.output.width, l.output.channels]),
  ).toEqual([
    ["conv", "first", 3, 3, 4],
    ["depthwise", "second", 3, 3, 8],
    ["average-pool", "pool", 1, 1, 8],
    ["softmax", "end", 1, 1, 8],
  ]);
  const [first, second, pool] = network.layers;
  expect(first).toMatchObject({ padding: { top: 0, bottom: 1, left: 1, right: 1 }, activation: "relu" });
  expect(second).toMatchObject({ padding: { top: 1, bottom: 1, left: 1, right: 1 }, activation: "none" });
  expect(pool).toMatchObject({ kernel: [3, 3], padding: { top: 0, bottom: 0, left: 0, right: 0 } });
  expect(network.maps.map((map) => map.index)).toEqual([0, 1, 2, 3, 4]);
});

it("counts weights, biases and multiply-accumulates", () => {
  const b = buildNetwork("test", { height: 4, width: 4, channels: 3 });
  const x = b.conv("first", b.input, 5, { kernel: 3, stride: 2 });
  b.depthwise("second", x, { kernel: 3, multiplier: 2 });
  // first: 5 * 27 weights + 5 biases on 4 pixels; second: 10 * 9 + 10 on 4 pixels
  expect(countNetwork(b.finish())).toEqual({ parameters: 140 + 100, macs: 4 * 135 + 4 * 90 });
});
