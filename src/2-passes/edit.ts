/** What passes need to look around in a graph and to make a changed one. */
import type { Graph, Node, Quantization, Tensor, TensorId } from "../ir/graph.ts";

/** Nodes that read each tensor, in order. */
export function readersOf(graph: Graph): Map<TensorId, Node[]> {
  const readers = new Map<TensorId, Node[]>();
  for (const node of graph.nodes) {
    for (const id of new Set(node.inputs)) readers.set(id, [...(readers.get(id) ?? []), node]);
  }
  return readers;
}

/** The only reader of a tensor that is no output of the graph. */
export function soleReader(
  graph: Graph,
  readers: ReadonlyMap<TensorId, Node[]>,
  id: TensorId,
): Node | undefined {
  const list = readers.get(id) ?? [];
  return list.length === 1 && !graph.outputs.includes(id) ? list[0] : undefined;
}

/** The graph with other nodes, ends or more tensors; tensors that nothing names are dropped. */
export function rebuild(
  graph: Graph,
  change: Partial<Pick<Graph, "nodes" | "inputs" | "outputs" | "floatInputs" | "floatOutputs">>,
  added: readonly Tensor[] = [],
): Graph {
  const next = { ...graph, ...change };
  const used = new Set([
    ...next.inputs,
    ...next.outputs,
    ...next.nodes.flatMap((n) => [...n.inputs, n.output]),
  ]);
  const tensors = new Map(graph.tensors);
  for (const tensor of added) tensors.set(tensor.id, tensor);
  for (const id of tensors.keys()) if (!used.has(id)) tensors.delete(id);
  return { ...next, tensors };
}

export function sameQuantization(a: Quantization | undefined, b: Quantization | undefined): boolean {
  if (!a || !b) return a === b;
  const same = (x: readonly number[], y: readonly number[]) =>
    x.length === y.length && x.every((v, i) => v === y[i]);
  return same(a.scales, b.scales) && same(a.zeroPoints, b.zeroPoints);
}

/** Sources of two nodes that become one, in file order. */
export function mergeSources(a: Node, b: Node): number[] {
  return [...a.sources, ...b.sources].toSorted((x, y) => x - y);
}
