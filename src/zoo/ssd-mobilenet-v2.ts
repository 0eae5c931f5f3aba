import { buildNetwork } from "../ir/builder.ts";
import type { Network, NetworkMap } from "../ir/builder.ts";
import { item } from "../ir/known.ts";
import { only, type Family } from "./family.ts";
import { mobilenetV2Features } from "./mobilenet-v2.ts";

/** Channels of the maps behind MobileNet's, each of half the size of the one before. */
const EXTRA = [512, 256, 256, 128] as const;

/** The expanded map that is the first output, the last of 19 x 19: the first block has none. */
const FIRST = 12;

/** COCO's classes behind one for the background. */
const CLASSES = 91;

/**
 * The features that SSD-MobileNet v2 finds objects with, [300, 300, 3] -> six maps of 19, 10, 5, 3, 2 and 1 pixels a side.
 * Source: TensorFlow's models/research/object_detection, ssd_mobilenet_v2_feature_extractor.py: the expansion of MobileNet v2's
 * 14th block (layer_15/expansion_output), its last map (layer_19), and four behind it, each a 1x1 convolution to half the
 * channels and a 3x3 one of stride 2. SSD: Liu et al., arXiv 1512.02325; MobileNet v2: Sandler et al., arXiv 1801.04381.
 *
 * `predictors`: the outputs are instead, for each of the six maps, the places of its boxes (four numbers each) and the scores of
 * their classes, both 1x1 convolutions (ssd_mobilenet_v2_coco.config): 3 boxes at a position of the first map, 6 of the others.
 * Anchors and the choice among boxes are the host's.
 */
export function ssdMobilenetV2({ predictors = false, resolution = 300 } = {}): Network {
  const name = `ssd-mobilenet-v2-${resolution}${predictors ? "-coco" : ""}`;
  const b = buildNetwork(name, { height: resolution, width: resolution, channels: 3 });
  const activation = "relu6";
  const { expanded, last } = mobilenetV2Features(b, 1);
  const features: NetworkMap[] = [item(expanded, FIRST), last];
  let x = last;
  EXTRA.forEach((channels, i) => {
    const half = channels / 2;
    x = b.conv(`layer_19_1_Conv2d_${i + 2}_1x1_${half}`, x, half, { kernel: 1, activation });
    const window = { kernel: 3, stride: 2, activation } as const;
    x = b.conv(`layer_19_2_Conv2d_${i + 2}_3x3_s2_${channels}`, x, channels, window);
    features.push(x);
  });
  if (!predictors) return b.finish({ outputs: features });
  const outputs = features.flatMap((map, i) => {
    const boxes = i === 0 ? 3 : 6;
    return [
      b.conv(`BoxPredictor_${i}/BoxEncodingPredictor`, map, boxes * 4, { kernel: 1 }),
      b.conv(`BoxPredictor_${i}/ClassPredictor`, map, boxes * CLASSES, { kernel: 1 }),
    ];
  });
  return b.finish({ outputs });
}

const source = "arXiv 1512.02325";

export const ssdFamilies: readonly Family[] = [
  only("ssd-mobilenet-v2-300", "SSD-MobileNet v2, features", source, () => ssdMobilenetV2()),
  only("ssd-mobilenet-v2-300-coco", "SSD-MobileNet v2, boxes and classes", source, () =>
    ssdMobilenetV2({ predictors: true }),
  ),
];
