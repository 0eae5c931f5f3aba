import type { BinaryNode } from "../../ir/graph.ts";
import type { IntAdd } from "../../ir/integer.ts";
import { intBase, mapOf, report } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { quantizeMultiplier } from "../multiplier.ts";
import { activationRange } from "../range.ts";

/** TFLite's headroom for 8-bit additions. */
const LEFT_SHIFT = 20;

/** TFLite's ADD (kernels/add.cc, Prepare): both inputs scaled to twice the larger scale, then to the output's. */
export function lowerAdd(node: BinaryNode, context: LowerContext): IntAdd | null {
  const a = mapOf(context, node.inputs[0]);
  const b = mapOf(context, node.inputs[1]);
  const output = mapOf(context, node.output);
  if (!a || !b || !output) return null;
  if (a.height !== b.height || a.width !== b.width || a.channels !== b.channels) {
    const show = (m: typeof a) => `[${m.height}, ${m.width}, ${m.channels}]`;
    const found = `${show(a)} + ${show(b)}`;
    return report(
      context,
      "unsupported-shape",
      node.name,
      found,
      "maps of one shape",
      "add maps of the same shape",
    );
  }
  const twice = 2 * Math.max(a.scale, b.scale);
  const result = quantizeMultiplier(twice / (2 ** LEFT_SHIFT * output.scale));
  if (result.exponent > 0) {
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
  return {
    kind: "add",
    ...intBase(context, node, [a.id, b.id]),
    leftShift: LEFT_SHIFT,
    input1: quantizeMultiplier(a.scale / twice),
    input2: quantizeMultiplier(b.scale / twice),
    result,
    ...activationRange(node.activation, output),
  };
}
