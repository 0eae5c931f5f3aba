/** Integer nodes as the array computes them: zero points folded into biases, shifts packed, odd shapes rewritten. */
import { InputError } from "../ir/errors.ts";
import type { IntConv, IntDepthwise, IntGraph, IntNode } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { sameQuantization } from "../3-quantise/context.ts";
import { ends, shiftsOf, unsupported } from "./operator-parts.ts";
import type { Operator } from "./plan.ts";
import { blend } from "./blend.ts";
import { withNarrowSums } from "./sums.ts";
import {
  averagePool,
  lookupOf,
  maxPool,
  mean,
  pad,
  passThrough,
  rescale,
  throughTable,
} from "./serial-operators.ts";

/**
 * The operator of a node. Throws InputError `no-hardware` for the nodes that the accelerator cannot run.
 */
export function operatorOf(graph: IntGraph, node: IntNode): Operator {
  switch (node.kind) {
    case "conv":
      return conv(graph, node);
    case "depthwise":
      return depthwise(graph, node);
    case "average-pool":
      return averagePool(graph, node);
    case "mean":
      return mean(graph, node);
    case "activation":
      return passThrough(graph, node);
    case "float-average-pool":
      throw new InputError({
        ...unsupported(
          node,
          "an average pool whose sums fall on ties, which ONNX Runtime's float32 noise decides",
        ),
        fix: "pool over the whole map, give the output a scale of more digits, or use a strided convolution",
      });
    case "float-add":
      throw new InputError({
        ...unsupported(
          node,
          `${node.subtracts ? "a SUB" : "an ADD"} whose sums fall on ties, which ONNX Runtime's float32 noise decides`,
        ),
        supported: "adds that integers reproduce for all but a few of the 65,536 pairs of operands",
        fix: "give the maps scales whose ratios have more digits, or use `firebrick golden`",
      });
    case "float-mul":
      throw new InputError({
        ...unsupported(node, "a MUL whose products fall on ties, which ONNX Runtime rounds in float32"),
        supported: "products that integers reproduce for all but a few of the 65,536 pairs of operands",
        fix: "give the maps scales whose ratios have more digits, or use `firebrick golden`",
      });
    case "max-pool":
      return maxPool(graph, node);
    case "blend":
      return blend(graph, node);
    case "resize-bilinear": {
      const { input, output } = ends(graph, node);
      const places = "whose pixels lie at many places between those of the map";
      throw new InputError({
        ...unsupported(
          node,
          `a bilinear resize ${sameQuantization(input, output) ? places : "that changes scale or zero point"}`,
        ),
        supported:
          "factors of 2, 4 and 8, in networks from ONNX of 3 and 5 too, also with aligned corners, and halves of them; any size at the end",
        fix: "resize by such factors between equal scales, or use `firebrick golden` for this network",
      });
    }
    case "pad":
      return pad(graph, node);
    case "rescale":
      return rescale(graph, node);
    case "lookup":
      return throughTable(graph, lookupOf(node));
    case "add":
    case "sub":
    case "mul":
    case "maximum":
    case "minimum":
    case "concat":
    case "slice":
    case "repeat":
    case "interleave":
    case "reshape":
    case "softmax":
    case "log-softmax":
    case "l2-normalization":
      throw new InputError(unsupported(node, `operator ${node.kind}`));
  }
}

function common(
  graph: IntGraph,
  node: IntConv | IntDepthwise,
): Omit<Operator, "kind" | "weights" | "kernel" | "bias"> {
  const { input, output } = ends(graph, node);
  return {
    node,
    stride: node.stride,
    padding: node.padding,
    input: input.id,
    output: output.id,
    weightZeroPoint: node.weightZeroPoint,
    multiplier: node.requantize.multiplier,
    shift: shiftsOf(node.requantize, graph.rounding),
    inputZeroPoint: input.zeroPoint,
    outputZeroPoint: output.zeroPoint,
    min: node.requantize.min,
    max: node.requantize.max,
    maximum: false,
    activation: null,
    lookup: null,
  };
}

function conv(graph: IntGraph, node: IntConv): Operator {
  const { input, output } = ends(graph, node);
  const { weights, kernel } = undilated(
    node.weights,
    output.channels,
    node.kernel,
    input.channels,
    node.dilation,
  );
  return convOperator(graph, node, weights, kernel);
}

function convOperator(
  graph: IntGraph,
  node: IntConv | IntDepthwise,
  weights: Int16Array,
  kernel: readonly [number, number],
): Operator {
  const { input, output } = ends(graph, node);
  const patch = kernel[0] * kernel[1] * input.channels;
  const bias = Int32Array.from(node.bias);
  for (let k = 0; k < output.channels; k++) {
    let sum = 0;
    for (const weight of weights.subarray(k * patch, (k + 1) * patch)) sum += weight;
    bias[k] = item(bias, k) - input.zeroPoint * sum;
  }
  return withNarrowSums({ ...common(graph, node), kind: "conv", kernel, weights, bias });
}

/** One input channel per output channel; other multipliers become a convolution whose foreign weights are zero. */
function depthwise(graph: IntGraph, node: IntDepthwise): Operator {
  const { input, output } = ends(graph, node);
  const K = output.channels;
  const taps = undilated(node.weights, 1, node.kernel, K, node.dilation);
  const [kh, kw] = taps.kernel;
  if (node.multiplier !== 1) {
    const C = input.channels;
    const dense = new Int16Array(K * kh * kw * C);
    for (let t = 0; t < kh * kw; t++)
      for (let k = 0; k < K; k++)
        dense[(k * kh * kw + t) * C + Math.floor(k / node.multiplier)] = item(taps.weights, t * K + k);
    return convOperator(graph, node, dense, taps.kernel);
  }
  const bias = Int32Array.from(node.bias);
  for (let c = 0; c < K; c++) {
    let sum = 0;
    for (let t = 0; t < kh * kw; t++) sum += item(taps.weights, t * K + c);
    bias[c] = item(bias, c) - input.zeroPoint * sum;
  }
  const { kernel, weights } = taps;
  return withNarrowSums({ ...common(graph, node), kind: "depthwise", kernel, weights, bias });
}

/** A dilated kernel as the larger kernel with zeros between its taps. Weights [K][kh][kw][C]. */
function undilated(
  weights: Int16Array,
  K: number,
  kernel: readonly [number, number],
  C: number,
  dilation: readonly [number, number],
): { weights: Int16Array; kernel: readonly [number, number] } {
  const [kh, kw] = kernel;
  const [dy, dx] = dilation;
  if (dy === 1 && dx === 1) return { weights, kernel };
  const eh = (kh - 1) * dy + 1;
  const ew = (kw - 1) * dx + 1;
  const out = new Int16Array(K * eh * ew * C);
  for (let k = 0; k < K; k++)
    for (let y = 0; y < kh; y++)
      for (let x = 0; x < kw; x++)
        out.set(
          weights.subarray(((k * kh + y) * kw + x) * C, ((k * kh + y) * kw + x + 1) * C),
          ((k * eh + y * dy) * ew + x * dx) * C,
        );
  return { weights: out, kernel: [eh, ew] };
}
