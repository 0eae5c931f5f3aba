/** ADD, SUB and MAXIMUM of a map and a constant, value by value as TFLite's kernels. */
import { describe, expect, it } from "vitest";
import { OperatorCode, OptionsType } from "../../src/1-import/tflite/schema.ts";
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

  it("of a value a pixel is refused", () => {
    const draft = new Draft();
    const [x, y] = [draft.map("in", [1, 2, 2, 2]), draft.map("out", [1, 2, 2, 2])];
    const k = draft.constant("k", [1, 2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
    draft.operator(OperatorCode.ADD, [x, k], y);
    expect(codesOf(() => lowered(draft, x, y))).toEqual(["unsupported-operator"]);
  });
});
