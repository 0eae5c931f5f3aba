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

it("works out padding in numbers, and pools that round up", () => {
  const b = buildNetwork("test", { height: 7, width: 8, channels: 2 });
  const pool = (options: Parameters<typeof b.maxPool>[2]) => {
    const { height, width } = b.maxPool("pool", b.input, options);
    const layer = b.finish().layers.at(-1);
    return [height, width, layer?.kind === "max-pool" ? Object.values(layer.padding) : []];
  };
  // padding in the order top, left, bottom, right
  expect(pool({ kernel: 3, stride: 2 })).toEqual([3, 4, [0, 0, 0, 1]]);
  expect(pool({ kernel: 3, stride: 2, rounding: "floor" })).toEqual([3, 3, [0, 0, 0, 0]]);
  expect(pool({ kernel: 3, stride: 1, padding: 1 })).toEqual([7, 8, [1, 1, 1, 1]]);
  // the fifth window of the rows, and of the columns, would begin behind the map
  expect(pool({ kernel: 2, stride: 2, padding: 1 })).toEqual([4, 5, [1, 1, 0, 1]]);
  expect(pool({ kernel: 1, stride: 3 })).toEqual([3, 3, [0, 0, 0, 0]]);
  const c = b.conv("conv", b.input, 4, { kernel: 3, stride: 2, padding: 1 });
  expect([c.height, c.width]).toEqual([4, 4]);
  const d = b.conv("conv", b.input, 4, { kernel: 5, stride: 2, padding: "valid" });
  expect([d.height, d.width]).toEqual([2, 2]);
  expect(() => b.conv("conv", b.input, 4, { kernel: 9, padding: "valid" })).toThrow(/window of 9/);
});

it("joins maps, and refuses maps that do not fit", () => {
  const b = buildNetwork("test", { height: 4, width: 4, channels: 3 });
  const x = b.conv("x", b.input, 5, { kernel: 1 });
  const half = b.maxPool("half", x, { kernel: 2, stride: 2 });
  expect(b.concat("joined", [b.input, x])).toMatchObject({ height: 4, width: 4, channels: 8 });
  expect(b.add("sum", x, x)).toMatchObject({ height: 4, width: 4, channels: 5 });
  expect(() => b.concat("joined", [x, half])).toThrow(/one height and width/);
  expect(() => b.add("sum", x, b.input)).toThrow(/one shape/);
  expect(() => b.conv("grouped", x, 4, { kernel: 1, groups: 2 })).toThrow(/groups/);
});

it("counts one group's channels as depth", () => {
  const b = buildNetwork("test", { height: 4, width: 4, channels: 8 });
  b.conv("grouped", b.input, 6, { kernel: 3, groups: 2 });
  expect(countNetwork(b.finish())).toEqual({ parameters: 6 * (9 * 4 + 1), macs: 16 * 6 * 9 * 4 });
});
