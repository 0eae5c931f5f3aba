import type { Activation, ActivationNode, Graph, Node } from "../ir/graph.ts";
import { mergeSources, readersOf, rebuild, sameQuantization, soleReader } from "./edit.ts";
import type { Pass } from "./pass.ts";

/**
 * before: conv, relu(conv). after: conv with activation relu.
 * Integers: only where both are quantised alike, which makes the fused clamp the same as two clamps.
 * Where layers are woven together, or a part is taken of what they make, each of them has the activation.
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
  const producer = graph.nodes.find((other) => other.output === node.inputs[0]);
  const clamped = clampedLayers(graph, node, node);
  if (!producer || !clamped) return graph;
  const { name, output } = node;
  const last = clamped.get(producer) ?? producer;
  clamped.set(producer, { ...last, name, output, sources: mergeSources(producer, node) });
  const nodes = graph.nodes.flatMap((other) => (other === node ? [] : [clamped.get(other) ?? other]));
  return rebuild(graph, { nodes });
}

/** The layers that make what the reader reads, with the clamp in them; undefined where one cannot take it. */
function clampedLayers(graph: Graph, reader: Node, clamp: ActivationNode): Map<Node, Node> | undefined {
  const readers = readersOf(graph);
  const quantization = (id: number) => graph.tensors.get(id)?.quantization;
  const clamped = new Map<Node, Node>();
  for (const id of new Set(reader.inputs)) {
    const maker = graph.nodes.find((other) => other.output === id);
    const isAlone = soleReader(graph, readers, id) === reader;
    if (!maker || !isAlone || !sameQuantization(quantization(id), quantization(clamp.output)))
      return undefined;
    if (maker.kind === "interleave" || maker.kind === "slice") {
      const further = clampedLayers(graph, maker, clamp);
      if (!further) return undefined;
      for (const [from, to] of further) clamped.set(from, to);
      continue;
    }
    const activation =
      "activation" in maker && maker.kind !== "concat" && clamp.kind !== "identity"
        ? combine(maker.activation, clamp.kind)
        : undefined;
    if (!activation) return undefined;
    clamped.set(maker, { ...maker, activation } as Node);
  }
  return clamped;
}

/** The one clamp that equals `first` followed by `then`; undefined where none does. */
function combine(first: Activation, then: Activation): Activation | undefined {
  if (first === "none" || first === then) return then;
  const both = new Set([first, then]);
  return both.has("relu") && both.has("relu6") ? "relu6" : undefined;
}
