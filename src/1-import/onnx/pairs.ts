/** Which integer maps lie between QuantizeLinear and DequantizeLinear. */
import type { Graph, TensorId } from "../../ir/graph.ts";

/**
 * Marks maps that one QuantizeLinear writes and, behind DequantizeLinear, one operator reads: ONNX Runtime gives each
 * operator a DequantizeLinear of its own, and changes the type of a pair only where it is the only one
 * (QDQS8ToU8Transformer). Operators that read or write the integers themselves leave them their type.
 */
export function markPairs(graph: Graph): Graph {
  const readers = (id: TensorId) => graph.nodes.filter((node) => node.inputs.includes(id));
  const tensors = new Map(graph.tensors);
  for (const node of graph.nodes) {
    if (node.kind !== "quantize" || graph.outputs.includes(node.output)) continue;
    const ends = readers(node.output);
    const users = ends.flatMap(({ output }) => readers(output));
    const tensor = tensors.get(node.output);
    if (tensor && users.length === 1 && ends.every(({ kind }) => kind === "dequantize"))
      tensors.set(tensor.id, { ...tensor, pair: true });
  }
  return { ...graph, tensors };
}
