/** What is left in float32 inside of a quantised network. */
import type { Problem } from "../ir/errors.ts";
import type { Graph, Node } from "../ir/graph.ts";

/** Kinds that are float only because their neighbours are. */
const CARRYING: readonly Node["kind"][] = ["quantize", "dequantize", "reshape", "identity"];

/**
 * Nodes of an integer graph that read or write float32 maps. Reported are the operators that compute, not what
 * carries their values nor what else follows; the carriers where nothing else stands between conversions.
 */
export function floatStretches(graph: Graph, problems: Problem[]): ReadonlySet<Node> {
  const isFloat = (id: number) => {
    const tensor = graph.tensors.get(id);
    return tensor?.dtype === "float32" && !tensor.data;
  };
  const left = graph.nodes.filter((node) => [...node.inputs, node.output].some(isFloat));
  const computing = left.filter(({ kind }) => !CARRYING.includes(kind));
  for (const node of computing.length > 0 ? computing : left) {
    const what = node.kind === "kernel" ? node.kernel.name : node.kind;
    const isLast = graph.outputs.includes(node.output) && computing.length === 1;
    problems.push({
      code: "unsupported-operator",
      node: node.name,
      found: isLast
        ? `${what} that gives an output of the network in float32, with no quantisation behind it`
        : `${what} on float32 values inside of a quantised network`,
      supported: "operators whose maps, and weights, are all quantised",
      fix: isLast
        ? "quantise the output too, which then may be dequantised, or end the network in front of it with --until"
        : "quantise what these operators read and write too, or give the float network to `firebrick quantize`",
    });
  }
  return new Set(left);
}
