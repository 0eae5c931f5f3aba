/** ONNX Runtime's ADD and MUL of a quantised map and a quantised constant, one value for all channels or one a channel. */
import type { BinaryNode } from "../../ir/graph.ts";
import type { IntDepthwise, IntLookup, IntMap } from "../../ir/integer.ts";
import { floatProduct, floatSum } from "../add-agreement.ts";
import { intBase, mapOf, tensorOf } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { unfolded } from "../unfolded.ts";
import { floatAdd } from "./add.ts";
import { asLayer, type ChannelFunction } from "./constant-operand.ts";
import { eightBitConstant } from "./lookup.ts";
import { floatMul } from "./two-maps.ts";

/**
 * As MlasQLinearAdd and MlasQLinearMul compute it for every value: a table where all channels have one, else a depthwise 1 x 1 layer
 * where one gives every value. Null after a report.
 */
export function lowerOnnxConstant(node: BinaryNode, context: LowerContext): IntDepthwise | IntLookup | null {
  const [first, second] = [tensorOf(context, node.inputs[0]), tensorOf(context, node.inputs[1])];
  const operand = eightBitConstant(second);
  if (first.data || !operand || (node.kind !== "add" && node.kind !== "mul")) {
    context.problems.push(unfolded(node, context.graph.tensors));
    return null;
  }
  const [input, output] = [mapOf(context, first.id), mapOf(context, node.output)];
  if (!input || !output) return null;
  const shift = second.dtype === "uint8" ? 128 : 0;
  const zeroPoint = (second.quantization?.zeroPoints[0] ?? shift) - shift;
  const constant: IntMap = { ...input, id: second.id, scale: operand.scale, zeroPoint };
  const isAdd = node.kind === "add";
  const float = isAdd
    ? floatAdd(node, context, input, constant, output)
    : floatMul(node, context, input, constant, output);
  const result =
    float.kind === "float-add"
      ? floatSum(float, input, constant, output)
      : floatProduct(float, input, constant, output);
  const functions = operand.values.map((value): ChannelFunction => {
    const table = Int8Array.from({ length: 256 }, (_, i) =>
      Math.max(float.min, Math.min(float.max, result(i - 128, value + zeroPoint))),
    );
    const real = value * operand.scale;
    const ratio = input.scale / output.scale;
    return isAdd
      ? { table, slope: ratio, offset: real / output.scale }
      : { table, slope: ratio * real, offset: 0 };
  });
  const [only, ...others] = functions;
  if (only && others.length === 0)
    return { kind: "lookup", ...intBase(context, node, [input.id]), tables: only.table };
  return asLayer(node, context, input, output, functions);
}
