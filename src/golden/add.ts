import { assert } from "../ir/errors.ts";
import type { IntAdd, IntMap } from "../ir/integer.ts";
import { clamp, multiplyByQuantized } from "./fixed-point.ts";
import { sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";

/**
 * Sum of two maps of equal shape and, in general, three different scales.
 * Source: TFLite's reference_integer_ops::Add and reference_ops::Add.
 */
export function add(node: IntAdd, first: Filled, second: Filled, output: IntMap): Int8Array {
  const size = sizeOf(output);
  assert(
    first.values.length === size && second.values.length === size,
    `${node.name}: the maps of an add have one shape`,
  );
  const { input1, input2, result: scale, leftShift } = node;
  const result = new Int8Array(size);
  for (let i = 0; i < size; i++) {
    const shifted1 = (first.values[i]! - first.map.zeroPoint) << leftShift;
    const shifted2 = (second.values[i]! - second.map.zeroPoint) << leftShift;
    const scaled1 = multiplyByQuantized(shifted1, input1.multiplier, input1.exponent);
    const scaled2 = multiplyByQuantized(shifted2, input2.multiplier, input2.exponent);
    const sum = multiplyByQuantized((scaled1 + scaled2) | 0, scale.multiplier, scale.exponent);
    result[i] = clamp(sum + output.zeroPoint, node.min, node.max);
  }
  return result;
}
