/** What is left to do once every operator is read. */
import type { Graph, Tensor, TensorId } from "../../ir/graph.ts";
import { fuseQuantized } from "./fuse.ts";
import { quantizeBeforeLimits } from "./limits.ts";
import { normalisationLayers, normaliseScales } from "./normalise.ts";
import { markPairs } from "./pairs.ts";
import { joinConversions, mergeQuantizes, quantizeFirst } from "./tidy.ts";
import { unifyTypes } from "./types.ts";

/** Fuses quantised stretches, gives each layer one type, drops tensors that no node names. */
export function finishGraph(graph: Graph, integers: ReadonlyMap<TensorId, Tensor>): Graph {
  const tidy = quantizeFirst(mergeQuantizes(joinConversions(quantizeBeforeLimits(graph))));
  const scaled = normaliseScales(tidy, integers);
  const normalised = normalisationLayers(scaled.graph, scaled.integers);
  const fused = unifyTypes(fuseQuantized(markPairs(normalised.graph), normalised.integers));
  const used = new Set([
    ...fused.inputs,
    ...fused.outputs,
    ...fused.nodes.flatMap((node) => [...node.inputs, node.output]),
  ]);
  const tensors = new Map([...fused.tensors].filter(([id]) => used.has(id)));
  const quantised = [...tensors.values()].some(({ dtype }) => dtype === "int8" || dtype === "uint8");
  return {
    ...fused,
    tensors,
    ...(quantised && { arithmetic: "onnx" as const }),
  };
}
