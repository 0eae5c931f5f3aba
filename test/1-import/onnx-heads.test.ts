/** Heads of detectors: maps in [N, H, W, C] flattened to boxes, joined, cut and rated, as ONNX Runtime has them. */
import { expect, it } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { outputsOf } from "../../src/golden/outputs.ts";
import { runGolden } from "../../src/golden/run.ts";
import { elements } from "../../src/ir/shapes.ts";
import { channelsLast, generator, noise, runOnnx, runOnnxFused } from "../support/onnx-runtime.ts";
import { OnnxDraft } from "../support/onnx-draft.ts";
import { ScaleDraft } from "../support/scale-draft.ts";
import { runFloat } from "../../src/3-quantise/float-run.ts";

const SHAPE = [1, 6, 4, 5];

/** [1, C, H, W] as [1, H * W * C / 2, 2]. */
function boxes(draft: OnnxDraft, map: string, name: string): string {
  const last = draft.node("Transpose", [map], `${name}/last`, { perm: [0, 2, 3, 1] });
  return draft.node("Reshape", [last, draft.constant(`${name}/shape`, [3], [1, -1, 2], "int64")], name);
}

/** Two maps of other scales and sizes joined: the second of each two values, and both as shares. */
function heads(draft: OnnxDraft, first: string, second: string): void {
  draft.node("Concat", [boxes(draft, first, "a"), boxes(draft, second, "b")], "joined", { axis: 1 });
  const part = ["from", "to", "axis"].map((name, i) =>
    draft.constant(name, [1], [[1, 2, 2][i] ?? 0], "int64"),
  );
  draft.node("Sigmoid", [draft.node("Slice", ["joined", ...part], "part")], "score");
  draft.node("Softmax", ["joined"], "shares", { axis: 2 });
}

it("in a quantised network, whose host joins maps of several scales", async () => {
  const draft = new ScaleDraft("uint8", 0.0213, 0.05, SHAPE, generator(3));
  const conv = (name: string, channels: number, strides: number) => {
    const weights = draft.weights(`${name}/w`, [channels, 6, 2, 2], 0.01);
    return draft.through(
      draft.node("Conv", [name === "a" ? draft.real() : "real", weights], `conv ${name}`, {
        strides: [strides, strides],
      }),
      draft.scale(0.03 * strides, strides),
    );
  };
  heads(draft, conv("a", 4, 1), conv("b", 6, 2));
  const next = generator(9);
  const input = Uint8Array.from({ length: elements(SHAPE) }, () => Math.floor(256 * next()));
  for (const output of ["joined", "score"]) {
    const [wanted] = await runOnnxFused(draft.write([output], "float32"), [input], SHAPE);
    const graph = lower(runPasses(draft.import([output])));
    const centred = Int8Array.from(channelsLast(input, SHAPE), (x) => x - 128);
    const [found] = outputsOf(runGolden(graph, centred));
    expect(found?.length).toBe(wanted?.length);
    // the functions of ONNX Runtime are approximations
    const tolerance = output === "score" ? 1e-6 : 0;
    for (const [i, value] of (wanted ?? []).entries())
      expect(Math.abs(Number(found?.[i]) - value)).toBeLessThanOrEqual(tolerance);
  }
});

it("in a float network", async () => {
  const draft = new OnnxDraft();
  const x = draft.input("x", SHAPE);
  heads(draft, x, draft.node("MaxPool", [x], "half", { kernel_shape: [2, 2], strides: [2, 2] }));
  const input = noise(elements(SHAPE), generator(5));
  for (const output of ["score", "shares"]) {
    const wanted = await runOnnx(draft.write([output]), input, SHAPE);
    const graph = draft.import([output]);
    const found = runFloat(graph, channelsLast(input, SHAPE)).get(graph.outputs[0] ?? -1);
    expect(found?.length).toBe(wanted.length);
    for (const [i, value] of wanted.entries()) expect(found?.[i]).toBeCloseTo(value, 6);
  }
});
