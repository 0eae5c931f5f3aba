/** Operands of convolutions and fully connected layers. */
import type { Tensor } from "../../ir/graph.ts";
import { known } from "../../ir/known.ts";
import { elements } from "../../ir/shapes.ts";
import { dequantized } from "./fold/compute.ts";
import { numbersOf } from "./fold/constant.ts";
import { RECONVERT, requireConstant, typesAdvice } from "./context.ts";
import type { OperatorContext } from "./context.ts";

export interface WeightedOperands {
  readonly map: Tensor;
  readonly weights: Tensor;
  readonly bias: Tensor | undefined;
}

/** map, weights, bias and output types that Firebrick computes with. */
const TYPES = ["float32 float32 float32 float32", "int8 int8 int32 int8", "uint8 uint8 int32 uint8"];

/** Dynamic-range quantisation: TFLite quantises the maps anew for each picture; Firebrick takes it for a float network. */
const DYNAMIC = ["float32 int8 float32 float32", "float32 uint8 float32 float32"];

function typesFound(types: string): string {
  const listed = `types ${types.replaceAll(" ", ", ")} of input, weights, bias, output`;
  return types.startsWith("int16") ? `16-bit activations, ${listed}` : listed;
}

/**
 * Reads [map, weights, bias?] and reports types that do not go together, weights computed at run time, and weights quantised
 * along an axis other than their output channels' (`channelAxis`). 8-bit weights of a float layer become float32.
 */
export function requireWeights(op: OperatorContext, channelAxis: number): WeightedOperands | undefined {
  const [map, weights, bias] = op.inputs;
  if (!map || !weights) return undefined;
  let sound = requireConstant(op, "weights", weights);
  if (bias && !requireConstant(op, "bias", bias)) sound = false;
  const biasType = bias?.dtype ?? (map.dtype === "float32" ? "float32" : "int32");
  const types = [map.dtype, weights.dtype, biasType, op.output.dtype].join(" ");
  const isDynamic = DYNAMIC.includes(types) && weights.quantization !== undefined;
  if (!TYPES.includes(types) && !isDynamic) {
    const supported = "int8 or uint8 with int32 bias, or float32 throughout";
    op.report("unsupported-type", typesFound(types), supported, typesAdvice(types.split(" ")));
    sound = false;
  }
  const quantization = weights.quantization;
  if (quantization && quantization.scales.length > 1) {
    if (quantization.axis !== channelAxis) {
      const found = `weight scales along axis ${quantization.axis}`;
      op.report("unsupported-quantization", found, `weight scales along axis ${channelAxis}`, RECONVERT);
      sound = false;
    }
    if (!isDynamic && quantization.zeroPoints.some((z) => z !== 0)) {
      op.report(
        "unsupported-quantization",
        "per-channel weight zero points",
        "0 for per-channel weights",
        RECONVERT,
      );
      sound = false;
    }
  }
  if (!sound) return undefined;
  const vector = bias && bias.shape.length !== 1 ? flat(op, bias) : bias;
  return { map, weights: isDynamic ? dequantizedWeights(op, weights) : weights, bias: vector };
}

/** TFLite counts the values of a bias, and takes any shape of so many. */
function flat(op: OperatorContext, { name, dtype, shape, data, quantization }: Tensor): Tensor {
  const values = { name, dtype, shape: [elements(shape)], data: known(data, "a bias that is stored") };
  return op.addConstant({ ...values, ...(quantization && { quantization: { ...quantization, axis: 0 } }) });
}

function dequantizedWeights(op: OperatorContext, { name, shape, data, quantization }: Tensor): Tensor {
  const values = known(data, "weights that are stored");
  const scales = known(quantization, "weights with scales");
  return op.addConstant({
    name,
    shape,
    dtype: "float32",
    data: dequantized(numbersOf(values), shape, scales),
  });
}
