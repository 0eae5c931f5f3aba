/** ONNX Runtime's ADD, SUB and MUL of a quantised map and a quantised constant, one value for all channels or one a channel. */
import type { BinaryNode } from "../../ir/graph.ts";
import type { IntDepthwise, IntLookup, IntMap } from "../../ir/integer.ts";
import { floatProduct, floatSum } from "../add-agreement.ts";
import { intBase, mapOf, tensorOf } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { activationRange } from "../range.ts";
import { unfolded } from "../unfolded.ts";
import { floatAdd } from "./add.ts";
import { asLayer, type ChannelFunction } from "./constant-operand.ts";
import { eightBitConstant } from "./lookup.ts";
import { floatMul } from "./two-maps.ts";

/**
 * As MlasQLinearAdd and MlasQLinearMul compute it for every value, SUB and other types on dequantised values: a table where all channels have one,
 * else a depthwise 1 x 1 layer where one gives every value. Null after a report.
 */
export function lowerOnnxConstant(node: BinaryNode, context: LowerContext): IntDepthwise | IntLookup | null {
  const tensors = node.inputs.map((id) => tensorOf(context, id));
  const constantFirst = tensors[0]?.data !== undefined;
  const [other, stored] = constantFirst ? tensors.toReversed() : tensors;
  const operand = stored && eightBitConstant(stored);
  if (!other || !operand) {
    context.problems.push(unfolded(node, context.graph.tensors));
    return null;
  }
  const [input, output] = [mapOf(context, other.id), mapOf(context, node.output)];
  if (!input || !output) return null;
  const shift = stored.dtype === "uint8" ? 128 : 0;
  const zeroPoint = (stored.quantization?.zeroPoints[0] ?? shift) - shift;
  const constant: IntMap = { ...input, id: stored.id, scale: operand.scale, zeroPoint };
  const [a, b] = constantFirst ? [constant, input] : [input, constant];
  const result =
    node.kind === "mul"
      ? floatProduct(floatMul(node, context, a, b, output), a, b, output)
      : floatSum(floatAdd(node, context, a, b, output), a, b, output);
  const { min, max } = activationRange(node.activation, output, "onnx");
  const functions = operand.values.map((value): ChannelFunction => {
    const own = value + zeroPoint;
    const table = Int8Array.from({ length: 256 }, (_, i) => {
      const steps = constantFirst ? result(own, i - 128) : result(i - 128, own);
      return Math.max(min, Math.min(max, steps));
    });
    return { table, ...lineOf(node.kind, input, value * operand.scale, output, constantFirst) };
  });
  const [only, ...others] = functions;
  if (only && others.length === 0)
    return { kind: "lookup", ...intBase(context, node, [input.id]), tables: only.table };
  return asLayer(node, context, input, output, functions);
}

/** The real line that the function follows, in output steps. */
function lineOf(
  kind: BinaryNode["kind"],
  input: IntMap,
  constant: number,
  output: IntMap,
  constantFirst: boolean,
): Pick<ChannelFunction, "slope" | "offset"> {
  const ratio = input.scale / output.scale;
  if (kind === "mul") return { slope: ratio * constant, offset: 0 };
  const isTurned = kind === "sub" && constantFirst;
  const sign = kind === "sub" && !constantFirst ? -1 : 1;
  return { slope: isTurned ? -ratio : ratio, offset: (sign * constant) / output.scale };
}
