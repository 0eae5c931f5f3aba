import type { ConvNode, DepthwiseNode, Graph, Node, PadNode, PoolNode, Tensor } from "../ir/graph.ts";
import { mergeSources, readersOf, rebuild, sameQuantization } from "./edit.ts";
import type { Pass } from "./pass.ts";

/** Of float32. */
const LOWEST_FLOAT = -3.4028234663852886e38;

/**
 * before: pad, conv(pad) with padding p. after: conv with padding p + pad.
 * Convolutions pad with zero themselves. A max pool ignores its padding, so there it must be with the lowest value.
 * An average pool divides by fewer positions than before and is left alone.
 */
export const foldPad: Pass = {
  name: "fold-pad",
  description:
    "Fold padding with zeros into the convolutions that read it, and with lowest values into max pools",
  run(graph) {
    let current = graph;
    for (const node of graph.nodes) if (node.kind === "pad") current = fold(current, node);
    return current;
  },
};

function fold(graph: Graph, pad: PadNode): Graph {
  const readers = readersOf(graph).get(pad.output) ?? [];
  const absorbing = readers.filter(
    (reader) => reader.inputs[0] === pad.output && absorbs(graph, pad, reader),
  );
  if (absorbing.length === 0) return graph;
  const isLeft = absorbing.length < readers.length || graph.outputs.includes(pad.output);
  const nodes = graph.nodes.flatMap((node): Node[] => {
    if (node === pad) return isLeft ? [pad] : [];
    if (!absorbing.includes(node) || !absorbs(graph, pad, node)) return [node];
    const add = (side: keyof PadNode["padding"]) => node.padding[side] + pad.padding[side];
    const padding = { top: add("top"), left: add("left"), bottom: add("bottom"), right: add("right") };
    const sources = isLeft || node !== absorbing[0] ? node.sources : mergeSources(pad, node);
    return [{ ...node, padding, inputs: [...pad.inputs, ...node.inputs.slice(1)], sources }];
  });
  return rebuild(graph, { nodes });
}

function absorbs(graph: Graph, pad: PadNode, reader: Node): reader is ConvNode | DepthwiseNode | PoolNode {
  const input = graph.tensors.get(pad.inputs[0] ?? -1);
  const output = graph.tensors.get(pad.output);
  if (pad.channels) return false;
  if (!input || !output || !sameQuantization(input.quantization, output.quantization)) return false;
  const zero = input.quantization?.zeroPoints[0] ?? 0;
  const { value = zero } = pad;
  if (reader.kind === "conv" || reader.kind === "depthwise") return value === zero;
  return reader.kind === "max-pool" && value <= lowestOf(input) && seesTheMap(pad, reader);
}

/** The value below which there is none. */
function lowestOf({ dtype }: Tensor): number {
  return dtype === "uint8" ? 0 : dtype === "int8" ? -128 : LOWEST_FLOAT;
}

/** Whether every window of the pool, padding and all, has a pixel of the map. */
function seesTheMap({ padding: added }: PadNode, { dilation, kernel, padding }: PoolNode): boolean {
  const reach = (axis: 0 | 1) => (kernel[axis] - 1) * dilation[axis];
  return (
    Math.max(padding.top + added.top, padding.bottom + added.bottom) <= reach(0) &&
    Math.max(padding.left + added.left, padding.right + added.right) <= reach(1)
  );
}
