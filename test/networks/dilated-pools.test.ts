/** Dilated max pools between layers of a network from ONNX, through the hardware. */
import { expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { generator } from "../support/onnx-runtime.ts";
import { ScaleDraft } from "../support/scale-draft.ts";
import { accelerators, outputsAlone } from "./accelerator.ts";

const accelerator = accelerators();

function network() {
  const draft = new ScaleDraft("int8", 0.0213, 0.0371, [1, 6, 9, 11], generator(7));
  const conv = (input: string, name: string, shape: number[]) =>
    draft.through(draft.node("Conv", [input, draft.weights(`${name}/w`, shape, 0.0051)], name), draft.to);
  const first = conv(draft.real(), "first", [12, 6, 1, 1]);
  const pool = { kernel_shape: [3, 3], dilations: [2, 2], pads: [2, 2, 2, 2] };
  const second = conv(draft.node("MaxPool", [first], "atrous", pool), "second", [8, 12, 3, 3]);
  const strided = { kernel_shape: [2, 3], dilations: [3, 2], strides: [2, 1], pads: [1, 0, 0, 1] };
  const third = draft.node("MaxPool", [second], "strided", strided);
  draft.node("Conv", [third, draft.weights("w", [5, 8, 1, 1], 0.0051)], "sum");
  draft.node("QuantizeLinear", ["sum", ...draft.from], "y");
  return lower(runPasses(draft.import(["y"])));
}

it("are bit exact", async () => {
  const own = network();
  expect(own.nodes.filter((node) => "dilation" in node && node.kind === "max-pool")).toHaveLength(2);
  const { outputs } = await outputsAlone(accelerator, own, "8x8");
  expect(new Set([...outputs[0]!].map(Number)).size).toBeGreaterThan(20);
});
