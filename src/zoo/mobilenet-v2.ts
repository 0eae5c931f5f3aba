import { buildNetwork } from "../ir/builder.ts";
import type { Network, NetworkBuilder, NetworkMap } from "../ir/builder.ts";
import { divisible } from "./divisible.ts";
import type { Family } from "./family.ts";
import { mobilenetNumbers, parseMobilenetName, showAlpha } from "./mobilenet-name.ts";

/** Expansion, output channels at alpha 1, repetitions, stride of the first (table 2 of the paper). */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

export interface MobilenetV2Options {
  /** Width multiplier. */
  readonly alpha: number;
  /** Side of the square input in pixels; rho is resolution / 224. */
  readonly resolution: number;
  /** Default 3. */
  readonly channels?: number;
  /** Default 1001: ImageNet's classes behind one for the background. */
  readonly classes?: number;
}

/**
 * MobileNet v2, [resolution, resolution, channels] -> [1, 1, classes] with softmax.
 * Source: Sandler et al., MobileNetV2, arXiv 1801.04381; channels are rounded to multiples of 8 as in TF-slim
 * (make_divisible), and the last convolution keeps its 1280 filters below alpha 1.
 * Inverted residual: 1x1 expansion (none where it is 1), 3x3 depthwise, linear 1x1 projection; the input is added where
 * stride is 1 and channels are equal.
 */
export function mobilenetV2({
  alpha,
  resolution,
  channels = 3,
  classes = 1001,
}: MobilenetV2Options): Network {
  const size = { height: resolution, width: resolution, channels };
  const b = buildNetwork(mobilenetV2Name(alpha, resolution), size);
  const { last } = mobilenetV2Features(b, alpha);
  const x = b.globalAverage("AvgPool", last);
  b.softmax("Predictions", b.conv("Logits", x, classes, { kernel: 1 }));
  return b.finish();
}

/** The network in front of its average: `last`, and the expanded map of every block that has one, the first block's not. */
export function mobilenetV2Features(
  b: NetworkBuilder,
  alpha: number,
): { readonly expanded: readonly NetworkMap[]; readonly last: NetworkMap } {
  const activation = "relu6";
  const expanded: NetworkMap[] = [];
  let x = b.conv("Conv", b.input, divisible(32 * alpha), { kernel: 3, stride: 2, activation });
  let index = 0;
  for (const [expansion, atFullWidth, repetitions, firstStride] of STAGES) {
    const outputs = divisible(atFullWidth * alpha);
    for (let i = 0; i < repetitions; i++) {
      const name = index === 0 ? "expanded_conv" : `expanded_conv_${index}`;
      const stride = i === 0 ? firstStride : 1;
      const wide =
        expansion === 1 ? x : b.conv(`${name}/expand`, x, x.channels * expansion, { kernel: 1, activation });
      if (wide !== x) expanded.push(wide);
      const filtered = b.depthwise(`${name}/depthwise`, wide, { kernel: 3, stride, activation });
      const projected = b.conv(`${name}/project`, filtered, outputs, { kernel: 1 });
      const residual = stride === 1 && x.channels === outputs;
      x = residual ? b.add(`${name}/add`, x, projected) : projected;
      index++;
    }
  }
  const filters = Math.max(divisible(1280 * alpha), 1280);
  return { expanded, last: b.conv("Conv_1", x, filters, { kernel: 1, activation }) };
}

/** `mobilenet-v2-1.0-224`. */
function mobilenetV2Name(alpha: number, resolution: number): string {
  return `mobilenet-v2-${showAlpha(alpha)}-${resolution}`;
}

export const mobilenetV2Family: Family = {
  pattern: `mobilenet-v2-ALPHA-RESOLUTION (${mobilenetNumbers})`,
  title: "MobileNet v2",
  source: "arXiv 1801.04381, seeded weights",
  names: [1, 0.75, 0.5, 0.35].flatMap((alpha) =>
    [224, 192, 160, 128, 96].map((resolution) => mobilenetV2Name(alpha, resolution)),
  ),
  describe(name) {
    const numbers = parseMobilenetName("v2", name);
    return numbers && mobilenetV2(numbers);
  },
};
