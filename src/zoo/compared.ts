/** The networks that SqueezeNet and MobileNet are compared with. */
import type { Network } from "../ir/builder.ts";
import { alexnet } from "./alexnet.ts";
import type { Family } from "./family.ts";
import { googlenet } from "./googlenet.ts";
import { vgg16 } from "./vgg-16.ts";

export const COMPARED: readonly Family[] = [
  only("AlexNet", "NIPS 2012", alexnet()),
  only("VGG-16", "arXiv 1409.1556", vgg16()),
  only("GoogLeNet", "arXiv 1409.4842", googlenet()),
];

function only(title: string, source: string, network: Network): Family {
  const { name } = network;
  return {
    pattern: name,
    title,
    source,
    names: [name],
    describe: (wanted) => (wanted === name ? network : undefined),
  };
}
