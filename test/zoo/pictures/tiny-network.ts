import type { Layer, Network } from "../../../src/zoo/pictures/network.ts";

const layer = (
  kind: Layer["kind"],
  kernel: number,
  stride: number,
  sizes: number[],
  channels: number[],
): Layer => ({
  kind,
  name: kind,
  kernel,
  stride,
  inputSize: sizes[0] ?? 0,
  outputSize: sizes[1] ?? 0,
  inputChannels: channels[0] ?? 0,
  outputChannels: channels[1] ?? 0,
  padding: stride === 1 && kernel === 3 ? 1 : 0,
});

/** 6x6x3 -> conv 3x3x4 -> depthwise stride 2 (even size: pads below and right only) -> pointwise 8 -> 4 classes. */
export const tinyNetwork: Network = {
  inputSize: 6,
  inputChannels: 3,
  layers: [
    layer("conv", 3, 1, [6, 6], [3, 4]),
    layer("depthwise", 3, 2, [6, 3], [4, 4]),
    layer("pointwise", 1, 1, [3, 3], [4, 8]),
  ],
  poolSize: 3,
  features: 8,
  classes: 4,
};
