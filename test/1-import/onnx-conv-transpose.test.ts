/** ConvTranspose, which is convolutions whose results are woven together, against ONNX Runtime. */
import { describe, expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { elements } from "../../src/ir/shapes.ts";
import { agreeWithOnnx } from "../support/onnx-agree.ts";
import { OnnxDraft, type AttributeValue } from "../support/onnx-draft.ts";
import { generator } from "../support/onnx-runtime.ts";
import { problemsOf } from "../support/problems.ts";

const next = generator(78);
const MAP = [1, 8, 6, 4];
type Attributes = Readonly<Record<string, AttributeValue>>;

describe("ConvTranspose", () => {
  const strided = { strides: [2, 2] };
  const cases: [string, Attributes, number[]][] = [
    ["padded, with output padding", { ...strided, pads: [1, 1, 1, 1], output_padding: [1, 1] }, [8, 5, 3, 3]],
    ["an odd size", strided, [8, 4, 3, 3]],
    ["kernels as large as the stride", strided, [8, 3, 2, 2]],
    ["smaller than the stride, padded on one side", { strides: [3, 2], pads: [0, 1, 1, 0] }, [8, 3, 2, 1]],
    ["in groups", { ...strided, group: 4, pads: [1, 1, 1, 1] }, [8, 3, 4, 4]],
    ["dilated", { ...strided, dilations: [3, 2] }, [8, 2, 3, 2]],
    ["SAME_UPPER", { ...strided, auto_pad: "SAME_UPPER" }, [8, 2, 3, 3]],
    ["SAME_LOWER", { ...strided, auto_pad: "SAME_LOWER" }, [8, 2, 3, 3]],
    ["of a stated size", { ...strided, output_shape: [12, 9] }, [8, 2, 3, 3]],
    ["of a stride of 1", { pads: [1, 0, 2, 1] }, [8, 2, 4, 3]],
  ];

  it.each(cases)("%s", async (_, attributes, shape) => {
    const draft = new OnnxDraft(13);
    const outputs = shape[1]! * ((attributes.group as number | undefined) ?? 1);
    const random = (name: string, sizes: number[]) =>
      draft.constant(
        name,
        sizes,
        Array.from({ length: elements(sizes) }, () => next() - 0.5),
      );
    draft.node(
      "ConvTranspose",
      [draft.input("x", MAP), random("w", shape), random("b", [outputs])],
      "y",
      attributes,
    );
    const graph = await agreeWithOnnx(draft, MAP, next);
    expect(graph.nodes.map(({ kind }) => kind)).toContain("interleave");
  });

  it("takes the Relu behind it into every convolution, also behind the slice of an odd size", async () => {
    const draft = new OnnxDraft(13);
    draft.constant(
      "w",
      [8, 3, 3, 3],
      Array.from({ length: 216 }, () => next() - 0.5),
    );
    draft.node("ConvTranspose", [draft.input("x", MAP), "w"], "t", strided);
    draft.node("Relu", ["t"], "y");
    const { nodes } = runPasses(await agreeWithOnnx(draft, MAP, next));
    expect(nodes.map(({ kind }) => kind)).toEqual(["conv", "conv", "conv", "conv", "interleave", "slice"]);
    expect(nodes.slice(0, 4)).toMatchObject(Array(4).fill({ activation: "relu" }));
  });

  it("refuses weights of other channels", () => {
    const draft = new OnnxDraft(13);
    draft.constant("w", [4, 2, 3, 3], Array<number>(72).fill(1));
    draft.node("ConvTranspose", [draft.input("x", MAP), "w"], "y");
    expect(problemsOf(() => draft.import(["y"]))).toMatchObject([{ code: "invalid-attribute" }]);
  });
});
