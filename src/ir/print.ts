/** The graph as text: one line a node, the same text for the same graph. */
import type { Graph, Node, Tensor, TensorId } from "./graph.ts";
import { inputsOf, type IntGraph } from "./integer.ts";

/**
 * `%name: dtype[shape] = kind(%inputs, constants) attributes`, inputs and outputs first and last.
 * Constants show type and shape, not their values.
 */
export function printGraph(graph: Graph): string {
  const tensor = (id: TensorId) => graph.tensors.get(id);
  const lines = [
    `graph ${graph.name}`,
    ...graph.inputs.map((id) => `input ${declare(tensor(id))}`),
    ...graph.nodes.map((node) => printNode(node, graph)),
    ...graph.outputs.map((id) => `output ${refer(tensor(id))}`),
  ];
  return lines.join("\n") + "\n";
}

const STRUCTURE = new Set(["kind", "name", "sources", "inputs", "output"]);

function printNode(node: Node, graph: Graph): string {
  const operands = node.inputs.map((id) => refer(graph.tensors.get(id))).join(", ");
  return `${declare(graph.tensors.get(node.output))} = ${node.kind}(${operands})${attributes(node)}  # ${node.name}`;
}

/** The integer graph: maps with sizes and quantisation, attributes without weight values. */
export function printIntegerGraph(graph: IntGraph): string {
  const map = (id: number) => {
    const m = graph.maps.get(id);
    return m
      ? `%${m.id}:${m.height}x${m.width}x${m.channels} ${m.dtype}*${m.scale}@${m.zeroPoint}`
      : `%${id}:?`;
  };
  const lines = [
    `integer graph ${graph.name}: ${graph.parameters} parameters, ${graph.macs} MACs`,
    ...inputsOf(graph).map((id) => `input ${map(id)}`),
    ...graph.nodes.map((node) => {
      const inputs = node.inputs.map((id) => `%${id}`).join(", ");
      return `${map(node.output)} = ${node.kind}(${inputs})${attributes(node)}  # ${node.name}`;
    }),
    `logits %${graph.logits}`,
    ...graph.outputs.map((id) => `output %${id}`),
  ];
  return lines.join("\n") + "\n";
}

function attributes(node: object): string {
  const entries = Object.entries(node).filter(([key]) => !STRUCTURE.has(key));
  return entries.map(([key, value]) => ` ${key}=${show(value)}`).join("");
}

function show(value: unknown): string {
  if (ArrayBuffer.isView(value))
    return `${value.constructor.name}(${"length" in value ? String(value.length) : ""})`;
  return JSON.stringify(value, (_, inner: unknown) =>
    ArrayBuffer.isView(inner) ? show(inner) : inner,
  ).replaceAll('"', "");
}

function refer(tensor: Tensor | undefined): string {
  if (!tensor) return "%?";
  return tensor.data ? `const ${tensor.dtype}[${tensor.shape.join("x")}]` : `%${tensor.id}`;
}

function declare(tensor: Tensor | undefined): string {
  if (!tensor) return "%?";
  const q = tensor.quantization;
  const quantised = q ? ` *${q.scales.join(",")}@${q.zeroPoints.join(",")}` : "";
  return `%${tensor.id}: ${tensor.dtype}[${tensor.shape.join("x")}]${quantised}`;
}
