import { makesShares } from "../ir/answer.ts";
import type { Graph, Node, TensorId } from "../ir/graph.ts";
import { sameShape } from "../ir/shapes.ts";
import { rebuild } from "./edit.ts";
import type { Pass } from "./pass.ts";

/**
 * before: dequantize(a), softmax(dequantize), arg-max(softmax). after: dequantize(a), softmax(dequantize), arg-max(a).
 * Detection dequantises by itself. The greatest of real values is the greatest of what they were made from, as neither dequantisation nor a softmax of real
 * values along the same axis changes their order.
 */
export const chooseEarly: Pass = {
  name: "choose-early",
  description:
    "Let ARG_MAX and ARG_MIN read the map in front of a dequantisation or a softmax of real values",
  run(graph) {
    const nodes = graph.nodes.map((node): Node => {
      const axis = node.kind === "arg-max" || node.kind === "arg-min" ? node.axis : undefined;
      if (axis === undefined && node.kind !== "detection") return node;
      const inputs = node.inputs.map((id) => inFront(graph, id, axis));
      return inputs.every((id, i) => id === node.inputs[i]) ? node : { ...node, inputs };
    });
    return nodes.every((node, i) => node === graph.nodes[i]) ? graph : rebuild(graph, { nodes });
  },
};

/** `axis`: of an operator that only looks at the order along it. */
function inFront(graph: Graph, id: TensorId, axis?: number): TensorId {
  const tensor = graph.tensors.get(id);
  const maker = graph.nodes.find((node) => node.output === id);
  const [source] = maker?.inputs ?? [];
  if (tensor?.dtype !== "float32" || source === undefined) return id;
  const isAlong =
    axis !== undefined &&
    maker &&
    makesShares(maker) &&
    sameShape(axesOf(maker, tensor.shape.length), [axis]);
  return maker?.kind === "dequantize" || isAlong ? inFront(graph, source, axis) : id;
}

function axesOf(node: Node, rank: number): readonly number[] {
  return ("axes" in node ? node.axes : undefined) ?? [rank - 1];
}
