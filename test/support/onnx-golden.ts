/** The golden model of an imported integer network against ONNX Runtime. */
import { runGolden } from "../../src/golden/run.ts";
import { outputsOf } from "../../src/golden/outputs.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import { elements } from "../../src/ir/shapes.ts";
import type { OnnxDraft } from "./onnx-draft.ts";
import { channelsLast, runOnnxFused } from "./onnx-runtime.ts";

export interface Agreement {
  readonly graph: IntGraph;
  readonly values: number;
  /** Values that differ, by one step each. */
  readonly different: number;
  /** Largest difference in steps. */
  readonly largest: number;
}

/** 100 random inputs of the model's 8-bit input type, `shape` as ONNX has it. */
export async function compareWithOnnx(
  draft: OnnxDraft,
  shape: readonly number[],
  type: "int8" | "uint8",
  next: () => number,
  resultType = type,
): Promise<Agreement> {
  const graph = lower(runPasses(draft.import(["y"])));
  const make = type === "int8" ? Int8Array : Uint8Array;
  const low = type === "int8" ? -128 : 0;
  const inputs = Array.from({ length: 100 }, () => {
    const values = Array.from({ length: elements(shape) }, () => low + Math.floor(256 * next()));
    return new make(values);
  });
  const wanted = await runOnnxFused(draft.write(["y"], resultType), inputs, shape);
  let [values, different, largest] = [0, 0, 0];
  for (const [i, input] of inputs.entries()) {
    const centred = Int8Array.from(channelsLast(input, shape), (x) => x - low - 128);
    const [found] = outputsOf(runGolden(graph, centred));
    for (const [k, value] of wanted[i]!.entries()) {
      const difference = Math.abs(value - Number(found![k]!));
      values++;
      if (difference !== 0) different++;
      largest = Math.max(largest, difference);
    }
  }
  return { graph, values, different, largest };
}
