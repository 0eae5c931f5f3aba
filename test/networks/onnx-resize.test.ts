/** Bilinear resizes of quantised networks from ONNX in the middle of a network: every result through the hardware. */
import { describe, expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { floatLayers } from "../../src/4-schedule/exact-sums.ts";
import { runGolden } from "../../src/golden/run.ts";
import { generator } from "../support/onnx-runtime.ts";
import { ScaleDraft, type Byte } from "../support/scale-draft.ts";
import { accelerators, expectBitExact, noise, outputsAlone } from "./accelerator.ts";

const accelerator = accelerators();

/** Convolutions with a resize between each two; `scale`: of the first two resizes, the third triples a map of 0.0213. */
function network(type: Byte, scale: number) {
  const draft = new ScaleDraft(type, 0.02, 0.05, [1, 3, 5, 4], generator(61));
  const conv = (from: string, name: string, shape: readonly number[], step: number) => {
    const made = draft.node("Conv", [from, draft.weights(`${name}/w`, shape, 0.013)], name);
    const to = draft.scale(step, 3);
    return { map: draft.through(made, to), to };
  };
  const resize = ({ map, to }: ReturnType<typeof conv>, sizes: readonly number[], place: string) => {
    const target = draft.constant(`${map}/sizes`, [4], sizes, "int64");
    const attributes = { mode: "linear", coordinate_transformation_mode: place };
    return draft.through(draft.node("Resize", [map, "", "", target], `${map}/resized`, attributes), to);
  };
  const first = conv(draft.real(), "first", [10, 3, 1, 1], scale);
  const second = conv(resize(first, [1, 10, 10, 8], "half_pixel"), "second", [8, 10, 3, 3], scale);
  const third = conv(resize(second, [1, 8, 15, 11], "align_corners"), "third", [6, 8, 1, 1], 0.0213);
  const last = draft.node(
    "Conv",
    [resize(third, [1, 6, 45, 33], "pytorch_half_pixel"), draft.weights("last/w", [4, 6, 3, 3], 0.013)],
    "last",
  );
  draft.node("QuantizeLinear", [last, ...draft.scale(0.07, -4)], "y");
  return lower(runPasses(draft.import(["y"])));
}

describe.each([
  ["int8", "8x8"],
  ["uint8", "4x4"],
] as const)("of %s on %s", (type, array) => {
  it("are bit exact, and ONNX Runtime's own where its floats are exact", async () => {
    const own = network(type, 1 / 32);
    expect(own.nodes.filter(({ kind }) => kind === "resize-bilinear")).toHaveLength(3);
    expect(floatLayers(own).filter(({ kind }) => kind === "resize-bilinear")).toEqual([]);
    const { run, outputs } = await outputsAlone(accelerator, own, array);
    expect(run.plan.hostNodes).toEqual([]);
    expect(new Set([...outputs[0]!].map(Number)).size).toBeGreaterThan(50);
  });
});

it("takes the even integer where float32 noise decides ties", async () => {
  const own = network("uint8", 0.031);
  expect(floatLayers(own).map(({ kind }) => kind)).toEqual(["resize-bilinear", "resize-bilinear"]);
  const input = noise(own, 1);
  const run = await accelerator([own], "8x8", "bytes=16,latency=40").run(0, [input]);
  expectBitExact(run);
  // a step at most, in few values, from the network of ONNX Runtime
  const [plain, exact] = [own, run.plan.graph].map((graph) => runGolden(graph, input).maps);
  const id = own.nodes.find(({ kind }) => kind === "resize-bilinear")!.output;
  const apart = Array.from(plain!.get(id)!, (value, i) => Math.abs(value - exact!.get(id)![i]!));
  expect(Math.max(...apart)).toBe(1);
  expect(apart.filter((n) => n > 0).length / apart.length).toBeLessThan(0.05);
});
