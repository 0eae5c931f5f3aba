/** Operands of convolutions and fully connected layers. */
import type { Tensor } from "../../ir/graph.ts";
import { RECONVERT, requireConstant, typesAdvice } from "./context.ts";
import type { OperatorContext } from "./context.ts";

export interface WeightedOperands {
  readonly map: Tensor;
  readonly weights: Tensor;
  readonly bias: Tensor | undefined;
}

/** map, weights, bias and output types that Firebrick computes with. */
const TYPES = ["float32 float32 float32 float32", "int8 int8 int32 int8", "uint8 uint8 int32 uint8"];

function isDynamic(types: string): boolean {
  return types.startsWith("float32 int8") || types.startsWith("float32 uint8");
}

function typesFound(types: string): string {
  const listed = `types ${types.replaceAll(" ", ", ")} of input, weights, bias, output`;
  if (isDynamic(types)) return `dynamic-range quantisation, ${listed}`;
  return types.startsWith("int16") ? `16-bit activations, ${listed}` : listed;
}

function typesFix(types: string): string {
  return isDynamic(types)
    ? "give the float .tflite to `firebrick quantize`, or convert with full-integer quantisation"
    : typesAdvice(types.split(" "));
}

/**
 * Reads [map, weights, bias?] and reports hybrid types, weights computed at run time, and weights quantised along an
 * axis other than their output channels' (`channelAxis`).
 */
export function requireWeights(op: OperatorContext, channelAxis: number): WeightedOperands | undefined {
  const [map, weights, bias] = op.inputs;
  if (!map || !weights) return undefined;
  let sound = requireConstant(op, "weights", weights);
  if (bias && !requireConstant(op, "bias", bias)) sound = false;
  const biasType = bias?.dtype ?? (map.dtype === "float32" ? "float32" : "int32");
  const types = [map.dtype, weights.dtype, biasType, op.output.dtype].join(" ");
  if (!TYPES.includes(types)) {
    const supported = "int8 or uint8 with int32 bias, or float32 throughout";
    op.report("unsupported-type", typesFound(types), supported, typesFix(types));
    sound = false;
  }
  const quantization = weights.quantization;
  if (quantization && quantization.scales.length > 1) {
    if (quantization.axis !== channelAxis) {
      const found = `weight scales along axis ${quantization.axis}`;
      op.report("unsupported-quantization", found, `weight scales along axis ${channelAxis}`, RECONVERT);
      sound = false;
    }
    if (quantization.zeroPoints.some((z) => z !== 0)) {
      op.report(
        "unsupported-quantization",
        "per-channel weight zero points",
        "0 for per-channel weights",
        RECONVERT,
      );
      sound = false;
    }
  }
  return sound ? { map, weights, bias } : undefined;
}
