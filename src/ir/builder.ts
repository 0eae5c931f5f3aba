/**
 * Networks as TypeScript describes them: layers and shapes, no weights.
 * `zoo/` turns a description into a graph with seeded weights.
 */
import { isActivationName, type ActivationName } from "./activation-kernel.ts";
import { assert } from "./errors.ts";
import { NO_PADDING } from "./graph.ts";
import type { Activation, Padding } from "./graph.ts";
import { placeWindow } from "./network-window.ts";
import type { WindowPadding } from "./network-window.ts";

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
  readonly output: NetworkMap;
}

interface LayerOnMap extends LayerBase {
  readonly input: NetworkMap;
}

interface WindowLayer extends LayerOnMap {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: Padding;
}

/** weights [K, kh, kw, C / groups]. */
export interface ConvLayer extends WindowLayer {
  readonly kind: "conv";
  readonly groups: number;
  readonly activation: Activation;
}
/** weights [1, kh, kw, C * multiplier]. */
export interface DepthwiseLayer extends WindowLayer {
  readonly kind: "depthwise";
  readonly multiplier: number;
  readonly activation: Activation;
}
/** Rounding up is explicit: rows and columns of padding at bottom and right. */
export interface MaxPoolLayer extends WindowLayer {
  readonly kind: "max-pool";
}
export interface AveragePoolLayer extends WindowLayer {
  readonly kind: "average-pool";
}
/** Channels of the inputs one behind the other. */
export interface ConcatLayer extends LayerBase {
  readonly kind: "concat";
  readonly inputs: readonly NetworkMap[];
}
/** Residual: element by element, no activation. */
export interface AddLayer extends LayerBase {
  readonly kind: "add";
  readonly inputs: readonly [NetworkMap, NetworkMap];
}
/** A kernel on every value: one of hw/kernels by name, or FILE.ts#FUNCTION. */
export interface ActivationLayer extends LayerOnMap {
  readonly kind: "activation";
  readonly kernel: string;
}
export interface SoftmaxLayer extends LayerOnMap {
  readonly kind: "softmax";
}

export type Layer =
  | ConvLayer
  | DepthwiseLayer
  | MaxPoolLayer
  | AveragePoolLayer
  | ConcatLayer
  | AddLayer
  | ActivationLayer
  | SoftmaxLayer;

export interface Network {
  readonly name: string;
  readonly input: NetworkMap;
  readonly maps: readonly NetworkMap[];
  /** In topological order. */
  readonly layers: readonly Layer[];
}

/**
 * Square kernel and stride; padding `same` unless told otherwise. Any other `activation` than these is a kernel: a layer of its
 * own behind this one.
 */
export interface WindowOptions {
  readonly kernel: number;
  readonly stride?: number;
  readonly padding?: WindowPadding;
  readonly activation?: Activation | ActivationName;
}

/** Padding 0 and rounding up, as Caffe's pools do it, unless told otherwise. */
export interface MaxPoolOptions {
  readonly kernel: number;
  readonly stride: number;
  readonly padding?: WindowPadding;
  readonly rounding?: "floor" | "ceil";
}

export interface NetworkBuilder {
  readonly input: NetworkMap;
  conv(
    name: string,
    input: NetworkMap,
    outputs: number,
    options: WindowOptions & { readonly groups?: number },
  ): NetworkMap;
  depthwise(
    name: string,
    input: NetworkMap,
    options: WindowOptions & { readonly multiplier?: number },
  ): NetworkMap;
  maxPool(name: string, input: NetworkMap, options: MaxPoolOptions): NetworkMap;
  /** One window over the whole map, [H, W, C] -> [1, 1, C]. */
  globalAverage(name: string, input: NetworkMap): NetworkMap;
  /** Maps of one height and width -> one map with all their channels, in this order. */
  concat(name: string, inputs: readonly NetworkMap[]): NetworkMap;
  /** Two maps of one shape -> their sum. */
  add(name: string, first: NetworkMap, second: NetworkMap): NetworkMap;
  /** A kernel of hw/kernels, or of the network's author, on every value. */
  activation(name: string, input: NetworkMap, kernel: ActivationName): NetworkMap;
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
    const isMap = [height, width, channels].every(isCount);
    assert(isMap, `a map of ${height} x ${width} x ${channels}: whole numbers from 1 are needed`);
    const map = { index: maps.length, height, width, channels };
    maps.push(map);
    return map;
  };
  const append = (layer: Layer): NetworkMap => {
    layers.push(layer);
    return layer.output;
  };
  const activate = (name: string, from: NetworkMap, kernel: string): NetworkMap => {
    assert(isActivationName(kernel), `${name}: no activation is called ${kernel}`);
    const output = newMap(from.height, from.width, from.channels);
    return append({ kind: "activation", name, input: from, output, kernel });
  };
  const input = newMap(size.height, size.width, size.channels);
  return {
    input,
    conv(name, from, outputs, options) {
      const { window, height, width } = place(from, options);
      const { groups = 1 } = options;
      const { activation, kernel } = activationOf(options);
      assert(from.channels % groups === 0 && outputs % groups === 0, `${name}: groups divide the channels`);
      const output = newMap(height, width, outputs);
      const map = append({ kind: "conv", name, input: from, output, ...window, groups, activation });
      return kernel === null ? map : activate(`${name}/activation`, map, kernel);
    },
    depthwise(name, from, options) {
      const { window, height, width } = place(from, options);
      const { multiplier = 1 } = options;
      const { activation, kernel } = activationOf(options);
      const output = newMap(height, width, from.channels * multiplier);
      const map = append({
        kind: "depthwise",
        name,
        input: from,
        output,
        ...window,
        multiplier,
        activation,
      });
      return kernel === null ? map : activate(`${name}/activation`, map, kernel);
    },
    maxPool(name, from, options) {
      const { window, height, width } = place(from, { padding: "valid", rounding: "ceil", ...options });
      return append({
        kind: "max-pool",
        name,
        input: from,
        ...window,
        output: newMap(height, width, from.channels),
      });
    },
    globalAverage(name, from) {
      const whole = [from.height, from.width] as const;
      const padding = NO_PADDING;
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
    concat(name, inputs) {
      const [first] = inputs;
      assert(first && inputs.every((map) => sameSize(map, first)), `${name}: maps of one height and width`);
      const channels = inputs.reduce((sum, map) => sum + map.channels, 0);
      return append({ kind: "concat", name, inputs, output: newMap(first.height, first.width, channels) });
    },
    add(name, first, second) {
      const alike = sameSize(first, second) && first.channels === second.channels;
      assert(alike, `${name}: maps of one shape`);
      const output = newMap(first.height, first.width, first.channels);
      return append({ kind: "add", name, inputs: [first, second], output });
    },
    activation: activate,
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

/** The clamp that a layer keeps, and the kernel that becomes a layer of its own. */
function activationOf({ activation = "none" }: Pick<WindowOptions, "activation">): {
  readonly activation: Activation;
  readonly kernel: string | null;
} {
  switch (activation) {
    case "none":
    case "relu":
    case "relu6":
    case "relu-n1-to-1":
      return { activation, kernel: null };
    default:
      return { activation: "none", kernel: activation };
  }
}

function place(
  map: NetworkMap,
  {
    kernel,
    stride = 1,
    padding = "same",
    rounding = "floor",
  }: Omit<MaxPoolOptions, "stride"> & WindowOptions,
) {
  const isWindow = isCount(kernel) && isCount(stride);
  assert(isWindow, `a window of ${kernel}, stride ${stride}: whole numbers from 1 are needed`);
  const isPadded = typeof padding === "string" || padding === 0 || isCount(padding);
  assert(isPadded, `a padding of ${padding}: "same", "valid" or a whole number is needed`);
  const { height, width, ...window } = placeWindow(map, { kernel, stride, padding, rounding });
  assert(height > 0 && width > 0, `a window of ${kernel} fits a map of ${map.height} x ${map.width}`);
  return { window, height, width };
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

function sameSize(a: NetworkMap, b: NetworkMap): boolean {
  return a.height === b.height && a.width === b.width;
}

/** The maps that a layer reads. */
export function inputsOf(layer: Layer): readonly NetworkMap[] {
  return layer.kind === "concat" || layer.kind === "add" ? layer.inputs : [layer.input];
}

/** Parameters and multiply-accumulates of one layer; zeros for layers without weights. */
export function countLayer(layer: Layer): { readonly parameters: number; readonly macs: number } {
  if (layer.kind !== "conv" && layer.kind !== "depthwise") return { parameters: 0, macs: 0 };
  const { output } = layer;
  const depth = layer.kind === "conv" ? layer.input.channels / layer.groups : 1;
  const products = layer.kernel[0] * layer.kernel[1] * depth;
  return {
    parameters: (products + 1) * output.channels,
    macs: products * output.channels * output.height * output.width,
  };
}

/** Parameters (weights and biases, batch normalisation folded) and multiply-accumulates, as the papers count them. */
export function countNetwork(network: Network): { readonly parameters: number; readonly macs: number } {
  let parameters = 0;
  let macs = 0;
  for (const layer of network.layers) {
    const count = countLayer(layer);
    parameters += count.parameters;
    macs += count.macs;
  }
  return { parameters, macs };
}
