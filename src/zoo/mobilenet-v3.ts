import { buildNetwork } from "../ir/builder.ts";
import type { Network, NetworkBuilder, NetworkMap } from "../ir/builder.ts";
import { divisible } from "./divisible.ts";
import type { Family } from "./family.ts";
import { mobilenetNumbers, parseMobilenetNumbers, showAlpha } from "./mobilenet-name.ts";

/** An inverted residual: expansion, output channels at alpha 1, stride, and what the minimalistic network leaves out. */
interface Block {
  readonly expansion: number;
  readonly outputs: number;
  readonly stride?: 2;
  /** Depthwise window of 5 x 5. */
  readonly wide?: true;
  /** Squeeze and excite. */
  readonly gated?: true;
  /** Hard-swish in place of ReLU. */
  readonly swish?: true;
}

const wide = true;
const gated = true;
const swish = true;

/** Tables 1 and 2 of the paper; expansions as Keras divides them. */
const SIZES = {
  small: {
    blocks: [
      { expansion: 1, outputs: 16, stride: 2, gated },
      { expansion: 72 / 16, outputs: 24, stride: 2 },
      { expansion: 88 / 24, outputs: 24 },
      { expansion: 4, outputs: 40, stride: 2, wide, gated, swish },
      { expansion: 6, outputs: 40, wide, gated, swish },
      { expansion: 6, outputs: 40, wide, gated, swish },
      { expansion: 3, outputs: 48, wide, gated, swish },
      { expansion: 3, outputs: 48, wide, gated, swish },
      { expansion: 6, outputs: 96, stride: 2, wide, gated, swish },
      { expansion: 6, outputs: 96, wide, gated, swish },
      { expansion: 6, outputs: 96, wide, gated, swish },
    ],
    last: 1024,
  },
  large: {
    blocks: [
      { expansion: 1, outputs: 16 },
      { expansion: 4, outputs: 24, stride: 2 },
      { expansion: 3, outputs: 24 },
      { expansion: 3, outputs: 40, stride: 2, wide, gated },
      { expansion: 3, outputs: 40, wide, gated },
      { expansion: 3, outputs: 40, wide, gated },
      { expansion: 6, outputs: 80, stride: 2, swish },
      { expansion: 2.5, outputs: 80, swish },
      { expansion: 2.3, outputs: 80, swish },
      { expansion: 2.3, outputs: 80, swish },
      { expansion: 6, outputs: 112, gated, swish },
      { expansion: 6, outputs: 112, gated, swish },
      { expansion: 6, outputs: 160, stride: 2, wide, gated, swish },
      { expansion: 6, outputs: 160, wide, gated, swish },
      { expansion: 6, outputs: 160, wide, gated, swish },
    ],
    last: 1280,
  },
} as const satisfies Readonly<Record<string, { readonly blocks: readonly Block[]; readonly last: number }>>;

export interface MobilenetV3Options {
  readonly size: keyof typeof SIZES;
  /** Width multiplier. */
  readonly alpha: number;
  /** Side of the square input in pixels. */
  readonly resolution: number;
  /** Without squeeze and excite, hard-swish and 5 x 5 windows; default false. */
  readonly minimalistic?: boolean;
  /** Default 3. */
  readonly channels?: number;
  /** Default 1001: ImageNet's classes behind one for the background. */
  readonly classes?: number;
}

/**
 * MobileNet v3, [resolution, resolution, channels] -> [1, 1, classes] with softmax.
 * Source: Howard et al., Searching for MobileNetV3, arXiv 1905.02244, tables 1 and 2, with the channels of Keras
 * (keras/applications/mobilenet_v3.py): all are rounded to multiples of 8, those between the two convolutions of a gate too;
 * the last convolution keeps its filters below alpha 1. The minimalistic networks are those of TF-slim.
 */
export function mobilenetV3(options: MobilenetV3Options): Network {
  const { alpha, resolution, minimalistic = false, channels = 3, classes = 1001 } = options;
  const { blocks, last } = SIZES[options.size];
  const size = { height: resolution, width: resolution, channels };
  const b = buildNetwork(mobilenetV3Name(options), size);
  const activation = minimalistic ? "relu" : "hard-swish";
  let x = b.conv("Conv", b.input, 16, { kernel: 3, stride: 2, activation });
  blocks.forEach((block: Block, index) => {
    const name = index === 0 ? "expanded_conv" : `expanded_conv_${index}`;
    const { expansion, outputs, stride } = block;
    const plain = { expansion, outputs, ...(stride && { stride }) };
    x = invertedResidual(b, name, x, minimalistic ? plain : block, alpha);
  });
  x = b.conv("Conv_1", x, divisible(x.channels * 6), { kernel: 1, activation });
  x = b.globalAverage("AvgPool", x);
  x = b.dense("Conv_2", x, alpha > 1 ? divisible(last * alpha) : last, { activation });
  b.softmax("Predictions", b.dense("Logits", x, classes));
  return b.finish();
}

function invertedResidual(
  b: NetworkBuilder,
  name: string,
  input: NetworkMap,
  block: Block,
  alpha: number,
): NetworkMap {
  const { expansion, stride = 1 } = block;
  const activation = block.swish ? "hard-swish" : "relu";
  const outputs = divisible(block.outputs * alpha);
  let x = input;
  if (expansion !== 1)
    x = b.conv(`${name}/expand`, x, divisible(x.channels * expansion), { kernel: 1, activation });
  x = b.depthwise(`${name}/depthwise`, x, { kernel: block.wide ? 5 : 3, stride, activation });
  if (block.gated) x = squeezeAndExcite(b, `${name}/squeeze_excite`, x);
  x = b.conv(`${name}/project`, x, outputs, { kernel: 1 });
  return stride === 1 && input.channels === outputs ? b.add(`${name}/add`, input, x) : x;
}

/** A gate of 0 to 1 for each channel, made of the averages of all: section 5.3 of the paper. */
function squeezeAndExcite(b: NetworkBuilder, name: string, input: NetworkMap): NetworkMap {
  const averages = b.globalAverage(`${name}/AvgPool`, input);
  const squeezed = b.dense(`${name}/Conv`, averages, divisible(input.channels / 4), { activation: "relu" });
  const gate = b.dense(`${name}/Conv_1`, squeezed, input.channels, { activation: "hard-sigmoid" });
  return b.multiply(`${name}/Mul`, input, gate);
}

/** `mobilenet-v3-small-0.75-224`, `mobilenet-v3-large-minimalistic-1.0-224`. */
function mobilenetV3Name({ size, minimalistic = false, alpha, resolution }: MobilenetV3Options): string {
  return `mobilenet-v3-${size}${minimalistic ? "-minimalistic" : ""}-${showAlpha(alpha)}-${resolution}`;
}

const LISTED: readonly MobilenetV3Options[] = (["small", "large"] as const).flatMap((size) => [
  ...[1, 0.75].flatMap((alpha) => [224, 128].map((resolution) => ({ size, alpha, resolution }))),
  { size, minimalistic: true, alpha: 1, resolution: 224 },
]);

export const mobilenetV3Family: Family = {
  pattern: `mobilenet-v3-small or -large, then -minimalistic or nothing, -ALPHA-RESOLUTION (${mobilenetNumbers})`,
  title: "MobileNet v3",
  source: "arXiv 1905.02244, seeded weights",
  names: LISTED.map(mobilenetV3Name),
  describe(name) {
    const [, size, plain, numbers] = /^mobilenet-v3-(small|large)(-minimalistic)?-(.*)$/.exec(name) ?? [];
    if (size !== "small" && size !== "large") return undefined;
    const parsed = parseMobilenetNumbers(numbers);
    return parsed && mobilenetV3({ size, minimalistic: plain !== undefined, ...parsed });
  },
};
