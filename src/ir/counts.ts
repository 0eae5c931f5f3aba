/** Multiply-accumulates and parameters, counted as the papers do. */
import type { Node, Tensor, TensorId } from "./graph.ts";
import { elements } from "./shapes.ts";

type Tensors = ReadonlyMap<TensorId, Tensor>;

/** Multiply-accumulates of one node: products of weights, without biases and without a discount for padding. */
export function macsOf(node: Node, tensors: Tensors): number {
  const shape = (id: TensorId | undefined) => (id === undefined ? [] : (tensors.get(id)?.shape ?? []));
  const weights = shape(node.inputs[1]);
  const output = shape(node.output);
  if (node.kind === "conv") return elements(output) * elements(weights.slice(1));
  if (node.kind === "depthwise") return elements(output) * elements(weights.slice(1, 3));
  return node.kind === "dense" ? elements(weights) : 0;
}

/** Elements of a node's constants: weights, biases, scales. Shapes and axes are no parameters. */
export function parametersOf(node: Node, tensors: Tensors): number {
  const constants = node.inputs.map((id) => tensors.get(id)).filter((tensor) => tensor?.data !== undefined);
  return constants.reduce((sum, tensor) => sum + elements(tensor?.shape ?? []), 0);
}
