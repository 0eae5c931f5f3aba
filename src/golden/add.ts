import { residualAdd } from "../../hw/kernels/residual-add.ts";
import type { Int, UInt } from "../hls/index.ts";
import { assert } from "../ir/errors.ts";
import type { IntAdd, IntMap } from "../ir/integer.ts";
import { sizeOf } from "./maps.ts";
import type { Filled } from "./maps.ts";
import { item } from "../ir/known.ts";

/**
 * Sum of two maps of equal shape and, in general, three different scales: the hardware's kernel.
 * Source: TFLite's reference_integer_ops::Add and reference_ops::Add.
 */
export function add(node: IntAdd, first: Filled, second: Filled, output: IntMap): Int8Array {
  const size = sizeOf(output);
  assert(
    first.values.length === size && second.values.length === size,
    `${node.name}: the maps of an add have one shape`,
  );
  const int8 = Array.from({ length: 256 }, (_, i) => BigInt(i - 128) as Int<8>);
  const value = (x: number): Int<8> => item(int8, x + 128);
  const [aMultiplier, aRight] = scaleOf(node.input1);
  const [bMultiplier, bRight] = scaleOf(node.input2);
  const [multiplier, right] = scaleOf(node.result);
  const aZero = value(first.map.zeroPoint);
  const bZero = value(second.map.zeroPoint);
  const [zeroPoint, low, high] = [value(output.zeroPoint), value(node.min), value(node.max)];
  const sum = (a: Int<8>, b: Int<8>): Int<8> =>
    residualAdd(
      ...([a, aZero, aMultiplier, aRight] as const),
      ...([b, bZero, bMultiplier, bRight] as const),
      ...([multiplier, right, zeroPoint, low, high] as const),
    );
  return Int8Array.from({ length: size }, (_, i) =>
    Number(sum(value(item(first.values, i)), value(item(second.values, i)))),
  );
}

/** The verifier holds the exponents of a sum to right shifts. */
function scaleOf({ multiplier, exponent }: IntAdd["result"]): [UInt<31>, UInt<5>] {
  return [BigInt(multiplier) as UInt<31>, BigInt(-exponent) as UInt<5>];
}
