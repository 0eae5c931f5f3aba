import type { TensorId } from "../ir/graph.ts";
import { rebuild } from "./edit.ts";
import type { Pass } from "./pass.ts";

/** before: a, b(a), c(a), output c. after: a, c(a). */
export const deadNodes: Pass = {
  name: "dead-nodes",
  description: "Remove nodes and tensors that no output of the network depends on",
  run(graph) {
    const needed = new Set<TensorId>(graph.outputs);
    for (const node of graph.nodes.toReversed()) {
      if (needed.has(node.output)) for (const id of node.inputs) needed.add(id);
    }
    const nodes = graph.nodes.filter((node) => needed.has(node.output));
    const next = rebuild(graph, { nodes });
    return nodes.length === graph.nodes.length && next.tensors.size === graph.tensors.size ? graph : next;
  },
};
