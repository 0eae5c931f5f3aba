/** MUL, MAXIMUM and MINIMUM of two maps; one may be stretched to the other's shape. */
import type { BinaryNode } from "../../ir/graph.ts";
import type { IntExtreme, IntFloatMul, IntMap, IntMul } from "../../ir/integer.ts";
import { productsAgree } from "../add-agreement.ts";
import { intBase, mapOf, report } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { kernelCentre } from "../float32.ts";
import { quantizeMultiplier } from "../multiplier.ts";
import { activationRange, isSaturation } from "../range.ts";

/** The most that a product of two 9-bit values is shifted left by, to stay within 32 bits. */
const MOST_LEFT = 14;

/**
 * TFLite's MUL (kernels/mul.cc, Prepare): the factor in float32. ONNX Runtime's in float32, unless integers come to the same.
 */
export function lowerProduct(node: BinaryNode, context: LowerContext): IntMul | IntFloatMul | null {
  const a = mapOf(context, node.inputs[0]);
  const b = mapOf(context, node.inputs[1]);
  const output = mapOf(context, node.output);
  if (!a || !b || !output) return null;
  const isFloat = context.graph.arithmetic === "onnx";
  const base = intBase(context, node, [a.id, b.id]);
  const range = activationRange(node.activation, output, context.graph.arithmetic);
  const factor = quantizeMultiplier(ratioOf(a, b, output));
  // one rounding after all places, where TFLite has two
  const leftShift = isFloat ? MOST_LEFT : Math.max(factor.exponent, 0);
  const right = leftShift - factor.exponent;
  const isFixed = leftShift <= MOST_LEFT && right >= 0 && right <= 31;
  const result = { multiplier: factor.multiplier, exponent: -right };
  const product: IntMul = { kind: "mul", ...base, leftShift, result, ...range };
  if (isFloat) {
    const float = floatMul(node, context, a, b, output);
    return isFixed && productsAgree(product, float, a, b, output) ? product : float;
  }
  if (isFixed) return product;
  const found = `an output scale ${output.scale} for a product of scales ${a.scale} and ${b.scale}`;
  return report(
    context,
    "unsupported-quantization",
    node.name,
    found,
    `a ratio below 2^${MOST_LEFT}`,
    "convert the network again",
  );
}

/** MlasQLinearMul's constants. */
export function floatMul(
  node: BinaryNode,
  context: LowerContext,
  a: IntMap,
  b: IntMap,
  output: IntMap,
): IntFloatMul {
  const centre = isSaturation(node.activation, output) ? kernelCentre(context, [a, b, output]) : null;
  const kernel = centre === null ? null : { ratio: ratioOf(a, b, output), centre };
  const range = activationRange(node.activation, output, context.graph.arithmetic);
  return { kind: "float-mul", ...intBase(context, node, [a.id, b.id]), kernel, ...range };
}

/** What a product of integers is multiplied by: two roundings to float32. */
function ratioOf(a: IntMap, b: IntMap, output: IntMap): number {
  return Math.fround(Math.fround(a.scale * b.scale) / output.scale);
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
