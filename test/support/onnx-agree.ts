/** The float graph of an imported network against ONNX Runtime. */
import { expect } from "vitest";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { runFloat } from "../../src/3-quantise/float-run.ts";
import type { Graph } from "../../src/ir/graph.ts";
import { elements, sameShape } from "../../src/ir/shapes.ts";
import type { OnnxDraft } from "./onnx-draft.ts";
import { channelsFirst, channelsLast, noise, runOnnx } from "./onnx-runtime.ts";

/**
 * Imports, passes, runs both, compares to 1e-5 of the largest value; gives the imported graph. The input is turned to
 * [1, H, W, C] unless the graph has it in the model's own shape, the output back from it where it has four dimensions.
 */
export async function agreeWithOnnx(
  draft: OnnxDraft,
  shape: readonly number[],
  next: () => number,
  output = "y",
): Promise<Graph> {
  const graph = draft.import([output]);
  const passed = runPasses(graph);
  const input = noise(elements(shape), next);
  const wanted = await runOnnx(draft.write([output]), input, shape);
  // a map along one axis is stored as one row
  const picture = shape.length === 3 && graph.inputAxes ? shape.toSpliced(2, 0, 1) : shape;
  const isAsStored = picture.length !== 4 || sameShape(graph.tensors.get(graph.inputs[0]!)!.shape, picture);
  for (const version of [graph, passed]) {
    const id = version.outputs[0]!;
    const found = channelsFirst(
      runFloat(version, isAsStored ? input : channelsLast(input, picture)).get(id)!,
      version.tensors.get(id)!.shape,
    );
    expect(found.length).toBe(wanted.length);
    const scale = Math.max(1e-3, ...Array.from(wanted, Math.abs));
    const error = Math.max(...Array.from(wanted, (x, i) => Math.abs(x - found[i]!)));
    expect(error / scale).toBeLessThan(1e-5);
  }
  return graph;
}
