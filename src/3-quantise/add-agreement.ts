/** Whether fixed-point arithmetic adds two maps as ONNX Runtime does in float32: tried on every pair of operands. */
import type { IntAdd, IntFloatAdd, IntMap } from "../ir/integer.ts";
import { roundEven } from "../ir/rounding.ts";
import { multiplyByQuantized } from "./multiplier.ts";

const BYTES = Array.from({ length: 256 }, (_, i) => i - 128);

/** Pairs, of 65,536, that may differ by one step: below 1 in 8000. */
const MOST_PAIRS = 8;

/** Whether the two adds give the same result for all but a few pairs, and there neighbours. */
export function addsAgree(fixed: IntAdd, float: IntFloatAdd, a: IntMap, b: IntMap, output: IntMap): boolean {
  const firsts = BYTES.map((x) => scaled(x - a.zeroPoint, fixed.leftShift, fixed.input1));
  const seconds = BYTES.map((x) => scaled(x - b.zeroPoint, fixed.leftShift, fixed.input2));
  const add = floatSum(float, a, b, output);
  const clamp = (value: number): number => Math.max(fixed.min, Math.min(fixed.max, value));
  let different = 0;
  for (const [i, first] of firsts.entries()) {
    for (const [k, second] of seconds.entries()) {
      const sum = scaled(first + second, 0, fixed.result) + output.zeroPoint;
      const difference = Math.abs(clamp(sum) - clamp(add(i - 128, k - 128)));
      if (difference > 1) return false;
      if (difference !== 0 && ++different > MOST_PAIRS) return false;
    }
  }
  return true;
}

function scaled(value: number, leftShift: number, { multiplier, exponent }: IntAdd["result"]): number {
  return multiplyByQuantized(value * 2 ** leftShift, multiplier, exponent);
}

/** Sums of re-centred integers, not clamped; the formulas that IntFloatAdd states. */
function floatSum(
  { kernel }: IntFloatAdd,
  a: IntMap,
  b: IntMap,
  output: IntMap,
): (x: number, y: number) => number {
  if (kernel) {
    const { centre, offset, ratio1, ratio2 } = kernel;
    return (x, y) => {
      const partial = Math.fround(offset + (y + centre) * ratio2);
      return roundEven(Math.fround(partial + (x + centre) * ratio1)) - centre;
    };
  }
  const real = ({ scale, zeroPoint }: IntMap, x: number) => Math.fround(scale * (x - zeroPoint));
  return (x, y) => {
    const sum = Math.fround(real(a, x) + real(b, y));
    return roundEven(Math.fround(sum / output.scale)) + output.zeroPoint;
  };
}
