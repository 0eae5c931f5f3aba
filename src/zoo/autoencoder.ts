import { buildNetwork } from "../ir/builder.ts";
import type { Network } from "../ir/builder.ts";

/** Outputs of the hidden layers. */
const HIDDEN = [128, 128, 128, 128, 8, 128, 128, 128, 128] as const;

/**
 * MLPerf Tiny's anomaly detection, [1, 1, 640] -> [1, 1, 640]: five frames of 128 mel bands and what the network makes of them,
 * which differs most where it was trained on nothing like them. Source: Koizumi et al., DCASE 2020 challenge task 2,
 * arXiv 2006.05822, and Banbury et al., MLPerf Tiny Benchmark, arXiv 2106.07597, table 1; mlcommons/tiny,
 * benchmark/training/anomaly_detection/keras_model.py.
 */
export function autoencoder(): Network {
  const b = buildNetwork("mlperf-tiny-ad", { height: 1, width: 1, channels: 640 });
  let x = b.input;
  HIDDEN.forEach((outputs, i) => {
    x = b.dense(`hidden_${i + 1}`, x, outputs, { activation: "relu" });
  });
  b.dense("reconstruction", x, 640);
  return b.finish();
}
