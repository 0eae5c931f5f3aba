import type { IntMap, Preprocess } from "../ir/integer.ts";

/**
 * TFLite files do not say how pictures become inputs. The rule here: pixel p (0..255) is stored as p in a uint8 input
 * and as p - 128 in an int8 one, which is what networks trained on [0, 1], [-1, 1] or [0, 255] pixels expect.
 * As real = (p - mean) / std that is mean = zero point + 128 (re-centred), std = 1 / scale.
 */
export function pixelPreprocess(input: IntMap): Preprocess | undefined {
  if (input.channels !== 1 && input.channels !== 3) return undefined;
  const each = (value: number) => Array.from({ length: input.channels }, () => value);
  const channelOrder = input.channels === 1 ? "grey" : "rgb";
  return { mean: each(input.zeroPoint + 128), std: each(1 / input.scale), channelOrder };
}
