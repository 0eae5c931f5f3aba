import type { Graph, Node, Tensor, TensorId } from "../ir/graph.ts";
import { isMapShape } from "../ir/host-values.ts";
import { item } from "../ir/known.ts";
import { rebuild, sameQuantization } from "./edit.ts";
import type { Pass } from "./pass.ts";

/** Operators that move values and compute nothing. */
const MOVES: readonly Node["kind"][] = ["reshape", "slice", "concat", "repeat", "interleave", "identity"];

/**
 * before: a, dequantize(a), reshape(dequantize). after: a, reshape(a), dequantize(reshape).
 * What only moves values moves integers as well, so that nothing is left between the last dequantisations and the outputs.
 */
export const dequantizeLast: Pass = {
  name: "dequantize-last",
  description: "Move values before they are dequantised",
  run(graph) {
    const node = graph.nodes.find((one) => sourcesOf(graph, one) !== undefined);
    if (node === undefined) return graph;
    return dequantizeLast.run(moved(graph, node, sourcesOf(graph, node) ?? []));
  },
};

/** The integers in front of an operator that moves them; undefined where they are not all of one type, scale and zero point. */
function sourcesOf(graph: Graph, node: Node): readonly Tensor[] | undefined {
  const shape = graph.tensors.get(node.output)?.shape ?? [];
  // what has no form as a map of integers is for the host
  const inputs = node.inputs.map((id) => graph.tensors.get(id)?.shape);
  if (![shape, ...inputs].every(isMapShape) || (shape.length > 1 && shape[0] !== 1)) return undefined;
  if (!MOVES.includes(node.kind) || ("activation" in node && node.activation !== "none")) return undefined;
  const sources = node.inputs.flatMap((id) => {
    const maker = graph.nodes.find(({ output }) => output === id);
    const source = maker?.kind === "dequantize" ? graph.tensors.get(item(maker.inputs, 0)) : undefined;
    return source ? [source] : [];
  });
  const [first] = sources;
  const isWhole = first?.quantization?.scales.length === 1 && sources.length === node.inputs.length;
  const isAlike = ({ dtype, quantization }: Tensor) =>
    dtype === first?.dtype && sameQuantization(quantization, first.quantization);
  return isWhole && sources.every(isAlike) ? sources : undefined;
}

function moved(graph: Graph, node: Node, sources: readonly Tensor[]): Graph {
  const { dtype, quantization } = item(sources, 0);
  const output = graph.tensors.get(node.output);
  const name = `${node.name}/integers`;
  const id: TensorId = Math.max(...graph.tensors.keys()) + 1;
  const integers = { id, name, shape: output?.shape ?? [], dtype, ...(quantization && { quantization }) };
  const early = { ...node, inputs: sources.map((source) => source.id), output: id };
  const last: Node = {
    kind: "dequantize",
    name: `${node.name}/dequantize`,
    sources: [],
    inputs: [id],
    output: node.output,
  };
  const nodes = graph.nodes.flatMap((one) => (one === node ? [early, last] : [one]));
  return rebuild(graph, { nodes }, [integers]);
}
