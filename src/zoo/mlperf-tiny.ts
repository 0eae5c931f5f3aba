/** The four networks of the MLPerf Tiny benchmark. */
import type { Network } from "../ir/builder.ts";
import { autoencoder } from "./autoencoder.ts";
import { dsCnn } from "./ds-cnn.ts";
import { only, type Family } from "./family.ts";
import { mobilenetV1 } from "./mobilenet-v1.ts";
import { resnet8 } from "./resnet-8.ts";

const source = "arXiv 2106.07597";

export const MLPERF_TINY: readonly Family[] = [
  only("mlperf-tiny-vww", "MobileNet v1, visual wake words", source, visualWakeWords),
  only("mlperf-tiny-ic", "ResNet-8, image classification", source, resnet8),
  only("mlperf-tiny-kws", "DS-CNN, keyword spotting", source, dsCnn),
  only("mlperf-tiny-ad", "Autoencoder, anomaly detection", source, autoencoder),
];

/**
 * Visual wake words, [96, 96, 3] -> person or none: MobileNet v1 of a quarter of the width. The benchmark's own has ReLU where
 * this has RELU6. Source: mlcommons/tiny, benchmark/training/visual_wake_words/vww_model.py.
 */
function visualWakeWords(): Network {
  return { ...mobilenetV1({ alpha: 0.25, resolution: 96, classes: 2 }), name: "mlperf-tiny-vww" };
}
