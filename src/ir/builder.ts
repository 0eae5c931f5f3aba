/**
 * Networks as TypeScript describes them: layers and shapes, no weights.
 * `zoo/` turns a description into a graph with seeded weights.
 */
import { MAX_ELEMENTS } from "./verify.ts";
import { isActivationName, type ActivationName } from "./activation-kernel.ts";
import { assert } from "./errors.ts";
import { NO_PADDING } from "./graph.ts";
import type { Activation, Padding } from "./graph.ts";
import { placeWindow, sidesOf } from "./network-window.ts";
import type { Sides, WindowPadding } from "./network-window.ts";

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
/** Sum or product, element by element; the second map is stretched where it has one row, column or channel. */
export interface BinaryLayer extends LayerBase {
  readonly kind: "add" | "multiply";
  readonly inputs: readonly [NetworkMap, NetworkMap];
  readonly activation: Activation;
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
  | BinaryLayer
  | ActivationLayer
  | SoftmaxLayer;

export interface Network {
  readonly name: string;
  readonly input: NetworkMap;
  readonly maps: readonly NetworkMap[];
  /** In topological order. */
  readonly layers: readonly Layer[];
  /** What the network gives, in this order. */
  readonly outputs: readonly NetworkMap[];
}

/**
 * Kernel and stride are of both sides or of rows and columns, `[10, 4]`; padding `same` unless told otherwise. Any other
 * `activation` than a clamp is a kernel: a layer of its own behind this one.
 */
export interface WindowOptions extends ActivationOptions {
  readonly kernel: Sides;
  readonly stride?: Sides;
  readonly padding?: WindowPadding;
}

export interface ActivationOptions {
  readonly activation?: Activation | ActivationName;
}

/** Padding 0 and rounding up, as Caffe's pools do it, unless told otherwise. */
export interface MaxPoolOptions {
  readonly kernel: Sides;
  readonly stride: Sides;
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
  /** Fully connected, [H, W, C] -> [1, 1, outputs]: a convolution with a window over the whole map. */
  dense(name: string, input: NetworkMap, outputs: number, options?: ActivationOptions): NetworkMap;
  maxPool(name: string, input: NetworkMap, options: MaxPoolOptions): NetworkMap;
  /** One window over the whole map, [H, W, C] -> [1, 1, C]. */
  globalAverage(name: string, input: NetworkMap): NetworkMap;
  /** Maps of one height and width -> one map with all their channels, in this order. */
  concat(name: string, inputs: readonly NetworkMap[]): NetworkMap;
  /** Sum of two maps; `second` is stretched where it has one row, one column or one channel. */
  add(name: string, first: NetworkMap, second: NetworkMap, options?: ActivationOptions): NetworkMap;
  /** Product of two maps, stretched as in a sum: a gate [1, 1, C] multiplies every pixel (squeeze and excite). */
  multiply(name: string, first: NetworkMap, second: NetworkMap, options?: ActivationOptions): NetworkMap;
  /** A kernel of hw/kernels, or of the network's author, on every value. */
  activation(name: string, input: NetworkMap, kernel: ActivationName): NetworkMap;
  softmax(name: string, input: NetworkMap): NetworkMap;
  /** `outputs`: maps that the network gives, which may lie in its middle; without it, what its last layer makes. */
  finish(options?: { readonly outputs?: readonly NetworkMap[] }): Network;
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
    const values = height * width * channels;
    assert(
      values <= MAX_ELEMENTS,
      `a map of ${height} x ${width} x ${channels}: ${values} values, more than ${MAX_ELEMENTS}`,
    );
    const map = { index: maps.length, height, width, channels };
    maps.push(map);
    return map;
  };
  const append = (layer: Layer): NetworkMap => {
    const isNew = layers.every((other) => other.name !== layer.name);
    assert(isNew, `${layer.name}: another layer has that name already`);
    layers.push(layer);
    return layer.output;
  };
  const activate = (name: string, from: NetworkMap, kernel: string): NetworkMap => {
    assert(isActivationName(kernel), `${name}: no activation is called ${kernel}`);
    const output = newMap(from.height, from.width, from.channels);
    return append({ kind: "activation", name, input: from, output, kernel });
  };
  /** The layer, and behind it the kernel that its activation may be. */
  const appendActivated = (
    options: ActivationOptions,
    layerOf: (activation: Activation) => Layer,
  ): NetworkMap => {
    const { activation, kernel } = activationOf(options);
    const layer = layerOf(activation);
    const { parameters } = countLayer(layer);
    assert(
      parameters <= MAX_ELEMENTS,
      `${layer.name}: ${parameters} weights and biases, more than ${MAX_ELEMENTS}`,
    );
    const map = append(layer);
    return kernel === null ? map : activate(`${layer.name}/activation`, map, kernel);
  };
  const conv: NetworkBuilder["conv"] = (name, from, outputs, options) => {
    const { window, height, width } = place(from, options);
    const { groups = 1 } = options;
    assert(from.channels % groups === 0 && outputs % groups === 0, `${name}: groups divide the channels`);
    const output = newMap(height, width, outputs);
    return appendActivated(options, (activation) => ({
      kind: "conv",
      name,
      input: from,
      output,
      ...window,
      groups,
      activation,
    }));
  };
  const binary =
    (kind: BinaryLayer["kind"]): NetworkBuilder["add"] =>
    (name, first, second, options = {}) => {
      assert(stretches(second, first), `${name}: ${shown(second)} cannot be stretched to ${shown(first)}`);
      const output = newMap(first.height, first.width, first.channels);
      return appendActivated(options, (activation) => ({
        kind,
        name,
        inputs: [first, second],
        output,
        activation,
      }));
    };
  const input = newMap(size.height, size.width, size.channels);
  return {
    input,
    conv,
    depthwise(name, from, options) {
      const { window, height, width } = place(from, options);
      const { multiplier = 1 } = options;
      const output = newMap(height, width, from.channels * multiplier);
      return appendActivated(options, (activation) => ({
        kind: "depthwise",
        name,
        input: from,
        output,
        ...window,
        multiplier,
        activation,
      }));
    },
    dense(name, from, outputs, options = {}) {
      const { height, width } = from;
      return conv(name, from, outputs, { ...options, kernel: [height, width], padding: "valid" });
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
    add: binary("add"),
    multiply: binary("multiply"),
    activation: activate,
    softmax(name, from) {
      return append({
        kind: "softmax",
        name,
        input: from,
        output: newMap(from.height, from.width, from.channels),
      });
    },
    finish({ outputs = layers.slice(-1).map(({ output }) => output) } = {}) {
      assert(outputs.length > 0, `${name}: a network has a layer and an output`);
      const made = (map: NetworkMap): boolean => layers.some(({ output }) => output === map);
      assert(outputs.every(made), `${name}: outputs are maps that a layer of this network makes`);
      return { name, input, maps, layers, outputs };
    },
  };
}

/** The clamp that a layer keeps, and the kernel that becomes a layer of its own. */
function activationOf({ activation = "none" }: ActivationOptions): {
  readonly activation: Activation;
  readonly kernel: string | null;
} {
  switch (activation) {
    case "none":
    case "relu":
    case "relu6":
    case "relu-n1-to-1":
    case "relu-0-to-1":
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
  const [kernels, strides] = [sidesOf(kernel), sidesOf(stride)];
  const isWindow = [...kernels, ...strides].every(isCount);
  assert(
    isWindow,
    `a window of ${showSides(kernel)}, stride ${showSides(stride)}: whole numbers from 1 are needed`,
  );
  const sides =
    typeof padding === "object" ? [padding.top, padding.left, padding.bottom, padding.right] : [padding];
  const isPadded = sides.every((side) => typeof side === "string" || side === 0 || isCount(side));
  assert(isPadded, `a padding of ${sides.join(", ")}: "same", "valid" or a whole number is needed`);
  const { height, width, ...window } = placeWindow(map, { kernel, stride, padding, rounding });
  assert(
    height > 0 && width > 0,
    `a window of ${showSides(kernel)} fits a map of ${map.height} x ${map.width}`,
  );
  return { window, height, width };
}

/** `3`, or `10 x 4`. */
function showSides(sides: Sides): string {
  return [...new Set(sidesOf(sides))].join(" x ");
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

function sameSize(a: NetworkMap, b: NetworkMap): boolean {
  return a.height === b.height && a.width === b.width;
}

/** Whether `map` has the size of `whole` along every axis, or 1. */
function stretches(map: NetworkMap, whole: NetworkMap): boolean {
  return (["height", "width", "channels"] as const).every(
    (axis) => map[axis] === 1 || map[axis] === whole[axis],
  );
}

function shown({ height, width, channels }: NetworkMap): string {
  return `[${height}, ${width}, ${channels}]`;
}

/** The maps that a layer reads. */
export function inputsOf(layer: Layer): readonly NetworkMap[] {
  return "inputs" in layer ? layer.inputs : [layer.input];
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
