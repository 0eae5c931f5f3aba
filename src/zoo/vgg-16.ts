import { buildNetwork } from "../ir/builder.ts";
import type { Network } from "../ir/builder.ts";

/** Filters of the convolutions between two pools. */
const STAGES = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
] as const;

/**
 * VGG-16, [224, 224, 3] -> [1, 1, 1000] with softmax: 138,357,544 parameters, 15,470,264,320 multiply-accumulates.
 * Source: Simonyan and Zisserman, arXiv 1409.1556, configuration D.
 * The MobileNet paper's 15300 M counts the 13 convolutions alone (15,346,630,656); the three fully connected layers add
 * 123,633,664. Its 138 M parameters cover both.
 */
export function vgg16(): Network {
  const b = buildNetwork("vgg-16", { height: 224, width: 224, channels: 3 });
  const activation = "relu";
  let x = b.input;
  STAGES.forEach((stage, i) => {
    stage.forEach((filters, j) => {
      x = b.conv(`conv${i + 1}_${j + 1}`, x, filters, { kernel: 3, activation });
    });
    x = b.maxPool(`pool${i + 1}`, x, { kernel: 2, stride: 2 });
  });
  x = b.dense("fc6", x, 4096, { activation });
  x = b.dense("fc7", x, 4096, { activation });
  b.softmax("prob", b.dense("fc8", x, 1000));
  return b.finish();
}
