import type { Layer, Network } from "../network.ts";
import { weightCount } from "../network.ts";
import { runFolded, type FoldedLayer, type FoldedModel } from "./fold.ts";
import { item } from "../../../ir/known.ts";

/** An integer convolution. Weights as TFLite orders them: [K, kh, kw, C], depthwise [1, kh, kw, C]; zero point 0. */
export interface QuantisedLayer {
  readonly layer: Layer;
  readonly weights: Int8Array;
  /** One a channel. */
  readonly weightScales: Float32Array;
  /** In units of inputScale * weightScale of the channel. */
  readonly bias: Int32Array;
  /** The output's zero point is -128, since RELU6 leaves nothing below 0. */
  readonly outputScale: number;
}

/** The integer network. `denseWeights` is [classes, features], one scale for all, as TFLite's converter does it. */
export interface QuantisedModel {
  readonly network: Network;
  readonly layers: readonly QuantisedLayer[];
  readonly denseWeights: Int8Array;
  readonly denseScale: number;
  readonly denseBias: Int32Array;
  readonly logitScale: number;
  readonly logitZeroPoint: number;
}

/** Pictures enter as int8 with this scale and zero point -128. */
export const inputScale = Math.fround(1 / 255);

interface Range {
  min: number;
  max: number;
}

/**
 * Post-training quantisation: symmetric int8 weights per channel, int8 activations per tensor over the range
 * that the calibration batches reach. `batches`: maps [batch, size, size, channels] in 0..1.
 */
export function quantiseModel(
  model: FoldedModel,
  batches: Iterable<Float32Array>,
  batch: number,
): QuantisedModel {
  const ranges: Range[] = model.layers.map(() => ({ min: 0, max: 0 }));
  const logits: Range = { min: 0, max: 0 };
  for (const input of batches) {
    const result = runFolded(model, input, batch);
    result.maps.forEach((map, i) => widen(item(ranges, i), map));
    widen(logits, result.logits);
  }
  let scale = inputScale;
  const layers = model.layers.map((layer, i) => {
    const quantised = quantiseLayer(layer, scale, Math.fround(item(ranges, i).max / 255));
    scale = quantised.outputScale;
    return quantised;
  });
  return { network: model.network, layers, ...quantiseDense(model, scale, logits) };
}

function widen(range: Range, values: Float32Array): void {
  for (const v of values) {
    if (v < range.min) range.min = v;
    if (v > range.max) range.max = v;
  }
}

function quantiseLayer(folded: FoldedLayer, inScale: number, outputScale: number): QuantisedLayer {
  const { layer, weights, bias } = folded;
  const channels = layer.outputChannels;
  const depth = weightCount(layer) / channels;
  const weightScales = new Float32Array(channels);
  const integers = new Int8Array(depth * channels);
  for (let k = 0; k < channels; k++) {
    const column = Float32Array.from({ length: depth }, (_, d) => item(weights, d * channels + k));
    const scale = symmetricScale(column, item(bias, k), inScale);
    weightScales[k] = scale;
    column.forEach((w, d) => {
      const at = layer.kind === "depthwise" ? d * channels + k : k * depth + d;
      integers[at] = Math.round(w / scale);
    });
  }
  const integerBias = Int32Array.from(bias, (b, k) => Math.round(b / (inScale * item(weightScales, k))));
  return { layer, weights: integers, weightScales, bias: integerBias, outputScale };
}

/** Largest weight = 127; larger where a dead channel's bias would otherwise not fit 31 bits. A float32 value. */
function symmetricScale(weights: Float32Array, bias: number, inScale: number): number {
  const largest = weights.reduce((max, w) => Math.max(max, Math.abs(w)), 1e-6);
  return Math.fround(Math.max(largest / 127, Math.abs(bias) / (inScale * 2 ** 30)));
}

function quantiseDense(
  model: FoldedModel,
  inScale: number,
  logits: Range,
): Omit<QuantisedModel, "network" | "layers"> {
  const { features, classes } = model.network;
  const scale = symmetricScale(model.dense, 0, inScale);
  const logitScale = Math.fround((logits.max - logits.min) / 255);
  return {
    denseWeights: Int8Array.from({ length: features * classes }, (_, i) =>
      Math.round(item(model.dense, (i % features) * classes + Math.floor(i / features)) / scale),
    ),
    denseScale: scale,
    denseBias: Int32Array.from(model.denseBias, (b) => Math.round(b / (inScale * scale))),
    logitScale,
    logitZeroPoint: Math.round(-128 - logits.min / logitScale),
  };
}
