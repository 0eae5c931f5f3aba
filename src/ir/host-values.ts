/** Values that have no form as a map of the accelerator: the host keeps them in floats, also where a network quantises them. */
import { makesShares } from "./answer.ts";
import type { Graph, Node, TensorId } from "./graph.ts";

/** [1, H, W, C]. */
const MAP_AXES = 4;

export function isMapShape(shape: readonly number[] | undefined): boolean {
  return shape !== undefined && shape.length <= MAP_AXES;
}

/** The tensors of more axes than a map has, or that conversions and float operators make of such, of transposed ones or of shares. */
export function hostValues({ nodes, tensors }: Pick<Graph, "nodes" | "tensors">): ReadonlySet<TensorId> {
  const values = new Set<TensorId>();
  const isCarried = ({ kind, output }: Node) =>
    kind === "quantize" || kind === "dequantize" || tensors.get(output)?.dtype === "float32";
  for (const node of nodes) {
    const { dtype, shape } = tensors.get(node.output) ?? {};
    const begins =
      node.kind === "transpose" || !isMapShape(shape) || (makesShares(node) && dtype === "float32");
    if (begins || (isCarried(node) && node.inputs.some((id) => values.has(id)))) values.add(node.output);
  }
  return values;
}
