/** Between QuantizeLinear and DequantizeLinear: constants, limits and functions written out, value for value as ONNX Runtime has them. */
import { describe, expect, it } from "vitest";
import { compareWithOnnx } from "../support/onnx-golden.ts";
import { generator } from "../support/onnx-runtime.ts";
import { ScaleDraft, type Byte } from "../support/scale-draft.ts";

const SHAPE = [1, 6, 4, 4];

const SHAPES = { one: [], channel: [6, 1, 1], row: [1, 4], pixel: [1, 1, 4, 4], whole: SHAPE } as const;

type Operator = "Add" | "Sub" | "Mul" | "Max" | "Min";

/** What a network of one input and one output computes. */
async function agree(type: Byte, make: (draft: ScaleDraft) => string): Promise<readonly string[]> {
  const draft = new ScaleDraft(type, 0.0213, 0.0317, SHAPE, generator(3));
  draft.node("QuantizeLinear", [make(draft), ...draft.to], "y");
  const { different, graph, values } = await compareWithOnnx(draft, SHAPE, type, generator(8));
  expect([values, different]).toEqual([9600, 0]);
  return graph.nodes.map(({ kind }) => kind);
}

function dequantised(draft: ScaleDraft, shape: readonly number[]): string {
  const values = draft.integers(shape).map((x) => (draft.type === "uint8" ? x + 128 : x));
  const stored = draft.constant("c/i", shape, values, draft.type);
  return draft.node("DequantizeLinear", [stored, ...draft.scale(0.02, 3)], "c");
}

describe.each(["uint8", "int8"] as const)("of %s", (type) => {
  it.each(["Add", "Sub", "Mul", "Max", "Min"] as const)("%s of constants", async (operator: Operator) => {
    const kinds = { Add: "add", Sub: "sub", Mul: "mul", Max: "maximum", Min: "minimum" } as const;
    for (const [size, shape] of Object.entries(SHAPES)) {
      const isFirst = size === "channel" || size === "whole";
      const found = await agree(type, (draft) => {
        const operands = [draft.real(), dequantised(draft, shape)];
        return draft.node(operator, isFirst ? operands.toReversed() : operands, "o");
      });
      const isLimit = operator === "Max" || operator === "Min";
      const ofChannels = isLimit ? "lookup" : "depthwise";
      const wanted = { one: "lookup", channel: ofChannels }[size] ?? kinds[operator];
      expect(found.at(-1)).toBe(wanted);
    }
  });

  it("constants that are no integers, one or one a channel", async () => {
    for (const operator of ["Add", "Sub", "Mul", "Max"] as const)
      for (const shape of [SHAPES.one, SHAPES.channel])
        await agree(type, (draft) => {
          const values = draft.integers(shape).map((x) => x * 0.013);
          return draft.node(operator, [draft.constant("c", shape, values), draft.real()], "o");
        });
  });

  it.each([
    [-1.3, 2.1, ["conv", "lookup"]],
    [0, 4, ["conv", "lookup"]],
    [undefined, 1.03, ["conv", "lookup"]],
    [0.3, undefined, ["conv", "lookup"]],
    [-100, 100, ["conv"]],
  ] as const)("Clip to %s .. %s behind a map and behind a layer", async (low, high, kinds) => {
    const clip = (draft: ScaleDraft, map: string) => {
      const limit = (name: string, value: number | undefined) =>
        value === undefined ? "" : draft.constant(name, [], [value]);
      return draft.node("Clip", [map, limit("low", low), limit("high", high)], "clip");
    };
    await agree(type, (draft) => clip(draft, draft.real()));
    const found = await agree(type, (draft) => {
      const weights = draft.weights("w", [6, 6, 1, 1], 0.01);
      return clip(draft, draft.node("Conv", [draft.real(), weights], "conv"));
    });
    expect(found).toEqual(kinds);
  });

  it("functions of several operators are one table", async () => {
    const one = (draft: ScaleDraft, value: number) => draft.constant(`of ${value}`, [], [value]);
    const silu = (draft: ScaleDraft) => {
      const map = draft.real();
      return draft.node("Mul", [map, draft.node("Sigmoid", [map], "gate")], "o");
    };
    const hardSwish = (draft: ScaleDraft) => {
      const map = draft.real();
      const above = draft.node("Add", [map, one(draft, 3)], "above");
      const gate = draft.node("Clip", [above, one(draft, 0), one(draft, 6)], "gate");
      const product = draft.node("Mul", [gate, map], "product");
      return draft.node("Div", [product, draft.constant("six", [], [6])], "o");
    };
    const slopes = (draft: ScaleDraft) =>
      draft.node(
        "PRelu",
        [draft.real(), draft.constant("slope", [6, 1, 1], [0.1, 0.2, -0.3, 0.25, 1.5, 0])],
        "o",
      );
    for (const make of [silu, hardSwish, slopes]) expect(await agree(type, make)).toEqual(["lookup"]);
  });
});
