/** Smooth activations and slopes of float networks, against ONNX Runtime. */
import { describe, expect, it } from "vitest";
import { agreeWithOnnx } from "../support/onnx-agree.ts";
import type { AttributeValue } from "../support/onnx-draft.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { generator } from "../support/onnx-runtime.ts";
import { problemsOf } from "../support/problems.ts";

const next = generator(4321);
const SHAPE = [1, 3, 4, 5];
type Attributes = Readonly<Record<string, AttributeValue>>;

/** The operator of values of -4 to 4. */
function drafted(operator: string, attributes: Attributes, rest: readonly string[] = [], domain = "") {
  const draft = new OnnxDraft(20);
  draft.node("Mul", [draft.input("x", SHAPE), draft.constant("c", [], [4])], "wide");
  draft.node(operator, ["wide", ...rest], "y", attributes, domain);
  return draft;
}

describe("smooth activations", () => {
  const elu = (above: number, below: number, width: number) => ({ name: "elu", above, below, width });
  it.each<[string, Attributes, object]>([
    ["Elu", {}, elu(1, 1, 1)],
    ["Elu", { alpha: { float: 0.25 } }, elu(1, 0.25, 1)],
    ["Selu", { alpha: { float: 2 }, gamma: { float: 1.5 } }, elu(1.5, 3, 1)],
    ["Selu", {}, { name: "elu" }],
    ["Celu", { alpha: { float: 0.5 } }, elu(1, 0.5, 0.5)],
    ["Softplus", {}, { name: "softplus" }],
    ["Softsign", {}, { name: "softsign" }],
    ["Mish", {}, { name: "mish" }],
    ["Gelu", {}, { name: "gelu" }],
    ["Gelu", { approximate: "tanh" }, { name: "gelu-tanh" }],
  ])("%s %j", async (operator, attributes, curve) => {
    const graph = await agreeWithOnnx(drafted(operator, attributes), SHAPE, next);
    expect(graph.nodes.at(-1)).toMatchObject({ kind: "curve", curve });
  });

  it("Gelu of ONNX Runtime's own domain", async () => {
    const graph = await agreeWithOnnx(drafted("Gelu", {}, [], "com.microsoft"), SHAPE, next);
    expect(graph.nodes.at(-1)).toMatchObject({ curve: { name: "gelu" } });
  });

  it("refuse what is no function of theirs", () => {
    const flat = drafted("Celu", { alpha: { float: 0 } });
    expect(problemsOf(() => flat.import(["y"]))).toMatchObject([
      { code: "invalid-attribute", found: "alpha 0" },
    ]);
    const other = drafted("Gelu", { approximate: "sigmoid" });
    expect(problemsOf(() => other.import(["y"]))).toMatchObject([{ code: "unsupported-attribute" }]);
  });
});

describe("slopes below zero", () => {
  it.each([0.3, 1.5, -0.2, 0])("LeakyRelu of %s", async (alpha) => {
    const graph = await agreeWithOnnx(drafted("LeakyRelu", { alpha: { float: alpha } }), SHAPE, next);
    expect(graph.nodes.at(-1)).toMatchObject({ kind: "leaky-relu", alpha: Math.fround(alpha) });
  });

  it.each([
    [
      [3, 1, 1],
      [0.25, -0.5, 2],
    ],
    [
      [1, 3, 1, 1],
      [0.1, 0.2, 0.3],
    ],
    [[1], [0.25]],
    [[], [0.5]],
  ])("PRelu %j", async (shape, slopes) => {
    const draft = new OnnxDraft(16);
    draft.node("PRelu", [draft.input("x", SHAPE), draft.constant("slopes", shape, slopes)], "y");
    const graph = await agreeWithOnnx(draft, SHAPE, next);
    expect(graph.nodes).toMatchObject([{ kind: "prelu" }]);
  });

  it("PRelu refuses slopes of pixels, and such that are computed", () => {
    const draft = new OnnxDraft(16);
    draft.node("PRelu", [draft.input("x", SHAPE), draft.constant("slopes", [5], [1, 2, 3, 4, 5])], "y");
    expect(problemsOf(() => draft.import(["y"]))).toMatchObject([
      { code: "unsupported-shape", found: "slopes [5] for a map [1, 3, 4, 5]" },
    ]);
    const computed = new OnnxDraft(16);
    computed.node("PRelu", [computed.input("x", SHAPE), "x"], "y");
    expect(problemsOf(() => computed.import(["y"]))).not.toEqual([]);
  });
});
