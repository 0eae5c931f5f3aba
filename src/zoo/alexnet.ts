import { buildNetwork } from "../ir/builder.ts";
import type { Network } from "../ir/builder.ts";

/**
 * AlexNet, [227, 227, 3] -> [1, 1, 1000] with softmax: 60,965,224 parameters, 724,406,816 multiply-accumulates.
 * Source: Krizhevsky et al., NIPS 2012, as in Caffe's bvlc_reference files: convolutions 2, 4 and 5 in two groups.
 * Local response normalisation has no parameters and is left out.
 * The MobileNet paper's 60 M and 720 M are these, rounded; SqueezeNet's 240 MB is 60 M float32 (243.9 MB exactly).
 * Without the groups, as in networks that run on one GPU, there would be 62.4 M parameters and 1.14 G products.
 */
export function alexnet(): Network {
  const b = buildNetwork("alexnet", { height: 227, width: 227, channels: 3 });
  const activation = "relu";
  const pool = { kernel: 3, stride: 2 };
  let x = b.conv("conv1", b.input, 96, { kernel: 11, stride: 4, padding: "valid", activation });
  x = b.maxPool("pool1", x, pool);
  x = b.conv("conv2", x, 256, { kernel: 5, groups: 2, activation });
  x = b.maxPool("pool2", x, pool);
  x = b.conv("conv3", x, 384, { kernel: 3, activation });
  x = b.conv("conv4", x, 384, { kernel: 3, groups: 2, activation });
  x = b.conv("conv5", x, 256, { kernel: 3, groups: 2, activation });
  x = b.maxPool("pool5", x, pool);
  x = b.dense("fc6", x, 4096, { activation });
  x = b.dense("fc7", x, 4096, { activation });
  b.softmax("prob", b.dense("fc8", x, 1000));
  return b.finish();
}
