/** The networks that SqueezeNet and MobileNet are compared with. */
import { alexnet } from "./alexnet.ts";
import { only, type Family } from "./family.ts";
import { googlenet } from "./googlenet.ts";
import { vgg16 } from "./vgg-16.ts";

export const COMPARED: readonly Family[] = [
  only("alexnet", "AlexNet", "NIPS 2012", alexnet),
  only("vgg-16", "VGG-16", "arXiv 1409.1556", vgg16),
  only("googlenet", "GoogLeNet", "arXiv 1409.4842", googlenet),
];
