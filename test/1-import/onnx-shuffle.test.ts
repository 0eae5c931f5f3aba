/** Channels in another order (ShuffleNet's channel shuffle: Zhang et al. 2017, section 3.1), against ONNX Runtime. */
import { describe, expect, it } from "vitest";
import type { Graph } from "../../src/ir/graph.ts";
import { elements } from "../../src/ir/shapes.ts";
import { agreeWithOnnx } from "../support/onnx-agree.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { compareWithOnnx } from "../support/onnx-golden.ts";
import { generator, noise } from "../support/onnx-runtime.ts";
import { problemsOf } from "../support/problems.ts";

const next = generator(31);
const MAP = [1, 6, 4, 5];
const kinds = ({ nodes }: Graph) => nodes.map(({ kind }) => kind);
const whole = (draft: OnnxDraft, name: string, values: readonly number[]) =>
  draft.constant(name, [values.length], values, "int64");

/** Channels 0, 3, 1, 4, 2, 5 of six: what PyTorch writes of two groups. `between`: what stands behind each of the three operators. */
function shuffled(
  draft: OnnxDraft,
  from: string,
  to: string,
  between: (name: string) => string = (name) => name,
): string {
  const groups = whole(draft, `${to}/groups`, [1, 2, 3, 4, 5]);
  const apart = between(draft.node("Reshape", [from, groups], `${to}/apart`));
  const turned = between(draft.node("Transpose", [apart], `${to}/turned`, { perm: [0, 2, 1, 3, 4] }));
  return between(draft.node("Reshape", [turned, whole(draft, `${to}/size`, MAP)], to));
}

describe("a channel shuffle", () => {
  it("is an order of channels, in front of a pool, a layer, a sum and at the end", async () => {
    for (const behind of ["MaxPool", "Conv", "depthwise", "Add", "Relu"]) {
      const draft = new OnnxDraft();
      const from = shuffled(draft, draft.input("x", MAP), "s");
      const filters = (...shape: number[]) => draft.constant("w", shape, [...noise(elements(shape), next)]);
      if (behind === "MaxPool") draft.node("MaxPool", [from], "y", { kernel_shape: [2, 2] });
      else if (behind === "Conv") draft.node("Conv", [from, filters(4, 3, 1, 1)], "y", { group: 2 });
      else if (behind === "depthwise") draft.node("Conv", [from, filters(6, 1, 3, 3)], "y", { group: 6 });
      else draft.node(behind, behind === "Add" ? [from, "x"] : [from], "y");
      const graph = await agreeWithOnnx(draft, MAP, next);
      expect(graph.nodes[0]).toMatchObject({ kind: "concat", axis: 3, order: [0, 3, 1, 4, 2, 5] });
      expect(graph.nodes).toHaveLength(2);
    }
  });

  it("twice over is the order that both give", async () => {
    const draft = new OnnxDraft();
    draft.node("Relu", [shuffled(draft, shuffled(draft, draft.input("x", MAP), "a"), "b")], "y");
    const graph = await agreeWithOnnx(draft, MAP, next);
    expect(kinds(graph)).toEqual(["concat", "concat", "relu"]);
  });

  it.each([0.021, 0.0273])("stays on integers between conversions, scale 0.021 to %f", async (inner) => {
    const draft = new OnnxDraft();
    const scale = (name: string, step: number) => [
      draft.constant(`${name}/step`, [], [step]),
      draft.constant(`${name}/zero`, [], [5], "int8"),
    ];
    const [outer, between] = [scale("outer", 0.021), scale("between", inner)];
    const requantised = (name: string) => {
      draft.node("QuantizeLinear", [name, ...between], `${name}/q`);
      return draft.node("DequantizeLinear", [`${name}/q`, ...between], `${name}/d`);
    };
    const x = draft.node("DequantizeLinear", [draft.input("x", MAP, "int8"), ...outer], "xf");
    const from = shuffled(draft, x, "s", requantised);
    draft.node("QuantizeLinear", [draft.node("Relu", [from], "r"), ...outer], "y");
    const { different, graph, values } = await compareWithOnnx(draft, MAP, "int8", next);
    expect({ different, values }).toEqual({ different: 0, values: 100 * elements(MAP) });
    const changes = inner === 0.021 ? [] : ["rescale"];
    expect(graph.nodes.map(({ kind }) => kind).slice(0, changes.length + 1)).toEqual([...changes, "concat"]);
  });

  it("that moves rows too is refused", () => {
    const draft = new OnnxDraft();
    draft.node("Reshape", [draft.input("x", MAP), whole(draft, "five", [1, 6, 2, 2, 5])], "a");
    draft.node("Transpose", ["a"], "b", { perm: [0, 1, 3, 2, 4] });
    draft.node("Reshape", ["b", whole(draft, "four", MAP)], "c");
    draft.node("MaxPool", ["c"], "y", { kernel_shape: [2, 2] });
    expect(problemsOf(() => draft.import(["y"])).map(({ code }) => code)).toEqual(["unsupported-map"]);
  });
});
