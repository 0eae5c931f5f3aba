/** Graphs whose convolutions have lost weights. */
import { benchRandom } from "../../sim/bench/index.ts";
import type { IntGraph, IntNode } from "../../src/ir/integer.ts";

/** The same graph with so many of the weights of its convolutions, at random; `density` of each, or one for all. */
export function pruned(
  graph: IntGraph,
  density: number | ((node: IntNode) => number),
  seed: number,
): IntGraph {
  const random = benchRandom(seed, graph.name);
  const nodes = graph.nodes.map((node): IntNode => {
    if (node.kind !== "conv") return node;
    const kept = typeof density === "number" ? density : density(node);
    const weights = node.weights.map((weight) => (random.below(1000) < 1000 * kept ? weight : 0));
    return { ...node, weights };
  });
  return { ...graph, nodes };
}
