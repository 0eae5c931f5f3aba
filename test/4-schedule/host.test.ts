import { describe, expect, it } from "vitest";
import { ConcatenationField, OperatorCode, OptionsType } from "../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { problemsOf } from "../support/problems.ts";
import { Draft, int } from "../support/tflite-draft.ts";

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

describe("a network without a layer", () => {
  const options = { pk: 4, pc: 4, busBytes: 8 } as const;

  it("has its values moved by the accelerator", () => {
    const draft = new Draft();
    const input = draft.map("in", [1, 4, 4, 8]);
    const taken = (begin: number) => {
      const lists = [
        [0, 0, 0, begin],
        [1, 4, 4, 4],
      ].map((values, i) => draft.ints(`${i} of ${begin}`, [4], values));
      const part = draft.map(`from ${begin}`, [1, 4, 4, 4]);
      return draft.operator(OperatorCode.SLICE, [input, ...lists], part, OptionsType.SliceOptions);
    };
    const parts = [taken(4), taken(0)];
    const swapped = draft.map("swapped", [1, 4, 4, 8]);
    const axis = int(ConcatenationField.axis, 3);
    draft.operator(OperatorCode.CONCATENATION, parts, swapped, OptionsType.ConcatenationOptions, [axis]);
    const plan = schedule(lower(runPasses(draft.import([input], [swapped]))), options);
    expect(plan.hostNodes).toEqual([]);
    expect(plan.blocks.length).toBeGreaterThan(0);
  });

  it("is refused where only shapes are left", () => {
    const draft = new Draft();
    const input = draft.map("in", [1, 4, 4, 8]);
    const flat = draft.operator(
      OperatorCode.RESHAPE,
      [input],
      draft.map("flat", [1, 128]),
      OptionsType.ReshapeOptions,
    );
    const graph = lower(runPasses(draft.import([input], [flat])));
    expect(problemsOf(() => schedule(graph, options))).toMatchObject([
      { code: "no-hardware", found: "a network that leaves the accelerator nothing to compute" },
    ]);
  });
});
