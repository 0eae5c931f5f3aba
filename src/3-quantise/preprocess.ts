import type { IntMap, Preprocess } from "../ir/integer.ts";

/** Real values of pixels 0 and 255 in the usual conventions: as they are, less 128, and 0 to 1 or -1 to 1. */
const PIXEL_RANGES = [
  [0, 255],
  [-128, 127],
  [0, 1],
  [-0.5, 0.5],
  [-1, 1],
] as const;

/** How far a range may lie from its convention, in steps: converters write 1/128 for 1/127.5. */
const SLACK = 2;

/**
 * TensorFlow Lite's pictures: pixel p (0..255) is stored as p in a uint8 input and as p - 128 in an int8 one where the 256 values
 * of the input span what a convention makes of pixels. As real = (p - mean) / std that is mean = zero point + 128 (re-centred),
 * std = 1 / scale. Undefined for any other range: the network wants a mean and a scale that its quantisation does not tell.
 */
export function pixelPreprocess(input: IntMap): Preprocess | undefined {
  if (input.channels !== 1 && input.channels !== 3) return undefined;
  const { scale, zeroPoint } = input;
  const isNear = (real: number, stored: number) => Math.abs(real / scale + zeroPoint - stored) <= SLACK;
  if (!PIXEL_RANGES.some(([low, high]) => isNear(low, -128) && isNear(high, 127))) return undefined;
  const each = (value: number) => Array.from({ length: input.channels }, () => value);
  const channelOrder = input.channels === 1 ? "grey" : "rgb";
  return { mean: each(zeroPoint + 128), std: each(1 / scale), channelOrder };
}
