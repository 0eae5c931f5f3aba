/** MUL, MAXIMUM and MINIMUM of two maps; one may be stretched to the other's shape. */
import type { BinaryNode } from "../../ir/graph.ts";
import type { IntExtreme, IntMap, IntMul } from "../../ir/integer.ts";
import { roundEven } from "../../ir/rounding.ts";
import { intBase, mapOf, report } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { multiplyByQuantized, quantizeMultiplier } from "../multiplier.ts";
import { activationRange } from "../range.ts";

/** The most that a product of two 9-bit values is shifted left by, to stay within 32 bits. */
const MOST_LEFT = 14;

/**
 * TFLite's MUL (kernels/mul.cc, Prepare): the factor in float32. ONNX Runtime computes in float32 (MlasQLinearMul, and between
 * dequantisation and quantisation): refused, unless integers come to the same values for all pairs of operands.
 */
export function lowerProduct(node: BinaryNode, context: LowerContext): IntMul | null {
  const a = mapOf(context, node.inputs[0]);
  const b = mapOf(context, node.inputs[1]);
  const output = mapOf(context, node.output);
  if (!a || !b || !output) return null;
  const { arithmetic } = context.graph;
  const { exponent, multiplier } = quantizeMultiplier(
    Math.fround(Math.fround(a.scale * b.scale) / output.scale),
  );
  // one rounding after all places, where TFLite has two
  const leftShift = arithmetic === "onnx" ? MOST_LEFT : Math.max(exponent, 0);
  const right = leftShift - exponent;
  if (leftShift > MOST_LEFT || right < 0 || right > 31) {
    const found = `an output scale ${output.scale} for a product of scales ${a.scale} and ${b.scale}`;
    const fix = "convert the network again";
    return report(
      context,
      "unsupported-quantization",
      node.name,
      found,
      `a ratio of 2^-${31 - MOST_LEFT} to 2^${MOST_LEFT}`,
      fix,
    );
  }
  const product: IntMul = {
    kind: "mul",
    ...intBase(context, node, [a.id, b.id]),
    leftShift,
    result: { multiplier, exponent: -right },
    ...activationRange(node.activation, output, arithmetic),
  };
  if (arithmetic !== "onnx" || productsAgree(product, a, b, output)) return product;
  return report(
    context,
    "unsupported-quantization",
    node.name,
    "a MUL whose products fall on ties, which ONNX Runtime rounds in float32",
    "products that integers reproduce for all pairs of operands",
    "give the maps scales whose ratios have more digits",
  );
}

/** Whether the integers are MlasQLinearMul's (onnxruntime/core/mlas/lib/qlmul.cpp) for all pairs. */
function productsAgree(
  { leftShift, max, min, result }: IntMul,
  a: IntMap,
  b: IntMap,
  output: IntMap,
): boolean {
  const bytes = Array.from({ length: 256 }, (_, i) => i - 128);
  const clamp = (value: number) => Math.max(min, Math.min(max, value));
  const real = ({ scale, zeroPoint }: IntMap, x: number) => Math.fround(Math.fround(scale) * (x - zeroPoint));
  return bytes.every((x) => {
    const first = real(a, x);
    return bytes.every((y) => {
      const product = (x - a.zeroPoint) * (y - b.zeroPoint) * 2 ** leftShift;
      const fixed = multiplyByQuantized(product, result.multiplier, result.exponent);
      const float = Math.fround(Math.fround(first * real(b, y)) / Math.fround(output.scale));
      return clamp(fixed + output.zeroPoint) === clamp(roundEven(float) + output.zeroPoint);
    });
  });
}

/** TFLite's MAXIMUM and MINIMUM (MaximumMinimumBroadcastSlow): the integers themselves are compared. */
export function lowerExtreme(
  node: BinaryNode,
  kind: IntExtreme["kind"],
  context: LowerContext,
): IntExtreme | null {
  const a = mapOf(context, node.inputs[0]);
  const b = mapOf(context, node.inputs[1]);
  const output = mapOf(context, node.output);
  if (!a || !b || !output) return null;
  return { kind, ...intBase(context, node, [a.id, b.id]) };
}
