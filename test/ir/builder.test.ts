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
    const { height, width } = b.maxPool(JSON.stringify(options), b.input, options);
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
  const d = b.conv("inside", b.input, 4, { kernel: 5, stride: 2, padding: "valid" });
  expect([d.height, d.width]).toEqual([2, 2]);
  expect(() => b.conv("large", b.input, 4, { kernel: 9, padding: "valid" })).toThrow(/window of 9/);
  expect(() => b.conv("conv", b.input, 4, { kernel: 1 })).toThrow(
    "conv: another layer has that name already",
  );
});

it("joins maps, and refuses maps that do not fit", () => {
  const b = buildNetwork("test", { height: 4, width: 4, channels: 3 });
  const x = b.conv("x", b.input, 5, { kernel: 1 });
  const half = b.maxPool("half", x, { kernel: 2, stride: 2 });
  expect(b.concat("joined", [b.input, x])).toMatchObject({ height: 4, width: 4, channels: 8 });
  expect(b.add("sum", x, x)).toMatchObject({ height: 4, width: 4, channels: 5 });
  expect(() => b.concat("joined", [x, half])).toThrow(/one height and width/);
  expect(() => b.add("sum", x, b.input)).toThrow("sum: [4, 4, 3] cannot be stretched to [4, 4, 5]");
  expect(() => b.conv("grouped", x, 4, { kernel: 1, groups: 2 })).toThrow(/groups/);
});

it("counts one group's channels as depth", () => {
  const b = buildNetwork("test", { height: 4, width: 4, channels: 8 });
  b.conv("grouped", b.input, 6, { kernel: 3, groups: 2 });
  expect(countNetwork(b.finish())).toEqual({ parameters: 6 * (9 * 4 + 1), macs: 16 * 6 * 9 * 4 });
});

it("places windows of unlike sides, with padding of each side", () => {
  const b = buildNetwork("test", { height: 49, width: 10, channels: 1 });
  const x = b.conv("same", b.input, 64, { kernel: [10, 4], stride: 2 });
  expect([x.height, x.width]).toEqual([25, 5]);
  expect(countNetwork(b.finish())).toEqual({ parameters: 64 * 41, macs: 125 * 64 * 40 });
  expect(b.finish().layers[0]).toMatchObject({
    kernel: [10, 4],
    stride: [2, 2],
    padding: { top: 4, left: 1, bottom: 5, right: 1 },
  });
  const padding = { top: 3, left: 0, bottom: 1, right: 2 };
  const y = b.depthwise("given", x, { kernel: [5, 3], stride: [2, 1], padding });
  expect([y.height, y.width]).toEqual([13, 5]);
  const z = b.maxPool("up", y, { kernel: [3, 2], stride: [3, 2], padding });
  // 13 + 4 rows hold five windows and two rows of a sixth; the fourth of 5 + 2 columns would begin behind the map
  expect([z.height, z.width]).toEqual([6, 3]);
  expect(b.finish().layers[2]).toMatchObject({ padding: { top: 3, left: 0, bottom: 2, right: 1 } });
  expect(() => b.conv("wide", z, 1, { kernel: [1, 9], padding: "valid" })).toThrow(
    "a window of 1 x 9 fits a map of 6 x 3",
  );
  expect(() => b.conv("none", z, 1, { kernel: [2, 0] })).toThrow(
    "a window of 2 x 0, stride 1: whole numbers",
  );
  const wrong = { ...padding, left: -1 };
  expect(() => b.conv("padded", z, 1, { kernel: 1, padding: wrong })).toThrow("a padding of 3, -1, 1, 2:");
});

it("multiplies a map by a gate, with an activation, and makes fully connected layers", () => {
  const b = buildNetwork("test", { height: 4, width: 6, channels: 8 });
  const gate = b.dense("gate", b.input, 8, { activation: "hard-sigmoid" });
  const x = b.multiply("product", b.input, gate, { activation: "relu6" });
  expect(x).toMatchObject({ height: 4, width: 6, channels: 8 });
  expect(() => b.multiply("turned", gate, b.input)).toThrow("[4, 6, 8] cannot be stretched to [1, 1, 8]");
  b.add("sum", x, b.input, { activation: "relu-0-to-1" });
  const { layers } = b.finish();
  expect(layers.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    "conv gate",
    "activation gate/activation",
    "multiply product",
    "add sum",
  ]);
  expect(layers[0]).toMatchObject({ kernel: [4, 6], output: { height: 1, width: 1 } });
  expect(layers.slice(2)).toMatchObject([{ activation: "relu6" }, { activation: "relu-0-to-1" }]);
});

it("gives what its last layer makes, or the maps that it is told", () => {
  const b = buildNetwork("test", { height: 4, width: 4, channels: 3 });
  expect(() => b.finish()).toThrow("test: a network has a layer and an output");
  const x = b.conv("first", b.input, 4, { kernel: 1 });
  const y = b.conv("second", x, 5, { kernel: 1 });
  expect(b.finish().outputs).toEqual([y]);
  expect(b.finish({ outputs: [y, x] }).outputs).toEqual([y, x]);
  expect(() => b.finish({ outputs: [b.input] })).toThrow(
    "outputs are maps that a layer of this network makes",
  );
});

it("refuses a map of more values than any network has", () => {
  const size = { height: 6, width: 2147483647, channels: 4 };
  expect(() => buildNetwork("huge", size)).toThrow("a map of 6 x 2147483647 x 4: 51539607528 values");
});

it("refuses a layer of more weights than any network has", () => {
  const b = buildNetwork("huge", { height: 4, width: 4, channels: 8 });
  const options = { kernel: 2147483647, padding: "same" } as const;
  expect(() => b.conv("wide", b.input, 12, options)).toThrow(
    "wide: 442721857356712400000 weights and biases, more than 268435456",
  );
  expect(() => b.depthwise("deep", b.input, options)).toThrow(/deep: \d+ weights and biases, more than/);
});
