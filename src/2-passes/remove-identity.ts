import type { Graph, Node, TensorId } from "../ir/graph.ts";
import { sameShape } from "../ir/shapes.ts";
import { rebuild, sameQuantization } from "./edit.ts";
import type { Pass } from "./pass.ts";

/** before: a, identity(a), b(identity). after: a, b(a). An identity that makes an output of the network stays. */
export const removeIdentity: Pass = {
  name: "remove-identity",
  description:
    "Remove nodes whose output is their input: identity, reshape to the same shape, slice of all, pad by nothing",
  run(graph) {
    const replaced = new Map<TensorId, TensorId>();
    const nodes: Node[] = [];
    for (const node of graph.nodes) {
      const inputs = node.inputs.map((id) => replaced.get(id) ?? id);
      const [input] = inputs;
      if (input !== undefined && isIdentity(node, graph)) replaced.set(node.output, input);
      else nodes.push({ ...node, inputs });
    }
    return replaced.size === 0 ? graph : rebuild(graph, { nodes });
  },
};

function isIdentity(node: Node, graph: Graph): boolean {
  const input = graph.tensors.get(node.inputs[0] ?? -1);
  const output = graph.tensors.get(node.output);
  if (!input || !output || graph.outputs.includes(node.output)) return false;
  const sameValues =
    input.dtype === output.dtype && sameQuantization(input.quantization, output.quantization);
  if (!sameValues || !sameShape(input.shape, output.shape)) return false;
  if (node.kind === "pad") return Object.values(node.padding).every((n) => n === 0);
  return ["identity", "reshape", "quantize", "slice"].includes(node.kind);
}
