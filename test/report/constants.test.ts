/** Constants that a network computes with, in the picture of its blocks. */
import { expect, it } from "vitest";
import { BinaryField, OperatorCode, OptionsType } from "../../src/1-import/tflite/schema.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { schedule } from "../../src/4-schedule/schedule.ts";
import { arrayReport } from "../../src/report/array-report.ts";
import { graphSvg } from "../../codegen/report/graph.ts";
import { byte, Draft } from "../support/tflite-draft.ts";

/** The sum of a constant [1, 4, 4, 8] and what a layer makes of an image [1, side, side, 3]. */
function sumOf(side: number) {
  const draft = new Draft();
  const input = draft.map("in", [1, side, side, 3]);
  const map = draft.conv(input, draft.map("map", [1, side, side, 8]), [8, 1, 1, 3]);
  const values = Array.from({ length: 128 }, (_, i) => (i % 100) - 50);
  const constant = draft.constant("a <b>", [1, 4, 4, 8], values, Draft.whole(0.25, 0));
  const output = draft.map("sum", [1, 4, 4, 8]);
  const slots = [byte(BinaryField.activation, 0)];
  draft.operator(OperatorCode.ADD, [map, constant], output, OptionsType.AddOptions, slots);
  const plan = schedule(lower(runPasses(draft.import([input], [output]))), { pk: 4, pc: 4, busBytes: 8 });
  const given = {
    model: "sum",
    board: "none",
    clockMHz: 50,
    images: "first" as const,
    resources: [],
    dsps: null,
    input: null,
  };
  const report = arrayReport(plan, { ...given, memory: { bytes: 8, latency: 40, outstanding: 16 } });
  return { report, svg: String(graphSvg(report)) };
}

it("a constant is drawn where the block reads it, not as the image", () => {
  const beside = sumOf(4);
  expect(beside.report.blocks.map(({ constants }) => constants)).toEqual([
    { source: null, residual: "a <b>" },
  ]);
  expect(beside.svg).toContain("constant<title>a &lt;b&gt;</title>");
  const source = sumOf(1);
  const last = source.report.blocks.at(-1);
  expect(last).toMatchObject({ producer: null, constants: { source: "a <b>", residual: null } });
  // one line from the image, to the block that reads it
  expect(source.svg.match(/ 22L/g)?.length).toBe(1);
});
