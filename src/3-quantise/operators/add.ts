import type { BinaryNode } from "../../ir/graph.ts";
import type { IntAdd, IntFloatAdd, IntMap } from "../../ir/integer.ts";
import { intBase, mapOf, report } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { addsAgree } from "../add-agreement.ts";
import { kernelCentre } from "../float32.ts";
import { quantizeMultiplier } from "../multiplier.ts";
import { activationRange, isSaturation } from "../range.ts";

/** TFLite's headroom for 8-bit additions. */
const LEFT_SHIFT = 20;

/**
 * TFLite's ADD (kernels/add.cc, Prepare) and SUB (kernels/sub.cc, whose quotients are float32): both inputs scaled to twice
 * the larger scale, then to the output's. ONNX Runtime's ADD and SUB in float32, unless TFLite's integers come to the same.
 */
export function lowerAdd(node: BinaryNode, context: LowerContext): IntAdd | IntFloatAdd | null {
  const a = mapOf(context, node.inputs[0]);
  const b = mapOf(context, node.inputs[1]);
  const output = mapOf(context, node.output);
  if (!a || !b || !output) return null;
  const fixed = fixedAdd(node, context, a, b, output);
  if (context.graph.arithmetic === "onnx") {
    const float = floatAdd(node, context, a, b, output);
    return fixed && addsAgree(fixed, float, a, b, output) ? fixed : float;
  }
  if (!fixed) {
    const found = `an output scale ${output.scale} far below its inputs'`;
    return report(
      context,
      "unsupported-quantization",
      node.name,
      found,
      "a ratio below 2^19",
      "convert the network again",
    );
  }
  return fixed;
}

/** Null where the result's factor is above 1. */
function fixedAdd(
  node: BinaryNode,
  context: LowerContext,
  a: IntMap,
  b: IntMap,
  output: IntMap,
): IntAdd | null {
  const kind = node.kind === "sub" ? "sub" : "add";
  const isRounded = kind === "sub" && context.graph.arithmetic !== "onnx";
  const quotient = (x: number, y: number) => (isRounded ? Math.fround(x / y) : x / y);
  const twice = 2 * Math.max(a.scale, b.scale);
  const result = quantizeMultiplier(quotient(twice, 2 ** LEFT_SHIFT * output.scale));
  if (result.exponent > 0) return null;
  return {
    kind,
    ...intBase(context, node, [a.id, b.id]),
    leftShift: LEFT_SHIFT,
    input1: quantizeMultiplier(quotient(a.scale, twice)),
    input2: quantizeMultiplier(quotient(b.scale, twice)),
    result,
    ...activationRange(node.activation, output, context.graph.arithmetic),
  };
}

/** MlasQLinearAdd's constants, each rounded to float32; the compiler fuses the first product with the sum. */
export function floatAdd(
  node: BinaryNode,
  context: LowerContext,
  a: IntMap,
  b: IntMap,
  output: IntMap,
): IntFloatAdd {
  const base = { kind: "float-add" as const, ...intBase(context, node, [a.id, b.id]) };
  const range = activationRange(node.activation, output, context.graph.arithmetic);
  if (node.kind === "sub") return { ...base, kernel: null, subtracts: true, ...range };
  // an activation that the quantised range does not end keeps the three operators apart
  const centre = isSaturation(node.activation, output) ? kernelCentre(context, [a, b, output]) : null;
  if (centre === null) return { ...base, kernel: null, ...range };
  const ratio1 = Math.fround(a.scale / output.scale);
  const ratio2 = Math.fround(b.scale / output.scale);
  const zeros = Math.fround(ratio1 * (a.zeroPoint + centre) + Math.fround(ratio2 * (b.zeroPoint + centre)));
  const offset = Math.fround(output.zeroPoint + centre - zeros);
  return { ...base, kernel: { ratio1, ratio2, offset, centre }, ...range };
}
