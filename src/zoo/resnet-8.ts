import { buildNetwork } from "../ir/builder.ts";
import type { Network } from "../ir/builder.ts";

/** Filters of the three stacks; all but the first halve the map. */
const STACKS = [16, 32, 64] as const;

/**
 * MLPerf Tiny's image classification, ResNet-8, [32, 32, 3] -> [1, 1, 10] with softmax.
 * Source: Banbury et al., MLPerf Tiny Benchmark, arXiv 2106.07597, table 1; mlcommons/tiny,
 * benchmark/training/image_classification/keras_model.py (resnet_v1_eembc).
 */
export function resnet8(): Network {
  const b = buildNetwork("mlperf-tiny-ic", { height: 32, width: 32, channels: 3 });
  const activation = "relu";
  let x = b.conv("conv", b.input, 16, { kernel: 3, activation });
  STACKS.forEach((filters, i) => {
    const name = `stack_${i + 1}`;
    const stride = i === 0 ? 1 : 2;
    const first = b.conv(`${name}/conv_1`, x, filters, { kernel: 3, stride, activation });
    const second = b.conv(`${name}/conv_2`, first, filters, { kernel: 3 });
    const shortcut = i === 0 ? x : b.conv(`${name}/shortcut`, x, filters, { kernel: 1, stride });
    x = b.add(`${name}/add`, shortcut, second, { activation });
  });
  x = b.globalAverage("average", x);
  b.softmax("scores", b.dense("logits", x, 10));
  return b.finish();
}
