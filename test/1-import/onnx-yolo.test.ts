/** Heads of YOLO as exporters write them: five dimensions, and decoding behind them on the host, against ONNX Runtime. */
import { expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { outputsOf } from "../../src/golden/outputs.ts";
import { runGolden } from "../../src/golden/run.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { elements } from "../../src/ir/shapes.ts";
import { channelsLast, generator, runOnnxFused } from "../support/onnx-runtime.ts";
import type { ScaleDraft } from "../support/scale-draft.ts";
import { Head, QuantisedHead, SHAPE } from "../support/yolo-head.ts";

/** The golden model's output and ONNX Runtime's. */
async function run(
  draft: ScaleDraft,
  output: string,
): Promise<{ graph: IntGraph; worst: number; count: number }> {
  const next = generator(9);
  const input = Uint8Array.from({ length: elements(SHAPE) }, () => Math.floor(256 * next()));
  const [wanted = []] = await runOnnxFused(draft.write([output], "float32"), [input], SHAPE);
  const graph = lower(runPasses(draft.import([output])));
  const centred = Int8Array.from(channelsLast(input, SHAPE), (x) => x - 128);
  const [found = []] = outputsOf(runGolden(graph, centred));
  expect(found).toHaveLength(wanted.length);
  const apart = Array.from(
    wanted,
    (value, i) => Math.abs(Number(found[i]) - value) / Math.max(1, Math.abs(value)),
  );
  return { graph, worst: Math.max(...apart), count: wanted.length };
}

const draft = () => new Head("uint8", 0.0213, 0.05, SHAPE, generator(3));

it("as they come from the convolution", async () => {
  const head = draft();
  expect(await run(head, head.anchors("a", 1))).toMatchObject({ worst: 0, count: 12 * 21 });
});

it("decoded", async () => {
  const head = draft();
  const { count, worst } = await run(head, head.decoded("a", 1));
  expect(count).toBe(12 * 21);
  expect(worst).toBeLessThan(1e-6);
});

it("decoded and flattened", async () => {
  const head = draft();
  const { worst } = await run(head, head.flat("a", head.decoded("a", 1)));
  expect(worst).toBeLessThan(1e-6);
});

it("of several scales, joined", async () => {
  const head = draft();
  const all = head.node(
    "Concat",
    [head.flat("a", head.decoded("a", 1)), head.flat("b", head.decoded("b", 2))],
    "all",
    { axis: 1 },
  );
  const { count, worst } = await run(head, all);
  expect(count).toBe(16 * 21);
  expect(worst).toBeLessThan(1e-6);
});

it("with a pair of conversions behind every operator", async () => {
  const head = new QuantisedHead("uint8", 0.0213, 0.05, SHAPE, generator(3));
  const parts = [head.flat("a", head.decoded("a", 1)), head.flat("b", head.decoded("b", 2))];
  const { count, worst } = await run(head, head.node("Concat", parts, "all", { axis: 1 }));
  expect(count).toBe(16 * 21);
  expect(worst).toBe(0);
});
