import type { IntMap } from "../ir/integer.ts";
import { roundAway } from "../ir/rounding.ts";
import { multiplyByQuantized, quantizeMultiplier } from "./multiplier.ts";
import type { Multiplier } from "./multiplier.ts";

/** How far the multiplier may be moved, in its last bits, to meet the float formula on all 256 values. */
const REACH = 512;

/**
 * TFLite rescales the inputs of a uint8 concatenation in float32 (ConcatenationWithScaling). This finds the multiplier
 * that gives the same integer for every input value; undefined where none does.
 */
export function concatFactor(input: IntMap, output: IntMap): Multiplier | undefined {
  const { multiplier, exponent } = quantizeMultiplier(input.scale / output.scale);
  const wanted = Array.from({ length: 256 }, (_, i) => floatRescale(i - 128, input, output));
  const agrees = (candidate: number) =>
    wanted.every((value, i) => {
      const scaled = multiplyByQuantized(i - 128 - input.zeroPoint, candidate, exponent);
      return clamp(scaled + output.zeroPoint) === value;
    });
  for (let distance = 0; distance <= REACH; distance++) {
    for (const candidate of distance === 0 ? [multiplier] : [multiplier + distance, multiplier - distance]) {
      if (candidate >= 0 && candidate < 2 ** 31 && agrees(candidate))
        return { multiplier: candidate, exponent };
    }
  }
  return undefined;
}

/** The reference formula on re-centred values; for uint8 it runs on the model's own values. */
function floatRescale(value: number, input: IntMap, output: IntMap): number {
  const offset = input.dtype === "uint8" ? 128 : 0;
  const scale = Math.fround(input.scale * Math.fround(1 / output.scale));
  const bias = Math.fround(-(input.zeroPoint + offset) * scale);
  const real = Math.fround(Math.fround((value + offset) * scale) + bias);
  return clamp(roundAway(real) + output.zeroPoint);
}

function clamp(value: number): number {
  return Math.max(-128, Math.min(127, value));
}
