/** Folds mean, scale and channel order into the first layer, so that the network reads plain pictures. */
import { InputError } from "../../ir/errors.ts";
import type { Graph, Preprocess } from "../../ir/graph.ts";
import { item } from "../../ir/known.ts";
import { floatLayer, isLayer, tensorOf, withWeights } from "./layers.ts";
import type { Layer } from "./layers.ts";

/** A network whose input holds real = pixel - zeroPoint, pixels 0..255 in the order R, G, B. */
export interface PictureGraph {
  readonly graph: Graph;
  /** 0, or the mean pixel where a first layer pads: padding then looks like the mean colour, as it did before. */
  readonly zeroPoint: number;
  /**
   * Largest difference, in pixel steps, between the colour that padding stands for and the mean: one zero point serves all
   * channels. 0 without padding, where the folding is exact.
   */
  readonly paddingError: number;
}

/**
 * before: input (pixel - mean) / std in the network's channel order; after: input pixel - zeroPoint in R, G, B.
 * w' = w / std; b' = b - sum of w' * (mean - zeroPoint).
 * @throws InputError where something other than convolutions and fully connected layers reads the input.
 */
export function foldPictures(graph: Graph, preprocess: Preprocess): PictureGraph {
  const input = tensorOf(graph, graph.inputs[0]);
  const channels = input.shape.at(-1) ?? 1;
  checkPreprocess(graph, channels, preprocess);
  const readers = graph.nodes.filter((node) => node.inputs.includes(input.id));
  const layers = readers.filter(isLayer);
  const others = readers.filter((node) => !isLayer(node));
  if (others.length > 0 || graph.outputs.includes(input.id)) {
    throw new InputError({
      code: "unfoldable-input",
      node: input.name,
      found: `an input read by ${others.map((node) => `${node.kind} ${node.name}`).join(", ") || "nothing"}`,
      supported: "inputs read by convolutions and fully connected layers only",
      fix: "put a 1x1 convolution behind the input",
    });
  }
  const mean = each(preprocess.mean, channels);
  const std = each(preprocess.std, channels);
  const padded = layers.some((node) => "padding" in node && Object.values(node.padding).some((n) => n > 0));
  const average = mean.reduce((sum, m) => sum + m, 0) / channels;
  const zeroPoint = padded ? Math.min(255, Math.max(0, Math.round(average))) : 0;
  const paddingError = padded ? Math.max(...mean.map((m) => Math.abs(m - zeroPoint))) : 0;
  const folded = layers.reduce<Graph>(
    (current, node) => foldLayer(current, node, { mean, std, zeroPoint, order: preprocess.channelOrder }),
    graph,
  );
  const { resize } = preprocess;
  const plain: Preprocess = {
    mean: mean.map(() => zeroPoint),
    std: mean.map(() => 1),
    channelOrder: channels === 1 ? "grey" : "rgb",
    ...(resize !== undefined && { resize }),
  };
  return { graph: { ...folded, preprocess: plain }, zeroPoint, paddingError };
}

interface Folding {
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly zeroPoint: number;
  readonly order: Preprocess["channelOrder"];
}

function foldLayer(graph: Graph, node: Layer, { mean, std, zeroPoint, order }: Folding): Graph {
  const layer = floatLayer(graph, node);
  const source = channelSource(layer.inputs, order);
  const scaled = layer.weights.map((w, i) => w / item(std, item(layer.inputOf, i)));
  const offsets = Float64Array.from(layer.bias);
  for (const [i, w] of scaled.entries()) {
    offsets[item(layer.outputOf, i)] =
      item(offsets, item(layer.outputOf, i)) - w * (item(mean, item(layer.inputOf, i)) - zeroPoint);
  }
  const weights = order === "bgr" ? reversed(scaled, layer, source) : scaled;
  return withWeights(graph, node, weights, Float32Array.from(offsets));
}

function channelSource(channels: number, order: Preprocess["channelOrder"]): (c: number) => number {
  return order === "bgr" ? (c) => channels - 1 - c : (c) => c;
}

/** Weights of the input's channels in the opposite order. In a depthwise layer the kernels, and so the outputs, stay. */
function reversed(
  weights: Float32Array,
  layer: ReturnType<typeof floatLayer>,
  source: (c: number) => number,
): Float32Array {
  const { node } = layer;
  if (node.kind === "depthwise" || (node.kind === "conv" && node.groups > 1)) {
    throw new InputError({
      code: "unfoldable-input",
      node: node.name,
      found: `a first layer of kind ${node.kind} in groups for pictures in B, G, R order`,
      supported: "B, G, R order in front of ungrouped convolutions and fully connected layers",
      fix: "put a 1x1 convolution behind the input",
    });
  }
  return weights.map((_, i) => item(weights, i - item(layer.inputOf, i) + source(item(layer.inputOf, i))));
}

function each(values: readonly number[], channels: number): number[] {
  return Array.from({ length: channels }, (_, c) => item(values, values.length === 1 ? 0 : c));
}

function checkPreprocess(graph: Graph, channels: number, { mean, std }: Preprocess): void {
  const fits = (list: readonly number[]) => list.length === 1 || list.length === channels;
  if (fits(mean) && fits(std) && std.every((s) => s > 0) && mean.every(Number.isFinite)) return;
  throw new InputError({
    code: "picture-channels",
    node: tensorOf(graph, graph.inputs[0]).name,
    found: `an input of ${channels} channels, the means ${mean.join(",")} and the scales ${std.join(",")}`,
    supported: "one mean and one scale above 0, or one a channel",
    fix: "give --mean and --std one value, or as many as the input has channels",
  });
}

/** Pixels as the folded network's real input. */
export function realInput(pixels: Uint8Array | Float32Array, zeroPoint: number): Float32Array {
  const result = new Float32Array(pixels);
  for (let i = 0; i < result.length; i++) result[i]! -= zeroPoint;
  return result;
}
