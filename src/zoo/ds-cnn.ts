import { buildNetwork } from "../ir/builder.ts";
import type { Network } from "../ir/builder.ts";

/**
 * MLPerf Tiny's keyword spotting, DS-CNN, [49, 10, 1] -> [1, 1, 12] with softmax: 49 windows of time, 10 cepstral coefficients.
 * Source: Zhang et al., Hello Edge, arXiv 1711.07128, and Banbury et al., MLPerf Tiny Benchmark, arXiv 2106.07597, table 1;
 * mlcommons/tiny, benchmark/training/keyword_spotting/keras_model.py (ds_cnn).
 */
export function dsCnn(): Network {
  const b = buildNetwork("mlperf-tiny-kws", { height: 49, width: 10, channels: 1 });
  const activation = "relu";
  let x = b.conv("conv", b.input, 64, { kernel: [10, 4], stride: 2, activation });
  for (let i = 1; i <= 4; i++) {
    x = b.depthwise(`depthwise_${i}`, x, { kernel: 3, activation });
    x = b.conv(`pointwise_${i}`, x, 64, { kernel: 1, activation });
  }
  x = b.globalAverage("average", x);
  b.softmax("scores", b.dense("logits", x, 12));
  return b.finish();
}
