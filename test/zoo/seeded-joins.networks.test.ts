/** Seeded networks that join maps: SqueezeNet and MobileNet v2, run by the golden model. */
import { describe, expect, it } from "vitest";
import { buildNetwork } from "../../src/ir/builder.ts";
import { moveValues } from "../../src/zoo/seeded/move.ts";
import { describeJoins } from "./seeded-joins.ts";

// With the papers' pictures of 224 x 224: seeded-joins.campaign.test.ts.
for (const name of [
  "squeezenet-1.0-64",
  "squeezenet-1.1-96",
  "squeezenet-1.0-simple-bypass-64",
  "squeezenet-1.0-complex-bypass-64",
  "mobilenet-v2-0.35-64",
  "squeezenet-1.1-base32-incr32-pct0.75-sr0.25-64",
])
  describeJoins(name, 60);

describe("what layers without weights make of the calibration pictures", () => {
  const b = buildNetwork("test", { height: 4, width: 3, channels: 1 });
  const [x, y] = [b.input, b.conv("other", b.input, 2, { kernel: 1 })];
  b.maxPool("pool", x, { kernel: 3, stride: 2 });
  b.concat("join", [x, y]);
  b.add("sum", x, x);
  const [, pool, join, sum] = b.finish().layers;
  const map = { scale: 0.5, zeroPoint: -128, steps: [Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)] };
  const kinds = { pool, join, sum } as const;
  const move = (name: keyof typeof kinds, ...inputs: (typeof map)[]) => {
    const layer = kinds[name]!;
    if (layer.kind === "conv" || layer.kind === "depthwise" || layer.kind === "activation")
      throw new Error("has weights");
    return moveValues(layer, inputs);
  };

  it("is the largest of the window, also where the last one leaves the map", () => {
    // 4 x 3 -> 2 x 1: rows 0 to 2, then rows 2 and 3
    expect(move("pool", map)).toEqual({ ...map, steps: [Int16Array.of(9, 12)] });
  });

  it("is the channels side by side", () => {
    const other = { ...map, steps: [Int16Array.from({ length: 24 }, (_, i) => 100 + i)] };
    expect([...move("join", map, other).steps[0]!.subarray(0, 6)]).toEqual([1, 100, 101, 2, 102, 103]);
    expect(() => move("join", map, { ...other, scale: 1 })).toThrow(
      "unsupported-quantization: join: found a concatenation of maps of scales 0.5 and 1, zero points -128 and -128",
    );
  });

  it("is the sum on a scale that holds it and 0", () => {
    const other = { ...map, scale: 0.25, zeroPoint: 3, steps: [map.steps[0]!.map((v) => -10 * v)] };
    const { scale, zeroPoint, steps } = move("sum", map, other);
    // 0.5 v - 2.5 v: -24 .. 0
    expect(scale).toBe(Math.fround(24 / 255));
    expect(zeroPoint).toBe(127);
    expect(steps[0]![11]).toBe(-255);
    expect(steps[0]![5]! * scale).toBeCloseTo(-12, 0);
  });
});
