/** What is left to do once every operator is read. */
import type { Graph, Tensor, TensorId } from "../../ir/graph.ts";

/** Drops tensors that no node names. */
export function finishGraph(graph: Graph, _integers: ReadonlyMap<TensorId, Tensor>): Graph {
  const used = new Set([
    ...graph.inputs,
    ...graph.outputs,
    ...graph.nodes.flatMap((node) => [...node.inputs, node.output]),
  ]);
  const tensors = new Map([...graph.tensors].filter(([id]) => used.has(id)));
  return { ...graph, tensors };
}
