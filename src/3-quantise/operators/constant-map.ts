/** A constant of more than one value a channel, as the second map of an operator of two maps. */
import type { BinaryNode } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";
import { mapOf, tensorOf } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { eightBitConstant } from "./lookup.ts";

/**
 * Makes the constant operand of the node one of the graph's maps, and says whether it did: not with one value for all channels
 * or one a channel of a map of the result's shape, for which there are other forms, nor without one scale of 8 bits.
 */
export function putConstantMap(node: BinaryNode, context: LowerContext): boolean {
  const tensors = node.inputs.map((id) => tensorOf(context, id));
  const constant = tensors.find(({ data }) => data);
  const other = tensors.find(({ data }) => !data);
  const operand = constant && eightBitConstant(constant);
  if (!constant || !other || !operand) return false;
  const [map, output] = [mapOf(context, other.id), mapOf(context, node.output)];
  if (!map || !output) return false;
  const { id, name, shape } = constant;
  const [height, width, channels] = [1, 1, 1, ...shape].slice(-3) as [number, number, number];
  const isWhole =
    map.height === output.height && map.width === output.width && map.channels === output.channels;
  if (operand.raw.length === 1 || (operand.raw.length === channels && channels === map.channels && isWhole))
    return false;
  const dtype = constant.dtype === "uint8" ? "uint8" : "int8";
  const shift = dtype === "uint8" ? 128 : 0;
  context.maps.set(id, {
    id,
    name,
    height,
    width,
    channels,
    dtype,
    scale: operand.scale,
    zeroPoint: item(operand.raw, 0) - item(operand.values, 0) - shift,
    values: Int8Array.from(operand.raw, (value) => value - shift),
  });
  return true;
}
