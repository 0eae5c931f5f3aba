/** Layers of a QDQ network whose results nothing quantises: the host computes them as ONNX Runtime does. */
import { NO_PADDING, type ConvNode, type DenseNode, type DepthwiseNode, type Node } from "../ir/graph.ts";
import type { IntMap } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import type { ExactSums, TailLayer } from "../ir/tail.ts";
import { mapOf, tensorOf, type LowerContext } from "./context.ts";
import { activationBounds } from "./float/elementwise.ts";
import { arrangedLayer } from "./float-layer.ts";

type Layer = ConvNode | DepthwiseNode | DenseNode;

export function isLayer(node: Node): node is Layer {
  return node.kind === "conv" || node.kind === "depthwise" || node.kind === "dense";
}

/** Reads a map, or the real values of one. Null after a report. */
export function lowerLastLayer(node: Layer, context: LowerContext): TailLayer | null {
  const { name, output, sources } = node;
  const input = mapOf(context, mapBehind(node, context));
  if (!input) return null;
  const { shape } = tensorOf(context, output);
  const [height = 1, width = 1, channels = 1] = [1, 1, 1, ...shape.slice(1)].slice(-3);
  const window =
    node.kind === "dense"
      ? { kernel: [input.height, input.width], stride: [1, 1], dilation: [1, 1], padding: NO_PADDING }
      : { kernel: node.kernel, stride: node.stride, dilation: node.dilation, padding: node.padding };
  const [weights, bias] = node.inputs.slice(1).map((id) => tensorOf(context, id));
  const offsets = bias?.data instanceof Float32Array ? bias.data : null;
  const sums =
    weights?.data instanceof Float32Array
      ? arrangedLayer(node, input, { height, width, channels }, weights.data, offsets)
      : exactSums(node, input, context);
  const limits = activationBounds(node.activation);
  return { kind: "layer", name, sources, inputs: [input.id], output, ...(window as Window), ...limits, sums };
}

type Window = Pick<TailLayer, "kernel" | "stride" | "dilation" | "padding">;

/** The integers in front of the layer; a fully connected one reads through reshapes. */
function mapBehind(node: Layer, { producers }: LowerContext): number {
  let id = item(node.inputs, 0);
  for (let maker = producers.get(id); maker && isPassed(maker, node); maker = producers.get(id))
    id = item(maker.inputs, 0);
  return id;
}

function isPassed({ kind }: Node, layer: Layer): boolean {
  return kind === "dequantize" || (kind === "reshape" && layer.kind === "dense");
}

/** As QGemm and MatMulIntegerToFloat: the product of both scales in float32. */
function exactSums({ inputs }: Layer, input: IntMap, context: LowerContext): ExactSums {
  const [weights, bias] = inputs.slice(1).map((id) => tensorOf(context, id));
  const { scales = [], zeroPoints = [] } = weights?.quantization ?? {};
  const outputs = item(weights?.shape ?? [], 0);
  const data = weights?.data as Int8Array | Uint8Array;
  const size = data.length / outputs;
  const of = (list: readonly number[], k: number) => item(list, list.length === 1 ? 0 : k);
  return {
    weights: Int16Array.from(data, (w, i) => w - of(zeroPoints, Math.floor(i / size))),
    bias: bias ? Int32Array.from(bias.data as Int32Array) : new Int32Array(outputs),
    factors: Float32Array.from({ length: outputs }, (_, k) => input.scale * of(scales, k)),
  };
}
