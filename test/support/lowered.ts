/** Networks of a TFLite draft as integer graphs, and what the golden model makes of values. */
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { runGolden } from "../../src/golden/run.ts";
import type { IntGraph } from "../../src/ir/integer.ts";
import type { Draft } from "./tflite-draft.ts";

export function lowered(draft: Draft, input: number, output: number): IntGraph {
  return lower(runPasses(draft.import([input], [output])));
}

/** Output of the graph for the given values. */
export function run(graph: IntGraph, values: readonly number[]): number[] {
  return [...(runGolden(graph, Int8Array.from(values)).maps.get(graph.outputs[0]!) ?? [])];
}

export const everyInt8 = Array.from({ length: 256 }, (_, i) => i - 128);
export const clamp = (x: number, low = -128) => Math.max(low, Math.min(127, x));
