import type { Activation, Graph } from "../ir/graph.ts";
import type { IntMap } from "../ir/integer.ts";
import { roundAway, roundEven } from "../ir/rounding.ts";

/**
 * The clamp that a fused activation puts on a re-centred int8 output.
 * TFLite's CalculateActivationRangeQuantized (kernels/kernel_util.cc): bounds divided by the scale in float32. ONNX Runtime
 * quantises what it has clamped, to the nearest even.
 */
export function activationRange(
  activation: Activation,
  output: IntMap,
  arithmetic?: Graph["arithmetic"],
): { min: number; max: number } {
  const round = arithmetic === "onnx" ? roundEven : roundAway;
  const quantized = (real: number) => output.zeroPoint + round(Math.fround(real / output.scale));
  const low = (real: number) => Math.max(-128, quantized(real));
  const high = (real: number) => Math.min(127, quantized(real));
  switch (activation) {
    case "none":
      return { min: -128, max: 127 };
    case "relu":
      return { min: low(0), max: 127 };
    case "relu6":
      return { min: low(0), max: high(6) };
    case "relu-n1-to-1":
      return { min: low(-1), max: high(1) };
    case "relu-0-to-1":
      return { min: low(0), max: high(1) };
  }
}

/** Whether the quantised range ends where the activation does, so that nothing is left of it. */
export function isSaturation(activation: Activation, { scale, zeroPoint }: IntMap): boolean {
  if (activation === "none") return true;
  if (activation === "relu") return zeroPoint === -128;
  const [low, high] = activation === "relu6" ? [0, 6] : activation === "relu-0-to-1" ? [0, 1] : [-1, 1];
  return scale * (-128 - zeroPoint) >= low && scale * (127 - zeroPoint) <= high;
}
