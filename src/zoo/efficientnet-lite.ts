import { buildNetwork } from "../ir/builder.ts";
import type { Network } from "../ir/builder.ts";
import { only, type Family } from "./family.ts";

/** Expansion, output channels, repetitions, stride of the first, side of the depthwise window. */
const STAGES = [
  [1, 16, 1, 1, 3],
  [6, 24, 2, 2, 3],
  [6, 40, 2, 2, 5],
  [6, 80, 3, 2, 3],
  [6, 112, 3, 1, 5],
  [6, 192, 4, 2, 5],
  [6, 320, 1, 1, 3],
] as const;

const activation = "relu6";
const name = "efficientnet-lite0-224";

/**
 * EfficientNet-lite0, [224, 224, 3] -> [1, 1, 1000] with softmax.
 * Source: Tan and Le, EfficientNet, arXiv 1905.11946, table 1, as TensorFlow's tpu/models/official/efficientnet/lite has it for
 * integer hardware: RELU6 in place of swish, no squeeze and excite.
 */
function efficientnetLite0(): Network {
  const b = buildNetwork(name, { height: 224, width: 224, channels: 3 });
  let x = b.conv("stem", b.input, 32, { kernel: 3, stride: 2, activation });
  let index = 0;
  for (const [expansion, outputs, repetitions, firstStride, kernel] of STAGES) {
    for (let i = 0; i < repetitions; i++) {
      const block = `blocks_${index++}`;
      const stride = i === 0 ? firstStride : 1;
      const expanded =
        expansion === 1 ? x : b.conv(`${block}/expand`, x, x.channels * expansion, { kernel: 1, activation });
      const filtered = b.depthwise(`${block}/depthwise`, expanded, { kernel, stride, activation });
      const projected = b.conv(`${block}/project`, filtered, outputs, { kernel: 1 });
      x = i === 0 ? projected : b.add(`${block}/add`, x, projected);
    }
  }
  x = b.globalAverage("average", b.conv("head", x, 1280, { kernel: 1, activation }));
  b.softmax("scores", b.dense("logits", x, 1000));
  return b.finish();
}

export const efficientnetFamily: Family = only(
  name,
  "EfficientNet-lite0",
  "arXiv 1905.11946",
  efficientnetLite0,
);
