/** Networks that have something unknown behind their layers: where they can end instead. */
import { expect, it } from "vitest";
import { OperatorCode } from "../../src/1-import/tflite/schema.ts";
import { onnx } from "../../src/1-import/onnx/index.ts";
import { openWith } from "../../src/1-import/importer.ts";
import { withEnds } from "../../src/1-import/ends.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { problemsOf } from "../support/problems.ts";
import { Draft } from "../support/tflite-draft.ts";

/** Two heads, suppression among the boxes of one and the scores of the other, and an output of its own. */
function detector(): OnnxDraft {
  const draft = new OnnxDraft(13);
  const weights = draft.constant(
    "w",
    [4, 4, 1, 1],
    Array.from({ length: 16 }, (_, i) => i - 8),
  );
  draft.node("Conv", [draft.input("x", [1, 4, 3, 3]), weights], "base");
  draft.node("Conv", ["base", weights], "boxes");
  draft.node("Conv", ["base", weights], "scores");
  const shape = draft.constant("shape", [3], [1, 9, 4], "int64");
  draft.node("Reshape", ["boxes", shape], "flat");
  draft.node("NonMaxSuppression", ["flat", draft.node("Sigmoid", ["scores"], "shares")], "chosen");
  draft.node("TopK", ["chosen", draft.constant("k", [1], [3], "int64")], "best");
  return draft;
}

it("ONNX: each problem names the layers behind which the network can end, and these are enough", () => {
  const draft = detector();
  const outputs = ["best", "scores"];
  const problems = problemsOf(() => draft.import(outputs));
  expect(problems.map(({ node }) => node)).toEqual(["chosen", "best"]);
  const ends = ["scores", "flat", "shares"];
  for (const { fix } of problems)
    expect(fix).toContain(`; ${ends.map((name) => `--until "${name}"`).join(" ")} leaves it out`);
  const graph = openWith(onnx, { path: "test.onnx", bytes: draft.write(outputs) }, ends);
  expect(graph.outputs).toHaveLength(3);
});

it("TFLite: the same", () => {
  const draft = new Draft();
  const input = draft.map("in", [1, 4, 4, 3]);
  const conv = draft.conv(input, draft.map("conv", [1, 4, 4, 5]), [5, 1, 1, 3]);
  const { FLOOR } = { FLOOR: 8 };
  const floor = draft.operator(FLOOR, [conv], draft.map("floor", [1, 4, 4, 5]));
  const last = draft.operator(OperatorCode.RELU, [floor], draft.map("last", [1, 4, 4, 5]));
  expect(problemsOf(() => draft.import([input], [last]))).toMatchObject([
    { node: "floor", fix: expect.stringContaining('--until "conv" leaves it out') as string },
  ]);
});

it("nothing is said where layers stand behind, or too many ends would be left", () => {
  const problem = { code: "c", node: "b", found: "", supported: "", fix: "fix" };
  const step = (name: string, inputs: readonly string[], hasWeights = false) => ({
    ...{ name, inputs, outputs: [name], hasWeights, makesMap: true },
  });
  const early = [step("a", ["x"], true), step("b", ["a"]), step("c", ["b"], true)];
  expect(withEnds([problem], early, ["c"])).toEqual([problem]);
  const many = Array.from({ length: 10 }, (_, i) => step(`a${i}`, ["x"], true));
  const joined = step(
    "b",
    many.map(({ name }) => name),
  );
  expect(withEnds([problem], [...many, joined], ["b"])).toEqual([problem]);
  expect(withEnds([problem], [...many.slice(1), joined], ["b"])).toMatchObject([
    { fix: expect.stringMatching(/^fix; --until "a1" .* "a9" leaves it out$/) as string },
  ]);
});
