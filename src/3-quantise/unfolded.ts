/** Arithmetic that no layer in front could take into its weights and bias. */
import type { Problem } from "../ir/errors.ts";
import type { Graph, Node } from "../ir/graph.ts";

/** A constant can be folded; what meets in the network cannot. */
function operandsOf(
  { inputs, kind }: Node,
  tensors: Graph["tensors"],
): "two maps" | "a map and a constant" | "a map" {
  if (!["add", "sub", "mul", "maximum", "minimum", "prelu"].includes(kind)) return "a map";
  return inputs.some((id) => tensors.get(id)?.data !== undefined) ? "a map and a constant" : "two maps";
}

export function unfolded(node: Node, tensors: Graph["tensors"]): Problem {
  const operands = operandsOf(node, tensors);
  return {
    code: "unsupported-operator",
    node: node.name,
    found: `${node.kind} of ${operands} that no layer could absorb`,
    supported: `${node.kind} of constants, behind a layer with weights and without activation, in a float network`,
    fix:
      operands === "two maps"
        ? "replace the operator, or cut the network before it"
        : "fold it into the weights and bias of the layer before it, or cut the network there",
  };
}

/** Values in another order than that of a map's axes, in front of layers or quantised again. */
export function untransposed({ name }: Node): Problem {
  return {
    code: "unsupported-operator",
    node: name,
    found: "a transposition of a map in the middle of the network",
    supported: "transpositions behind the last dequantisation, on the host",
    fix: "leave what stands behind it out of the quantisation, or cut the network before it with --until",
  };
}
