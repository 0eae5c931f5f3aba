/** What the accelerator makes of layers that ONNX Runtime computes in float32. */
import type { IntGraph, IntNode } from "../ir/integer.ts";

/** Layers whose ties ONNX Runtime's float32 noise decides. */
export function floatLayers(graph: IntGraph): IntNode[] {
  return graph.nodes.filter((node) => "floats" in node);
}

/** The graph with the exact sum in every layer: ties go to the even integer, as where ONNX Runtime has an integer kernel. */
export function withExactSums(graph: IntGraph): IntGraph {
  const nodes = graph.nodes.map((node): IntNode => {
    if (!("floats" in node)) return node;
    const { floats: _, ...exact } = node;
    return exact;
  });
  return { ...graph, nodes };
}
