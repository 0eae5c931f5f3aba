/** One 8-bit type a layer: ONNX lets a map, the weights and the result differ. */
import type { Graph, Node, Tensor } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";

/**
 * Gives weights the type of the map that they meet, and a layer whose result has another type a requantisation by 128
 * behind it, which the integer graph drops again. Both are exact.
 */
export function unifyTypes(graph: Graph): Graph {
  const tensors = new Map(graph.tensors);
  let free = Math.max(-1, ...tensors.keys()) + 1;
  const add = (tensor: Tensor): Tensor => {
    const added = { ...tensor, id: free++ };
    tensors.set(added.id, added);
    return added;
  };
  const nodes = graph.nodes.flatMap((node): Node[] => {
    if (node.kind === "quantize" || node.kind === "dequantize") return [node];
    const map = tensors.get(node.inputs[0] ?? -1);
    const output = tensors.get(node.output);
    if (!map || !output || !isByte(map)) return [node];
    const inputs = node.inputs.map((id, i) => {
      const operand = tensors.get(id);
      const other = i > 0 && operand?.data && isByte(operand) && operand.dtype !== map.dtype;
      return other ? add(otherType(operand)).id : id;
    });
    if (output.dtype === map.dtype || !isByte(output)) return [{ ...node, inputs }];
    const between = add({ ...otherType(output), name: `${output.name}/${map.dtype}` });
    return [
      { ...node, inputs, output: between.id },
      {
        kind: "quantize",
        name: `${node.name}/${output.dtype}`,
        sources: node.sources,
        inputs: [between.id],
        output: output.id,
      },
    ];
  });
  return { ...graph, tensors, nodes };
}

function isByte(tensor: Tensor): boolean {
  return tensor.dtype === "int8" || tensor.dtype === "uint8";
}

/** The same real values with every integer 128 higher or lower. */
function otherType(tensor: Tensor): Tensor {
  const [dtype, shift] = tensor.dtype === "int8" ? (["uint8", 128] as const) : (["int8", -128] as const);
  const { data, quantization } = tensor;
  const values = data instanceof Int8Array || data instanceof Uint8Array ? data : undefined;
  const moved = values && (dtype === "int8" ? new Int8Array(values.length) : new Uint8Array(values.length));
  if (moved) for (let i = 0; i < values.length; i++) moved[i] = item(values, i) + shift;
  const zeroPoints = quantization?.zeroPoints.map((zero) => zero + shift);
  return {
    ...tensor,
    dtype,
    ...(moved && { data: moved }),
    ...(quantization && zeroPoints && { quantization: { ...quantization, zeroPoints } }),
  };
}
