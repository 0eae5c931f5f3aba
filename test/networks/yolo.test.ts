/** Heads of YOLO: convolutions in hardware, what stands behind the moved axes on the host. */
import { expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { generator } from "../support/onnx-runtime.ts";
import { Head, QuantisedHead, SHAPE } from "../support/yolo-head.ts";
import { accelerators, outputsAlone } from "./accelerator.ts";

const accelerator = accelerators();

it.each([
  ["of real values", Head],
  ["with a pair of conversions behind every operator", QuantisedHead],
])("of two scales, decoded and joined, %s, are the golden model's outputs", async (_, Made) => {
  const draft = new Made("uint8", 0.0213, 0.05, SHAPE, generator(3));
  const heads = [draft.flat("a", draft.decoded("a", 1)), draft.flat("b", draft.decoded("b", 2))];
  const all = draft.node("Concat", heads, "all", { axis: 1 });
  const graph = lower(runPasses(draft.import([all, "a/apart"])));
  const { outputs, run } = await outputsAlone(accelerator, graph, "4x4");
  expect(outputs.map(({ length }) => length)).toEqual([336, 252]);
  expect(run.plan.blocks.length).toBeGreaterThan(0);
  expect(new Set(Array.from(outputs[0]!, Number)).size).toBeGreaterThan(40);
});
