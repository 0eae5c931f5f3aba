/** Invariants of the graph. A broken one is a bug in an importer or a pass, never the user's fault. */
import { assert } from "./errors.ts";
import type { DType, Graph, Node, Tensor } from "./graph.ts";
import { elements, shapeProblems, showShape } from "./shapes.ts";

/**
 * Checks that nodes are in topological order, names are unique, tensors exist, are written once and have the shapes
 * that follow from the attributes, and that types agree.
 * @throws Error naming the first broken invariant.
 */
export function verifyGraph(graph: Graph): void {
  for (const [id, tensor] of graph.tensors) verifyTensor(id, tensor);
  const written = new Set(graph.inputs);
  const names = new Set<string>();
  for (const id of graph.inputs) {
    assert(graph.tensors.get(id), `graph input ${id} does not exist`);
    assert(!graph.tensors.get(id)?.data, `graph input ${id} is a constant`);
  }
  for (const node of graph.nodes) {
    assert(!names.has(node.name), `two nodes are called ${node.name}`);
    names.add(node.name);
    for (const id of node.inputs) {
      const tensor = graph.tensors.get(id);
      assert(tensor, `${node.name} reads tensor ${id}, which does not exist`);
      assert(tensor.data ?? written.has(id), `${node.name} reads ${tensor.name} before it is written`);
    }
    const output = graph.tensors.get(node.output);
    assert(output, `${node.name} writes tensor ${node.output}, which does not exist`);
    assert(!output.data, `${node.name} writes the constant ${output.name}`);
    assert(!written.has(node.output), `${output.name} is written twice`);
    written.add(node.output);
    const wrong = shapeProblems(node, graph.tensors);
    assert(wrong.length === 0, `${node.name}: ${wrong.join("; ")}`);
    verifyTypes(node, graph);
  }
  for (const id of graph.outputs) assert(written.has(id), `graph output ${id} is never written`);
}

function verifyTensor(id: number, tensor: Tensor): void {
  assert(id === tensor.id, `tensor ${tensor.id} has key ${id}`);
  assert(
    tensor.shape.every((n) => Number.isInteger(n) && n > 0),
    `${tensor.name} has shape ${showShape(tensor.shape)}`,
  );
  const count = elements(tensor.shape);
  assert(
    !tensor.data || tensor.data.length === count,
    `${tensor.name} holds ${tensor.data?.length} values, not ${count}`,
  );
}

/** Types of inputs relative to the output; weights and biases of integer layers have their own. */
function verifyTypes(node: Node, graph: Graph): void {
  const type = (id: number | undefined) => (id === undefined ? undefined : graph.tensors.get(id)?.dtype);
  const output = type(node.output);
  const expect = (input: number, wanted: DType | undefined) => {
    const found = type(node.inputs[input]);
    assert(
      found === undefined || found === wanted,
      `${node.name}: input ${input} is ${found}, not ${wanted}`,
    );
  };
  switch (node.kind) {
    case "conv":
    case "depthwise":
    case "dense":
      expect(0, output);
      expect(1, output);
      expect(2, output === "float32" ? "float32" : "int32");
      break;
    case "batch-norm":
      expect(0, "float32");
      break;
    case "quantize":
      assert(output !== "float32", `${node.name} quantises to float32`);
      break;
    case "dequantize":
      assert(output === "float32", `${node.name} dequantises to ${output}`);
      break;
    case "average-pool":
    case "max-pool":
    case "mean":
    case "add":
    case "sub":
    case "mul":
    case "relu":
    case "relu6":
    case "kernel":
    case "relu-n1-to-1":
    case "identity":
    case "pad":
    case "concat":
    case "reshape":
    case "softmax":
      for (const i of node.inputs.keys()) expect(i, output);
      break;
  }
}
