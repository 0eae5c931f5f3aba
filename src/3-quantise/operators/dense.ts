import { NO_PADDING } from "../../ir/graph.ts";
import type { DenseNode, Node } from "../../ir/graph.ts";
import type { IntConv } from "../../ir/integer.ts";
import { intBase, mapOf, tensorOf } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { floatLayerOf } from "../float-layer.ts";
import { weightedParts } from "./weighted.ts";

/**
 * A fully connected layer as a convolution whose kernel is the whole map: weights [K, H * W * C] are already in
 * the order [K][H][W][C]. A flattening reshape in between is read through.
 */
export function lowerDense(node: DenseNode, context: LowerContext): IntConv | null {
  const through: Node[] = [];
  let id = node.inputs[0];
  for (let made = producer(context, id); made?.kind === "reshape"; made = producer(context, id)) {
    through.unshift(made);
    id = made.inputs[0];
  }
  const input = mapOf(context, id);
  const output = mapOf(context, node.output);
  if (!input || !output) return null;
  const weights = tensorOf(context, node.inputs[1]);
  const bias = node.inputs[2] === undefined ? undefined : tensorOf(context, node.inputs[2]);
  const parts = weightedParts(context, node.name, input, output, weights, bias, node.activation, true);
  if (!parts) return null;
  const floats = floatLayerOf(node, context, input, output, weights, bias);
  const sources = [
    ...through.filter((made) => context.absorbed.has(made)).flatMap((made) => made.sources),
    ...node.sources,
  ];
  return {
    kind: "conv",
    ...intBase(context, node, [input.id]),
    ...parts,
    sources,
    kernel: [input.height, input.width],
    stride: [1, 1],
    dilation: [1, 1],
    padding: NO_PADDING,
    ...(floats && { floats }),
  };
}

function producer(context: LowerContext, id: number | undefined): Node | undefined {
  return id === undefined ? undefined : context.producers.get(id);
}

/** Reshapes that only dense nodes read, directly or through each other: nothing else needs their output as a map. */
export function absorbedReshapes(nodes: readonly Node[], outputs: readonly number[]): Set<Node> {
  const absorbed = new Set<Node>();
  for (const node of nodes.toReversed()) {
    if (node.kind !== "reshape" || outputs.includes(node.output)) continue;
    const readers = nodes.filter((other) => other.inputs.includes(node.output));
    const fused =
      readers.length === 1 && readers.every((other) => other.kind === "dense" || absorbed.has(other));
    if (fused) absorbed.add(node);
  }
  return absorbed;
}
