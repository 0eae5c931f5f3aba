/** Kernels whose maps would need several scales, as tables of maps of any scale. */
import { leakySlope } from "../../activations/shipped.ts";
import type { Graph, KernelNode, Node, TensorId } from "../../ir/graph.ts";
import { scaleGroups } from "./groups.ts";

/**
 * Kernels state the scales of the maps that they read and write. Where maps share a scale, as those of a concatenation do, and their kernels state
 * different ones, the functions become tables, which leave the scale open.
 */
export function withFreeKernels(graph: Graph): Graph {
  const torn = new Set<Node>();
  for (const { tensors } of scaleGroups(graph)) {
    const stated = graph.nodes.flatMap((node) => (node.kind === "kernel" ? statedBy(node, tensors) : []));
    if (new Set(stated.map(({ places }) => places)).size > 1) for (const { node } of stated) torn.add(node);
  }
  if (torn.size === 0) return graph;
  return { ...graph, nodes: graph.nodes.map((node) => (torn.has(node) ? tableOf(node) : node)) };
}

/** Binary places that a kernel states for maps of the group. */
function statedBy(
  node: KernelNode,
  tensors: readonly TensorId[],
): readonly { readonly node: Node; readonly places: number }[] {
  const { operand, result } = node.kernel.places;
  const reads = node.inputs.some((id) => tensors.includes(id)) ? [{ node, places: operand }] : [];
  return tensors.includes(node.output) ? [...reads, { node, places: result }] : reads;
}

/** The same function without a scale; a kernel of the user's, or one without such a node, stays. */
function tableOf(node: Node): Node {
  if (node.kind !== "kernel") return node;
  const { inputs, name, output, sources } = node;
  const base = { name, sources, inputs, output };
  switch (node.kernel.spec) {
    case "sigmoid":
      return { kind: "logistic", ...base };
    case "tanh":
    case "hard-swish":
      return { kind: node.kernel.spec, ...base };
    case "leaky-relu":
      return { kind: "leaky-relu", ...base, alpha: leakySlope };
    default:
      return node;
  }
}
