/** ADD, SUB and MAXIMUM of a map and a constant, value by value as TFLite's kernels. */
import { describe, expect, it } from "vitest";
import { OperatorCode, OptionsType } from "../../src/1-import/tflite/schema.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { scheduleSmall } from "../../src/4-schedule/small/schedule.ts";
import { item } from "../../src/ir/known.ts";
import { memoryMap } from "../../src/report/memory-map.ts";
import { phaseTraffic } from "../../src/report/traffic.ts";
import { clamp, everyInt8, lowered, run } from "../support/lowered.ts";
import { codesOf } from "../support/problems.ts";
import { byte, Draft } from "../support/tflite-draft.ts";

describe("a constant operand", () => {
  /** TFLite's MultiplyByQuantizedMultiplier in whole numbers: two roundings, halves away from zero. */
  const times = (value: number, real: number): number => {
    const exponent = Math.floor(Math.log2(real)) + 1;
    const multiplier = BigInt(Math.round(real * 2 ** (31 - exponent)));
    const product = BigInt(value) * multiplier;
    const high = (product + (1n << 30n)) >> 31n;
    const step = 2 ** -exponent;
    return Math.sign(Number(high)) * Math.floor(Math.abs(Number(high)) / step + 0.5);
  };
  const sum = (
    a: number,
    b: number,
    scales: readonly [number, number, number],
    sign: 1 | -1,
    float: boolean,
  ) => {
    const round = float ? Math.fround : (x: number) => x;
    const twice = 2 * Math.max(scales[0], scales[1]);
    const [x, y] = [
      times(a * 2 ** 20, round(scales[0] / twice)),
      times(b * 2 ** 20, round(scales[1] / twice)),
    ];
    return times(x + sign * y, round(twice / (2 ** 20 * scales[2])));
  };
  const scale = (x: number) => Math.fround(x);
  const [input, constant, output] = [scale(0.05), scale(0.01), scale(0.06)];

  /** The network of one operator over 16x16 pixels that hold every value, in each of `channels`. */
  function operated(
    code: number,
    constants: readonly number[],
    mapFirst = true,
    scales: readonly [number, number] = [input, output],
  ) {
    const draft = new Draft();
    const channels = constants.length === 1 ? 2 : constants.length;
    const x = draft.map("in", [1, 16, 16, channels], scales[0], -128);
    const k = draft.constant("k", [constants.length], constants, Draft.whole(constant, 5));
    const y = draft.map("out", [1, 16, 16, channels], scales[1], code === OperatorCode.MAXIMUM ? -128 : -20);
    const options =
      { [OperatorCode.ADD]: OptionsType.AddOptions, [OperatorCode.SUB]: OptionsType.SubOptions }[code] ?? 0;
    draft.operator(code, mapFirst ? [x, k] : [k, x], y, options, options === 0 ? [] : [byte(0, 0)]);
    const graph = lowered(draft, x, y);
    const results = run(
      graph,
      everyInt8.flatMap((value) => Array<number>(channels).fill(value)),
    );
    return { kind: graph.nodes[0]?.kind, results, channels };
  }

  it.each([
    ["ADD of a value", OperatorCode.ADD, [100], true],
    ["ADD of a value a channel", OperatorCode.ADD, [100, -128, 5], true],
    ["SUB of a value", OperatorCode.SUB, [77], true],
    ["SUB of a value a channel", OperatorCode.SUB, [77, -90, 0, 127], true],
    ["SUB from a value", OperatorCode.SUB, [-77], false],
  ] as const)("%s gives TFLite's integers in a depthwise layer", (_, code, constants, mapFirst) => {
    const { kind, results, channels } = operated(code, constants, mapFirst);
    expect(kind).toBe("depthwise");
    const expected = everyInt8.flatMap((value) =>
      Array.from({ length: channels }, (__, c) => {
        const k = (constants[c % constants.length] ?? 0) - 5;
        const float = code === OperatorCode.SUB;
        const scales = mapFirst ? ([input, constant, output] as const) : ([constant, input, output] as const);
        const [a, b] = mapFirst ? [value + 128, k] : [k, value + 128];
        return clamp(sum(a, b, scales, float ? -1 : 1, float) - 20);
      }),
    );
    expect(results).toEqual(expected);
  });

  it("SUB divides scales in float32", () => {
    // in double three results would be others
    const scales = [scale(0.062), constant, scale(0.08)] as const;
    const { results } = operated(OperatorCode.SUB, [-7], true, [scales[0], scales[2]]);
    const expected = everyInt8.map((value) => clamp(sum(value + 128, -12, scales, -1, true) - 20));
    expect(results.filter((_, i) => i % 2 === 0)).toEqual(expected);
  });

  it("MAXIMUM of a value is a layer's limit, of a value a channel a table", () => {
    const [one, each] = [
      operated(OperatorCode.MAXIMUM, [7], true, [input, input]),
      operated(OperatorCode.MAXIMUM, [7, -9], true, [input, input]),
    ];
    expect([one.kind, each.kind]).toEqual(["depthwise", "lookup"]);
    expect(one.results).toEqual(everyInt8.flatMap((x) => [Math.max(x, 7), Math.max(x, 7)]));
    expect(each.results).toEqual(everyInt8.flatMap((x) => [Math.max(x, 7), Math.max(x, -9)]));
  });

  /** 4 x 3 pixels of 2 channels and constants, stretched along the axes of size 1. */
  function paired(code: number, shape: readonly number[], mapFirst: boolean, zeroPoint = -20) {
    const draft = new Draft();
    const size = shape.reduce((product, n) => product * n, 1);
    const constants = Array.from({ length: size }, (_, i) => ((i * 53) % 256) - 128);
    const x = draft.map("in", [1, 4, 3, 2], input, -7);
    const k = draft.constant("k", shape, constants, Draft.whole(constant, 5));
    const y = draft.map("out", [1, 4, 3, 2], output, zeroPoint);
    const options = {
      [OperatorCode.ADD]: OptionsType.AddOptions,
      [OperatorCode.SUB]: OptionsType.SubOptions,
      [OperatorCode.MUL]: OptionsType.MulOptions,
    }[code];
    draft.operator(code, mapFirst ? [x, k] : [k, x], y, options ?? 0, options ? [byte(0, 0)] : []);
    const graph = lowered(draft, x, y);
    const values = Array.from({ length: 24 }, (_, i) => ((i * 91 + 17) % 256) - 128);
    const [, rows = 1, columns = 1, channels = 1] = [1, 1, 1, ...shape].slice(-4);
    const pairs = values.map((value, i): readonly [number, number] => {
      const [row, column, channel] = [Math.floor(i / 6) % rows, Math.floor(i / 2) % columns, i % channels];
      return [value, constants[(row * columns + column) * channels + channel] ?? NaN];
    });
    return { kind: graph.nodes[0]?.kind, results: run(graph, values), pairs, graph };
  }

  const shapes = [
    [1, 4, 3, 2],
    [4, 3, 2],
    [1, 1, 3, 2],
    [1, 4, 1, 2],
    [1, 4, 3, 1],
    [1, 1, 3, 1],
  ].flatMap((shape) => [[shape, true] as const, [shape, false] as const]);

  it.each(shapes)("of shape %j, map first %j, is a second map of an ADD", (shape, mapFirst) => {
    const { kind, pairs, results } = paired(OperatorCode.ADD, shape, mapFirst);
    expect(kind).toBe("add");
    expect(results).toEqual(
      pairs.map(([a, b]) => clamp(sum(a + 7, b - 5, [input, constant, output], 1, false) - 20)),
    );
  });

  it.each(shapes)("of shape %j, map first %j, is a second map of a SUB", (shape, mapFirst) => {
    const { kind, pairs, results } = paired(OperatorCode.SUB, shape, mapFirst);
    expect(kind).toBe("sub");
    const expected = pairs.map(([a, b]) =>
      mapFirst
        ? sum(a + 7, b - 5, [input, constant, output], -1, true)
        : sum(b - 5, a + 7, [constant, input, output], -1, true),
    );
    expect(results).toEqual(expected.map((value) => clamp(value - 20)));
  });

  it.each(shapes)("of shape %j, map first %j, is a second map of a MUL", (shape, mapFirst) => {
    const { kind, pairs, results } = paired(OperatorCode.MUL, shape, mapFirst);
    expect(kind).toBe("mul");
    const factor = Math.fround(Math.fround(input * constant) / output);
    expect(results).toEqual(pairs.map(([a, b]) => clamp(times((a + 7) * (b - 5), factor) - 20)));
  });

  it("of a value a pixel is compared by itself", () => {
    const { kind, pairs, results } = paired(OperatorCode.MINIMUM, [1, 4, 3, 2], true, -7);
    expect(kind).toBe("minimum");
    expect(results).toEqual(pairs.map(([a, b]) => Math.min(a, b)));
  });

  it("of a value a pixel lies in the model region, as a row where it is one, and is read as weights are", () => {
    const planOf = (shape: readonly number[]) =>
      schedule(paired(OperatorCode.ADD, shape, true).graph, { pk: 8, pc: 8, busBytes: 16 });
    const plan = planOf([1, 4, 3, 2]);
    const [{ place } = { place: undefined }] = plan.constants;
    expect(place).toMatchObject({ region: "model", rows: 4, width: 3, channels: 2 });
    expect(plan.blocks[0]?.residual?.place).toEqual(place);
    expect(memoryMap(plan).find(({ name }) => name === "k")).toMatchObject({
      offset: place?.offset,
      from: 0,
    });
    expect(phaseTraffic(plan, item(plan.blocks, 0), 0)).toMatchObject({
      image: 4 * 32,
      maps: 0,
      results: 4 * 32,
    });
    const row = planOf([1, 1, 3, 2]);
    expect(row.constants[0]?.place.rows).toBe(1);
    expect(row.blocks[0]?.residual?.place).toMatchObject({ rows: 4, rowPitch: 0 });
    const column = planOf([1, 4, 3, 1]);
    expect(column.constants[0]?.map.values.subarray(0, 4)).toEqual(Int8Array.of(-128, -128, -75, -75));
  });

  it("of a value a pixel is refused on the small engine", () => {
    const { graph } = paired(OperatorCode.ADD, [1, 4, 3, 2], true);
    expect(codesOf(() => scheduleSmall(graph, "icebreaker"))).toContain("no-hardware");
  });
});
