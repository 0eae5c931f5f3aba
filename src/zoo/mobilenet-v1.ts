import { buildNetwork } from "../ir/builder.ts";
import type { Network } from "../ir/builder.ts";
import type { Family } from "./family.ts";
import { mobilenetNumbers, parseMobilenetName, showAlpha } from "./mobilenet-name.ts";

/** Output channels at alpha 1 and stride of each depthwise separable block (table 1 of the paper). */
const BLOCKS = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
] as const;

export interface MobilenetV1Options {
  /** Width multiplier. */
  readonly alpha: number;
  /** Side of the square input in pixels; the paper's rho is resolution / 224. */
  readonly resolution: number;
  /** 1 (grey) or 3 (colour), or any other number; default 3. */
  readonly channels?: number;
  /** Default 1001: ImageNet's classes behind one for the background, as TensorFlow's networks have them. */
  readonly classes?: number;
}

/**
 * MobileNet v1, [resolution, resolution, channels] -> [1, 1, classes] with softmax.
 * Source: Howard et al., MobileNets, arXiv 1704.04861; channels are rounded down, to at least 8, as in TF-slim.
 */
export function mobilenetV1({
  alpha,
  resolution,
  channels = 3,
  classes = 1001,
}: MobilenetV1Options): Network {
  const depth = (atFullWidth: number): number => Math.max(Math.floor(atFullWidth * alpha), 8);
  const b = buildNetwork(mobilenetV1Name(alpha, resolution), {
    height: resolution,
    width: resolution,
    channels,
  });
  let x = b.conv("Conv2d_0", b.input, depth(32), { kernel: 3, stride: 2, activation: "relu6" });
  BLOCKS.forEach(([outputs, stride], i) => {
    x = b.depthwise(`Conv2d_${i + 1}_depthwise`, x, { kernel: 3, stride, activation: "relu6" });
    x = b.conv(`Conv2d_${i + 1}_pointwise`, x, depth(outputs), { kernel: 1, activation: "relu6" });
  });
  x = b.globalAverage("AvgPool_1a", x);
  x = b.conv("Logits", x, classes, { kernel: 1 });
  b.softmax("Predictions", x);
  return b.finish();
}

/** `mobilenet-v1-0.5-160`; whole widths keep one decimal, `mobilenet-v1-1.0-224`. */
export function mobilenetV1Name(alpha: number, resolution: number): string {
  return `mobilenet-v1-${showAlpha(alpha)}-${resolution}`;
}

export const mobilenetV1Family: Family = {
  pattern: `mobilenet-v1-ALPHA-RESOLUTION (${mobilenetNumbers})`,
  title: "MobileNet v1",
  source: "arXiv 1704.04861, seeded weights",
  names: [1, 0.75, 0.5, 0.25].flatMap((alpha) =>
    [224, 192, 160, 128].map((resolution) => mobilenetV1Name(alpha, resolution)),
  ),
  describe(name) {
    const numbers = parseMobilenetName("v1", name);
    return numbers && mobilenetV1(numbers);
  },
};
