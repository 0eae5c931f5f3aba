/** The integers behind constants that DequantizeLinear made, by the id of the float tensor, beside a graph. */
import type { Graph, Tensor, TensorId } from "../../ir/graph.ts";

export type Integers = ReadonlyMap<TensorId, Tensor>;

/** The first id that no tensor of the graph and none of the integers has. */
export function freeId({ tensors }: Pick<Graph, "tensors">, integers: Integers): TensorId {
  return Math.max(-1, ...tensors.keys(), ...Array.from(integers.values(), ({ id }) => id)) + 1;
}
