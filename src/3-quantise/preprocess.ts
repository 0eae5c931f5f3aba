import type { Graph, Preprocess } from "../ir/graph.ts";
import type { IntMap } from "../ir/integer.ts";
import { item } from "../ir/known.ts";

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
 * How pictures become the values of an input. TensorFlow Lite's users store pixel p (0..255) as p in a uint8 input and as p - 128 in
 * an int8 one. That is taken where the 256 values of the input span what a convention makes of pixels, and where what the
 * model states comes to it within a step. Undefined for any other range: the network wants a mean and a scale that its
 * quantisation does not tell. Networks from ONNX and those that `firebrick quantize` made of raw
 * tensors have any normalisation: for them only what they state counts.
 */
export function picturesOf(
  {
    arithmetic,
    preprocess: stated,
    quantisationErrors,
  }: Pick<Graph, "arithmetic" | "preprocess" | "quantisationErrors">,
  input: IntMap,
): Preprocess | undefined {
  if (arithmetic === "onnx" || quantisationErrors !== undefined) return stated;
  if (input.channels !== 1 && input.channels !== 3) return stated;
  const { channels, scale, zeroPoint } = input;
  const each = (value: number) => Array.from({ length: channels }, () => value);
  const stored: Preprocess = {
    mean: each(zeroPoint + 128),
    std: each(1 / scale),
    channelOrder: channels === 1 ? "grey" : "rgb",
  };
  if (stated !== undefined) return isStored(stated, input) ? { ...stated, ...stored } : stated;
  const isNear = (real: number, value: number) => Math.abs(real / scale + zeroPoint - value) <= SLACK;
  return PIXEL_RANGES.some(([low, high]) => isNear(low, -128) && isNear(high, 127)) ? stored : undefined;
}

/** Whether the rule stores every pixel as it is, or one step beside. */
function isStored({ channelOrder, mean, std }: Preprocess, { channels, scale, zeroPoint }: IntMap): boolean {
  if (channelOrder === "bgr") return false;
  return Array.from({ length: channels }, (_, c) => c).every((c) => {
    const [m, s] = [item(mean, mean.length === 1 ? 0 : c), item(std, std.length === 1 ? 0 : c)];
    const shift = (pixel: number) => (pixel - m) / s / scale + zeroPoint - (pixel - 128);
    return Math.abs(shift(0)) <= 1 && Math.abs(shift(255)) <= 1;
  });
}
