/** What the accelerator makes of layers that ONNX Runtime computes in float32. */
import type { IntGraph, IntNode } from "../ir/integer.ts";
import { divide } from "./host.ts";

/** Layers whose ties ONNX Runtime's float32 noise decides, and not on the host, which resizes in float32 too. */
export function floatLayers(graph: IntGraph): IntNode[] {
  const { hostNodes } = divide(graph);
  const isHosts = (node: IntNode) => node.kind === "resize-bilinear" && hostNodes.includes(node);
  return graph.nodes.filter((node) => "floats" in node && !isHosts(node));
}

/** The graph with the exact sum in every such layer: ties go to the even integer, as where ONNX Runtime has an integer kernel. */
export function withExactSums(graph: IntGraph): IntGraph {
  const layers = floatLayers(graph);
  const nodes = graph.nodes.map((node): IntNode => {
    if (!("floats" in node) || !layers.includes(node)) return node;
    const { floats: _, ...exact } = node;
    return exact;
  });
  return { ...graph, nodes };
}
