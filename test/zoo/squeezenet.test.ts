import { describe, expect, it } from "vitest";
import { countLayer, countNetwork } from "../../src/ir/builder.ts";
import type { Network } from "../../src/ir/builder.ts";
import { describeZoo, isZooName } from "../../src/zoo/index.ts";
import { fireFilters, squeezenet, squeezenetName } from "../../src/zoo/squeezenet.ts";
import { parseSqueezenetName } from "../../src/zoo/squeezenet-names.ts";

/** Parameters of the layers whose names begin so. */
function parametersOf(network: Network, prefix: string): number {
  const layers = network.layers.filter(({ name }) => name === prefix || name.startsWith(`${prefix}/`));
  return layers.reduce((sum, layer) => sum + countLayer(layer).parameters, 0);
}

/** Side and channels of the last map that the layers of that prefix make. */
function outputOf(network: Network, prefix: string): [number, number, number] {
  const layer = network.layers.findLast(({ name }) => name === prefix || name.startsWith(`${prefix}/`))!;
  return [layer.output.height, layer.output.width, layer.output.channels];
}

/** float32, in the units that the paper calls MB: 2^20 bytes. */
const mebibytes = (parameters: number): number => (4 * parameters) / 2 ** 20;

describe("table 1 of the paper", () => {
  const network = squeezenet({ version: "1.0" });

  it.each([
    // name, output size, s1x1, e1x1, e3x3, parameters before pruning; the paper prints 13x12 for maxpool8
    { name: "conv1", size: 111, depth: 96, filters: [], parameters: 14_208 },
    { name: "maxpool1", size: 55, depth: 96, filters: [], parameters: 0 },
    { name: "fire2", size: 55, depth: 128, filters: [16, 64, 64], parameters: 11_920 },
    { name: "fire3", size: 55, depth: 128, filters: [16, 64, 64], parameters: 12_432 },
    { name: "fire4", size: 55, depth: 256, filters: [32, 128, 128], parameters: 45_344 },
    { name: "maxpool4", size: 27, depth: 256, filters: [], parameters: 0 },
    { name: "fire5", size: 27, depth: 256, filters: [32, 128, 128], parameters: 49_440 },
    { name: "fire6", size: 27, depth: 384, filters: [48, 192, 192], parameters: 104_880 },
    { name: "fire7", size: 27, depth: 384, filters: [48, 192, 192], parameters: 111_024 },
    { name: "fire8", size: 27, depth: 512, filters: [64, 256, 256], parameters: 188_992 },
    { name: "maxpool8", size: 13, depth: 512, filters: [], parameters: 0 },
    { name: "fire9", size: 13, depth: 512, filters: [64, 256, 256], parameters: 197_184 },
    { name: "conv10", size: 13, depth: 1000, filters: [], parameters: 513_000 },
    { name: "avgpool10", size: 1, depth: 1000, filters: [], parameters: 0 },
  ])("$name", ({ name, size, depth, filters, parameters }) => {
    expect(outputOf(network, name)).toEqual([size, size, depth]);
    expect(parametersOf(network, name)).toBe(parameters);
    const convolutions = network.layers.filter((l) => l.kind === "conv" && l.name.startsWith(`${name}/`));
    expect(convolutions.map((layer) => layer.output.channels)).toEqual(filters);
  });

  it("has 1,248,424 parameters in all, and 832,667,936 multiply-accumulates at 227", () => {
    expect(countNetwork(network)).toEqual({ parameters: 1_248_424, macs: 832_667_936 });
  });

  it("has 109x109 behind conv1 at 224 pixels, and the same maps from the second pool on", () => {
    const at224 = squeezenet({ version: "1.0", resolution: 224 });
    expect(["conv1", "maxpool1", "maxpool4", "maxpool8"].map((name) => outputOf(at224, name)[0])).toEqual([
      109, 54, 27, 13,
    ]);
    // 54 to 27: the last window reaches one row and column beyond the map
    const pool = at224.layers.find(({ name }) => name === "maxpool4");
    expect(pool).toMatchObject({ padding: { top: 0, left: 0, bottom: 1, right: 1 } });
    expect(countNetwork(at224)).toEqual({ parameters: 1_248_424, macs: 818_924_576 });
  });
});

describe("table 3 of the paper", () => {
  it("gives 4.8 MB without and with the simple bypass, which adds at fire3, 5, 7 and 9", () => {
    const plain = squeezenet({ version: "1.0" });
    const simple = squeezenet({ version: "1.0", bypass: "simple" });
    expect(mebibytes(countNetwork(plain).parameters).toFixed(1)).toBe("4.8");
    expect(countNetwork(simple)).toEqual(countNetwork(plain));
    const adds = simple.layers.flatMap((layer) => (layer.kind === "add" ? [layer] : []));
    expect(adds.map(({ name }) => name)).toEqual(["fire3/add", "fire5/add", "fire7/add", "fire9/add"]);
    expect(adds.map((add) => add.output.channels)).toEqual([128, 256, 384, 512]);
    // fire5 is behind a pool: the bypass begins there, not before the pool
    const pool = simple.layers.find(({ name }) => name === "maxpool4");
    expect(adds[1]?.inputs[0]).toBe(pool?.output);
  });

  it("gives 6.1 MB with four 1x1 convolutions in the complex bypass: the 7.7 MB of the paper do not follow", () => {
    const complex = squeezenet({ version: "1.0", bypass: "complex" });
    const bypasses = complex.layers.filter(({ name }) => name.endsWith("/bypass"));
    expect(bypasses.map((layer) => [layer.name, countLayer(layer).parameters])).toEqual([
      ["fire2/bypass", 96 * 128 + 128],
      ["fire4/bypass", 128 * 256 + 256],
      ["fire6/bypass", 256 * 384 + 384],
      ["fire8/bypass", 384 * 512 + 512],
    ]);
    expect(countNetwork(complex).parameters).toBe(1_248_424 + 341_248);
    expect(mebibytes(1_589_672).toFixed(1)).toBe("6.1");
    expect(complex.layers.filter(({ kind }) => kind === "add").length).toBe(8);
  });
});

describe("section 5 of the paper", () => {
  it("grows from 4.8 MB to 19 MB as the squeeze ratio goes from 0.125 to 0.75", () => {
    const size = (squeezeRatio: number) =>
      mebibytes(countNetwork(squeezenet({ version: "1.0", squeezeRatio })).parameters);
    expect(size(0.125)).toBeCloseTo(4.76, 2);
    expect(size(0.25)).toBeCloseTo(7.5, 2);
    expect(size(0.5)).toBeCloseTo(12.99, 2);
    expect(size(0.75)).toBeCloseTo(18.47, 2);
    expect(size(1)).toBeCloseTo(23.95, 2);
  });

  it("has 8 weights less in each expand filter that is 1x1 instead of 3x3", () => {
    const count = (share3x3: number) =>
      countNetwork(squeezenet({ version: "1.0", squeezeRatio: 0.5, share3x3 })).parameters;
    // sum over fire2 to fire9 of e * SR e * 8
    const all = [128, 128, 256, 256, 384, 384, 512, 512].reduce((sum, e) => sum + e * (e / 2) * 8, 0);
    for (const share3x3 of [0.125, 0.25, 0.5, 0.75]) {
      expect(count(share3x3) - count(0)).toBe(all * share3x3);
    }
    expect(mebibytes(count(0.5))).toBeCloseTo(12.99, 2);
  });
});

describe("SqueezeNet's function", () => {
  it("follows e = base + incr * floor(i / freq) and rounds shares of filters", () => {
    const options = { version: "1.0", baseExpand: 100, expandIncrement: 10, frequency: 3 } as const;
    expect(
      [0, 2, 3, 7].map((i) => fireFilters({ ...options, share3x3: 0.25, squeezeRatio: 0.1 }, i)),
    ).toEqual([
      { squeeze: 10, expand1x1: 75, expand3x3: 25 },
      { squeeze: 10, expand1x1: 75, expand3x3: 25 },
      { squeeze: 11, expand1x1: 82, expand3x3: 28 },
      { squeeze: 12, expand1x1: 90, expand3x3: 30 },
    ]);
  });

  it("leaves out an expand layer without filters, and the concatenation with it", () => {
    for (const [share3x3, kernel] of [
      [0, 1],
      [1, 3],
    ] as const) {
      const network = squeezenet({ version: "1.1", share3x3, resolution: 64 });
      expect(network.layers.some(({ kind }) => kind === "concat")).toBe(false);
      const fire2 = network.layers.filter(({ name }) => name.startsWith("fire2/"));
      expect(fire2.map(({ name }) => name)).toEqual(["fire2/squeeze1x1", `fire2/expand${kernel}x${kernel}`]);
    }
  });

  it("makes version 1.1: 1,235,496 parameters, pools behind conv1, fire3 and fire5", () => {
    const network = describeZoo("squeezenet-1.1");
    expect(countNetwork(network)).toEqual({ parameters: 1_235_496, macs: 349_151_936 });
    const pools = network.layers.filter(({ kind }) => kind === "max-pool");
    expect(pools.map(({ name, output }) => [name, output.height])).toEqual([
      ["maxpool1", 55],
      ["maxpool3", 27],
      ["maxpool5", 13],
    ]);
  });
});

describe("SqueezeNet's names", () => {
  it("say what differs from the defaults", () => {
    for (const [name, canonical] of [
      ["squeezenet-1.0-227", "squeezenet-1.0"],
      ["squeezenet-1.1-224", "squeezenet-1.1"],
      ["squeezenet-1.1-227", "squeezenet-1.1-227"],
      [
        "squeezenet-1.0-complex-bypass-sr.250-pct0.75-224",
        "squeezenet-1.0-complex-bypass-pct0.75-sr0.25-224",
      ],
      ["squeezenet-1.1-freq4-incr64-base64", "squeezenet-1.1-base64-incr64-freq4"],
      ["squeezenet-1.0-sr0.125", "squeezenet-1.0"],
    ] as const) {
      expect(describeZoo(name).name).toBe(canonical);
      expect(squeezenetName(parseSqueezenetName(canonical)!)).toBe(canonical);
    }
    expect(parseSqueezenetName("squeezenet-1.0-simple-bypass-sr0.5-64")).toEqual({
      ...{ version: "1.0", bypass: "simple", squeezeRatio: 0.5, resolution: 64 },
    });
  });

  it("refuse numbers that make no network", () => {
    for (const name of [
      ...["squeezenet", "squeezenet-1.2", "squeezenet-1.0-8", "squeezenet-1.0-5000", "squeezenet-1.0-bypass"],
      ...["squeezenet-1.0-sr0", "squeezenet-1.0-pct1.5", "squeezenet-1.0-freq1.5", "squeezenet-1.0-freq0"],
      ...["squeezenet-1.0-sr0.5-sr0.25", "squeezenet-1.0-sr", "squeezenet-1.0-simple-complex-bypass"],
    ]) {
      expect(isZooName(name), name).toBe(false);
    }
  });
});
