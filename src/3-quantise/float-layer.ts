/** Layers that ONNX Runtime computes in float32, because it has no integer kernel for their types. */
import type { ConvNode, DenseNode, DepthwiseNode, Tensor } from "../ir/graph.ts";
import type { FloatLayer, FloatOrder } from "../ir/float-layer.ts";
import type { IntMap } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import type { LowerContext } from "./context.ts";
import { ownType } from "./float32.ts";
import { isSaturation } from "./range.ts";

type Layer = ConvNode | DepthwiseNode | DenseNode;

/** How the weights lie in the graph, and what decides the order of the sums. */
interface Shape {
  readonly groups: number;
  /** Of the kernel. */
  readonly taps: number;
  /** Of the output. */
  readonly pixels: number;
}

/** What ONNX Runtime computes the layer from where it does so on floats; undefined where it joins the three operators. */
export function floatLayerOf(
  node: Layer,
  context: LowerContext,
  input: IntMap,
  output: IntMap,
  weights: Tensor,
  bias: Tensor | undefined,
): FloatLayer | undefined {
  const isFlattened = readsFlattened(node, context);
  const normalises = node.kind === "depthwise" && node.normalises === true;
  const isFloat = isFlattened || normalises || !isJoined(node, context, input, output);
  if (!node.dequantized || !isFloat) return undefined;
  // It rounds a float bias of a layer with weights where nothing stands between the dequantisation and the layer (WeightBiasQuantization).
  const offsets = bias ? ((isFlattened || normalises) && bias.rounded) || dequantised(bias) : null;
  return arrangedLayer(node, input, output, dequantised(weights), offsets);
}

/** The layer on real values; `weights` as the graph has them. */
export function arrangedLayer(
  node: Layer,
  input: Pick<IntMap, "height" | "width" | "channels">,
  output: Pick<IntMap, "height" | "width" | "channels">,
  weights: Float32Array,
  bias: Float32Array | null,
): FloatLayer {
  const groups = node.kind === "conv" ? node.groups : node.kind === "depthwise" ? input.channels : 1;
  const [kh, kw] = node.kind === "dense" ? [input.height, input.width] : node.kernel;
  const shape = { groups, taps: kh * kw, pixels: output.height * output.width };
  const arranged =
    node.kind === "depthwise"
      ? tapsLast(weights, shape.taps)
      : channelsFirst(weights, shape.taps, input.channels / groups);
  const order = orderOf(node, shape, arranged.length / output.channels, output.channels / groups);
  return { weights: arranged, bias, groups, order };
}

/** Whether Flatten stands between DequantizeLinear and the layer. */
function readsFlattened(node: Layer, { producers }: LowerContext): boolean {
  const maker = producers.get(node.inputs[0] ?? -1);
  return maker?.kind === "reshape" && maker.flatten === true && !maker.dequantized;
}

/** Whether one integer kernel stands for DequantizeLinear, the layer and QuantizeLinear (QDQSelectorActionTransformer, on x64). */
function isJoined(node: Layer, context: LowerContext, input: IntMap, output: IntMap): boolean {
  const [from, to] = [ownType(context, input.id), ownType(context, output.id)];
  const gemm = node.kind === "dense" && node.product !== "matmul";
  const isWhole = isSaturation(node.activation, output) && !isLimited(node, context);
  return from === to && (gemm || from === "uint8") && isWhole;
}

/** Whether a limit stood between the layer and QuantizeLinear, which the importer put behind them. */
function isLimited({ output }: Layer, { graph: { nodes } }: LowerContext): boolean {
  const readers = (id: number) => nodes.filter(({ inputs }) => inputs.includes(id));
  const [back] = readers(output).filter(({ kind }) => kind === "dequantize");
  return (
    back?.sources.length === 0 &&
    readers(back.output).some(({ kind }) => kind === "maximum" || kind === "minimum")
  );
}

/** MLAS's choices for a product of matrices [rows, n] and [n, pixels] (sgemm.cpp, convolve.cpp), one for each group. */
function orderOf(node: Layer, { pixels }: Shape, size: number, rows: number): FloatOrder {
  if (node.kind === "dense")
    return node.product === "gemm-transposed" ? { kind: "eights" } : { kind: "fours", biasFirst: true };
  if (rows === 1) return { kind: "fours", biasFirst: false };
  if (pixels === 1) return { kind: "eights" };
  let [block, columns] = [128, 128];
  if (pixels < size) for (; columns > 16 && columns / 2 >= pixels; columns /= 2) block *= 2;
  return { kind: "blocks", size: block };
}

/** scale * (q - zero point), rounded to float32. */
function dequantised({ data, quantization, shape }: Tensor): Float32Array {
  const { scales = [], zeroPoints = [], axis = 0 } = quantization ?? {};
  const inner = shape.slice(axis + 1).reduce((product, n) => product * n, 1);
  return Float32Array.from(data as Int8Array | Int32Array, (q, i) => {
    const channel = scales.length === 1 ? 0 : Math.floor(i / inner) % scales.length;
    return (q - item(zeroPoints, channel)) * item(scales, channel);
  });
}

/** [K][kh][kw][C] -> [K][C][kh][kw]. */
function channelsFirst(values: Float32Array, taps: number, channels: number): Float32Array {
  const size = taps * channels;
  return values.map((_, i) => {
    const [k, c, tap] = [Math.floor(i / size), Math.floor((i % size) / taps), i % taps];
    return item(values, k * size + tap * channels + c);
  });
}

/** [kh][kw][K] -> [K][kh][kw]. */
function tapsLast(values: Float32Array, taps: number): Float32Array {
  const outputs = values.length / taps;
  return values.map((_, i) => item(values, (i % taps) * outputs + Math.floor(i / taps)));
}
