/** Weighted means of windows, as the depthwise engine computes them. */
import type { IntBlend, IntGraph } from "../ir/integer.ts";
import { NO_PADDING } from "../ir/graph.ts";
import { ends } from "./operator-parts.ts";
import type { Operator } from "./plan.ts";
import { divisor } from "./serial-operators.ts";

/** The weights' sum divides as an average pool's number of values does: half away from zero on the model's own integers. */
export function blend(graph: IntGraph, node: IntBlend): Operator {
  const { input, output } = ends(graph, node);
  const { channels } = output;
  const total = node.weights.reduce((sum, weight) => sum + weight, 0);
  const { multiplier, shift } = divisor(total, false);
  const isUnsigned = output.dtype === "uint8";
  return {
    node,
    kind: "depthwise",
    kernel: node.kernel,
    stride: node.stride,
    padding: NO_PADDING,
    input: input.id,
    output: output.id,
    weights: Int16Array.from(node.weights.flatMap((weight) => new Array<number>(channels).fill(weight))),
    weightZeroPoint: WEIGHT_ZERO_POINT,
    bias: new Int32Array(channels).fill(isUnsigned ? 128 * total : 0),
    multiplier: new Int32Array(channels).fill(multiplier),
    shift: new Uint32Array(channels).fill(shift),
    inputZeroPoint: input.zeroPoint,
    outputZeroPoint: isUnsigned ? -128 : 0,
    min: -128,
    max: 127,
    maximum: false,
    activation: null,
    lookup: null,
  };
}

/** Weights of 1 to 255 are stored as int8 beside it. */
const WEIGHT_ZERO_POINT = -128;
