import type { Graph, TensorId } from "../ir/graph.ts";
import { hostValues } from "../ir/host-values.ts";
import { readersOf, rebuild, soleReader } from "./edit.ts";
import type { Pass } from "./pass.ts";

/**
 * before: float input, quantize, integer network, dequantize, float output. after: integer input, network, output.
 * What enters and leaves the accelerator are the integers; the host converts.
 */
export const quantizeEdges: Pass = {
  name: "quantize-edges",
  description: "Make the integers behind QUANTIZE and before DEQUANTIZE the network's inputs and outputs",
  run(graph) {
    return dequantizedOutputs(quantizedInputs(graph));
  },
};

function quantizedInputs(graph: Graph): Graph {
  const readers = readersOf(graph);
  const edges = graph.inputs.flatMap((id) => {
    const reader = soleReader(graph, readers, id);
    return reader?.kind === "quantize" && graph.tensors.get(id)?.dtype === "float32" ? [reader] : [];
  });
  if (edges.length === 0) return graph;
  const edgeOf = (id: TensorId) => edges.find((edge) => edge.inputs[0] === id);
  const inputs = graph.inputs.map((id) => edgeOf(id)?.output ?? id);
  return rebuild(graph, {
    inputs,
    floatInputs: graph.inputs.flatMap((id, index) => (edgeOf(id) ? [index] : [])),
    nodes: graph.nodes.filter((node) => !edges.some((edge) => edge === node)),
  });
}

function dequantizedOutputs(graph: Graph): Graph {
  const readers = readersOf(graph);
  const hosts = hostValues(graph);
  const edges = graph.nodes.filter(
    ({ kind, output }) =>
      kind === "dequantize" && graph.outputs.includes(output) && !readers.has(output) && !hosts.has(output),
  );
  if (edges.length === 0) return graph;
  const edgeOf = (id: TensorId) => edges.find((edge) => edge.output === id);
  const outputs = graph.outputs.map((id) => edgeOf(id)?.inputs[0] ?? id);
  const floatOutputs = graph.outputs.flatMap((id, index) => (edgeOf(id) ? [index] : []));
  const nodes = graph.nodes.filter((node) => !edges.includes(node));
  return rebuild(graph, { outputs, nodes, floatOutputs });
}
