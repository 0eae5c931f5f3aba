/** A float network without what the host computes last in other types than 8 bits: quantisation is about the rest. */
import type { Graph, Node, Tensor, TensorId } from "../../ir/graph.ts";
import { tailOf } from "../tail.ts";
import { tensorOf } from "./layers.ts";

/** The network that ends with the maps that its tail reads; itself without a tail. */
export function bodyOf(graph: Graph): Graph {
  const tail = tailOf(graph);
  if (tail.length === 0) return graph;
  const made = new Set(tail.map(({ output }) => output));
  const nodes = graph.nodes.filter((node) => !tail.includes(node));
  const isMap = (id: TensorId) => !made.has(id) && graph.tensors.get(id)?.data === undefined;
  const sourcesOf = (id: TensorId): readonly TensorId[] => {
    const maker = tail.find(({ output }) => output === id);
    return maker ? maker.inputs.flatMap(sourcesOf) : [id].filter(isMap);
  };
  const { outputOrders: _, ...rest } = graph;
  const read = new Set([...graph.inputs, ...nodes.flatMap(({ inputs, output }) => [...inputs, output])]);
  const tensors = new Map([...graph.tensors].filter(([id]) => read.has(id)));
  return { ...rest, nodes, tensors, outputs: [...new Set(graph.outputs.flatMap(sourcesOf))] };
}

/** The quantised body of a network with the network's tail behind it. */
export function withTail(body: Graph, graph: Graph): Graph {
  const tail = tailOf(graph);
  if (tail.length === 0) return body;
  const made = tail.map(({ output }) => output);
  const stored = tail.flatMap(({ inputs }) => inputs.filter((id) => graph.tensors.get(id)?.data));
  const own = new Set([...made, ...stored]);
  const offset = Math.max(...body.tensors.keys()) + 1;
  const now = (id: TensorId) => (own.has(id) ? offset + id : id);
  const tensors = new Map<TensorId, Tensor>(body.tensors);
  for (const id of own) tensors.set(now(id), { ...tensorOf(graph, id), id: now(id) });
  const moved = tail.map((node): Node => ({
    ...node,
    inputs: node.inputs.map(now),
    output: now(node.output),
  }));
  const { outputOrders } = graph;
  return {
    ...body,
    tensors,
    nodes: [...body.nodes, ...moved],
    outputs: graph.outputs.map(now),
    ...(outputOrders && { outputOrders }),
  };
}
