import { expect, it } from "vitest";
import { OperatorCode, OptionsType } from "../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { problemsOf } from "../support/problems.ts";
import { Draft } from "../support/tflite-draft.ts";

it("an output that is the input itself is told, not a matter of the plan", () => {
  const draft = new Draft();
  const input = draft.map("in", [1, 2, 3, 4]);
  const shaped = draft.map("shaped", [1, 3, 2, 4]);
  draft.operator(OperatorCode.RESHAPE, [input], shaped, OptionsType.ReshapeOptions);
  const made = draft.conv(shaped, draft.map("made", [1, 3, 2, 4]), [4, 1, 1, 4]);
  const graph = lower(runPasses(draft.import([input], [made, shaped])));
  const plan = () => schedule(graph, { pk: 4, pc: 4, busBytes: 8 });
  expect(problemsOf(plan)).toMatchObject([
    { code: "no-hardware", node: "shaped", found: "an output that is an input under another shape" },
  ]);
});
