import { classNames, pictureSize } from "./shapes.ts";

/** One convolution of the network with its shapes: maps are [height, width, channels], padding is SAME. */
export interface Layer {
  readonly kind: "conv" | "depthwise" | "pointwise";
  readonly name: string;
  readonly kernel: number;
  readonly stride: number;
  readonly inputSize: number;
  readonly inputChannels: number;
  readonly outputSize: number;
  readonly outputChannels: number;
  /** Rows above and columns to the left; the rest of SAME's padding lies below and to the right. */
  readonly padding: number;
}

/** Square maps throughout; every convolution is followed by batch normalisation and RELU6. */
export interface Network {
  readonly inputSize: number;
  readonly inputChannels: number;
  readonly layers: readonly Layer[];
  /** Side of the map that the global average pool reduces. */
  readonly poolSize: number;
  /** Inputs of the fully connected layer. */
  readonly features: number;
  readonly classes: number;
}

/** Output channels and stride of each depthwise separable block, as MobileNet v1 lists them. */
const blocks = [
  [16, 1],
  [32, 2],
  [32, 1],
  [64, 2],
  [64, 1],
  [128, 1],
] as const;

/** The embedded network: a MobileNet v1 in miniature, 48x48x3 to 12 classes. */
export function picturesNetwork(): Network {
  const layers: Layer[] = [];
  let size = pictureSize;
  let channels = 3;
  const add = (kind: Layer["kind"], name: string, kernel: number, stride: number, outputs: number): void => {
    const outputSize = Math.ceil(size / stride);
    const total = Math.max((outputSize - 1) * stride + kernel - size, 0);
    layers.push({
      kind,
      name,
      kernel,
      stride,
      inputSize: size,
      inputChannels: channels,
      outputSize,
      outputChannels: outputs,
      padding: Math.floor(total / 2),
    });
    size = outputSize;
    channels = outputs;
  };
  add("conv", "conv0", 3, 2, 16);
  blocks.forEach(([outputs, stride], i) => {
    add("depthwise", `depthwise${i + 1}`, 3, stride, channels);
    add("pointwise", `pointwise${i + 1}`, 1, 1, outputs);
  });
  return {
    inputSize: pictureSize,
    inputChannels: 3,
    layers,
    poolSize: size,
    features: channels,
    classes: classNames.length,
  };
}

/** Weights in the layer, without bias. */
export function weightCount(layer: Layer): number {
  const window = layer.kernel * layer.kernel;
  return layer.kind === "depthwise"
    ? window * layer.outputChannels
    : window * layer.inputChannels * layer.outputChannels;
}

/** Multiply-accumulates of one picture: no bias, no padding discount. */
export function countMacs(network: Network): number {
  const convolutions = network.layers.reduce(
    (sum, layer) => sum + weightCount(layer) * layer.outputSize * layer.outputSize,
    0,
  );
  return convolutions + network.features * network.classes;
}

/** Weights and biases after batch normalisation has been folded. */
export function countParameters(network: Network): number {
  const convolutions = network.layers.reduce((sum, l) => sum + weightCount(l) + l.outputChannels, 0);
  return convolutions + (network.features + 1) * network.classes;
}
