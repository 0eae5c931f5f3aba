import type { Activation, ActivationNode, Graph, Node } from "../ir/graph.ts";
import { mergeSources, readersOf, rebuild, sameQuantization, soleReader } from "./edit.ts";
import type { Pass } from "./pass.ts";

/**
 * before: conv, relu(conv). after: conv with activation relu.
 * Integers: only where both are quantised alike, which makes the fused clamp the same as two clamps.
 */
export const foldActivation: Pass = {
  name: "fold-activation",
  description: "Fold a ReLU that alone reads a layer into that layer",
  run(graph) {
    let current = graph;
    for (const node of graph.nodes) {
      if (isClamp(node)) current = fold(current, node);
    }
    return current;
  },
};

function isClamp(node: Node): node is ActivationNode {
  return ["relu", "relu6", "relu-n1-to-1", "relu-0-to-1"].includes(node.kind);
}

function fold(graph: Graph, node: ActivationNode): Graph {
  const input = node.inputs[0];
  const producer = graph.nodes.find((other) => other.output === input);
  if (!producer || !("activation" in producer) || producer.kind === "concat" || node.kind === "identity")
    return graph;
  if (soleReader(graph, readersOf(graph), producer.output) !== node) return graph;
  const tensor = (id: number) => graph.tensors.get(id)?.quantization;
  const activation = combine(producer.activation, node.kind);
  if (!activation || !sameQuantization(tensor(producer.output), tensor(node.output))) return graph;
  const { name, output } = node;
  const fused: Node = { ...producer, activation, name, output, sources: mergeSources(producer, node) };
  const nodes = graph.nodes.flatMap((other) =>
    other === producer ? [fused] : other === node ? [] : [other],
  );
  return rebuild(graph, { nodes });
}

/** The one clamp that equals `first` followed by `then`; undefined where none does. */
function combine(first: Activation, then: Activation): Activation | undefined {
  if (first === "none" || first === then) return then;
  const both = new Set([first, then]);
  return both.has("relu") && both.has("relu6") ? "relu6" : undefined;
}
