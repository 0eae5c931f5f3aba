import type { ConvNode, DepthwiseNode, Graph, Node, PadNode, PoolNode } from "../ir/graph.ts";
import { mergeSources, readersOf, rebuild, sameQuantization, soleReader } from "./edit.ts";
import type { Pass } from "./pass.ts";

/**
 * before: pad, conv(pad) with padding p. after: conv with padding p + pad.
 * Convolutions pad with zero themselves. A max pool ignores its padding, so there the zero must be the lowest value.
 * An average pool divides by fewer positions than before and is left alone.
 */
export const foldPad: Pass = {
  name: "fold-pad",
  description: "Fold padding with zeros into the convolution or max pool that alone reads it",
  run(graph) {
    let current = graph;
    for (const node of graph.nodes) if (node.kind === "pad") current = fold(current, node);
    return current;
  },
};

function fold(graph: Graph, pad: PadNode): Graph {
  const reader = soleReader(graph, readersOf(graph), pad.output);
  if (!reader || reader.inputs[0] !== pad.output || !absorbs(graph, pad, reader)) return graph;
  const add = (side: keyof PadNode["padding"]) => reader.padding[side] + pad.padding[side];
  const padding = { top: add("top"), left: add("left"), bottom: add("bottom"), right: add("right") };
  const inputs = [...pad.inputs, ...reader.inputs.slice(1)];
  const fused: Node = { ...reader, padding, inputs, sources: mergeSources(pad, reader) };
  return rebuild(graph, {
    nodes: graph.nodes.flatMap((other) => (other === reader ? [fused] : other === pad ? [] : [other])),
  });
}

function absorbs(graph: Graph, pad: PadNode, reader: Node): reader is ConvNode | DepthwiseNode | PoolNode {
  const input = graph.tensors.get(pad.inputs[0] ?? -1);
  const output = graph.tensors.get(pad.output);
  if (!input || !output || !sameQuantization(input.quantization, output.quantization)) return false;
  const zero = input.quantization?.zeroPoints[0] ?? 0;
  if (pad.value !== undefined && pad.value !== zero) return false;
  if (reader.kind === "conv" || reader.kind === "depthwise") return true;
  const lowest = input.dtype === "uint8" ? 0 : input.dtype === "int8" ? -128 : -Infinity;
  return reader.kind === "max-pool" && zero === lowest;
}
