/**
 * Networks as TypeScript describes them: layers and shapes, no weights.
 * `zoo/` turns a description into a graph with seeded weights.
 */
import type { Activation, Padding } from "./graph.ts";

/** An activation map, [H, W, C]. */
export interface NetworkMap {
  /** Index in Network.maps. */
  readonly index: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

interface LayerBase {
  readonly name: string;
  readonly input: NetworkMap;
  readonly output: NetworkMap;
}

interface WindowLayer extends LayerBase {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: Padding;
}

/** weights [K, kh, kw, C]. */
export interface ConvLayer extends WindowLayer {
  readonly kind: "conv";
  readonly activation: Activation;
}
/** weights [1, kh, kw, C * multiplier]. */
export interface DepthwiseLayer extends WindowLayer {
  readonly kind: "depthwise";
  readonly multiplier: number;
  readonly activation: Activation;
}
export interface AveragePoolLayer extends WindowLayer {
  readonly kind: "average-pool";
}
export interface SoftmaxLayer extends LayerBase {
  readonly kind: "softmax";
}

export type Layer = ConvLayer | DepthwiseLayer | AveragePoolLayer | SoftmaxLayer;

export interface Network {
  readonly name: string;
  readonly input: NetworkMap;
  readonly maps: readonly NetworkMap[];
  /** In topological order. */
  readonly layers: readonly Layer[];
}

/** Square kernel and stride, SAME padding as TensorFlow places it: the odd row and column at bottom and right. */
export interface WindowOptions {
  readonly kernel: number;
  readonly stride?: number;
  readonly activation?: Activation;
}

export interface NetworkBuilder {
  readonly input: NetworkMap;
  conv(name: string, input: NetworkMap, outputs: number, options: WindowOptions): NetworkMap;
  depthwise(
    name: string,
    input: NetworkMap,
    options: WindowOptions & { readonly multiplier?: number },
  ): NetworkMap;
  /** One window over the whole map, [H, W, C] -> [1, 1, C]. */
  globalAverage(name: string, input: NetworkMap): NetworkMap;
  softmax(name: string, input: NetworkMap): NetworkMap;
  finish(): Network;
}

/** Starts a network of the given name and input size. */
export function buildNetwork(
  name: string,
  size: { readonly height: number; readonly width: number; readonly channels: number },
): NetworkBuilder {
  const maps: NetworkMap[] = [];
  const layers: Layer[] = [];
  const newMap = (height: number, width: number, channels: number): NetworkMap => {
    const map = { index: maps.length, height, width, channels };
    maps.push(map);
    return map;
  };
  const append = (layer: Layer): NetworkMap => {
    layers.push(layer);
    return layer.output;
  };
  const input = newMap(size.height, size.width, size.channels);
  return {
    input,
    conv(name, from, outputs, options) {
      const { window, height, width } = sameWindow(from, options);
      const output = newMap(height, width, outputs);
      return append({
        kind: "conv",
        name,
        input: from,
        output,
        ...window,
        activation: options.activation ?? "none",
      });
    },
    depthwise(name, from, options) {
      const { window, height, width } = sameWindow(from, options);
      const multiplier = options.multiplier ?? 1;
      const output = newMap(height, width, from.channels * multiplier);
      const activation = options.activation ?? "none";
      return append({ kind: "depthwise", name, input: from, output, ...window, multiplier, activation });
    },
    globalAverage(name, from) {
      const whole = [from.height, from.width] as const;
      const padding = { top: 0, left: 0, bottom: 0, right: 0 };
      const output = newMap(1, 1, from.channels);
      return append({
        kind: "average-pool",
        name,
        input: from,
        output,
        kernel: whole,
        stride: whole,
        padding,
      });
    },
    softmax(name, from) {
      return append({
        kind: "softmax",
        name,
        input: from,
        output: newMap(from.height, from.width, from.channels),
      });
    },
    finish: () => ({ name, input, maps, layers }),
  };
}

function sameWindow(input: NetworkMap, { kernel, stride = 1 }: WindowOptions) {
  const vertical = same(input.height, kernel, stride);
  const horizontal = same(input.width, kernel, stride);
  const padding: Padding = {
    top: vertical.before,
    left: horizontal.before,
    bottom: vertical.after,
    right: horizontal.after,
  };
  const window = { kernel: [kernel, kernel] as const, stride: [stride, stride] as const, padding };
  return { window, height: vertical.size, width: horizontal.size };
}

function same(
  input: number,
  kernel: number,
  stride: number,
): { size: number; before: number; after: number } {
  const size = Math.ceil(input / stride);
  const total = Math.max((size - 1) * stride + kernel - input, 0);
  const before = Math.floor(total / 2);
  return { size, before, after: total - before };
}

/** Parameters (weights and biases, batch normalisation folded) and multiply-accumulates, as the papers count them. */
export function countNetwork(network: Network): { readonly parameters: number; readonly macs: number } {
  let parameters = 0;
  let macs = 0;
  for (const layer of network.layers) {
    if (layer.kind !== "conv" && layer.kind !== "depthwise") continue;
    const { output } = layer;
    const products = layer.kernel[0] * layer.kernel[1] * (layer.kind === "conv" ? layer.input.channels : 1);
    parameters += (products + 1) * output.channels;
    macs += products * output.channels * output.height * output.width;
  }
  return { parameters, macs };
}
