import type { Layer, Network } from "../network.ts";
import { averagePool, depthwiseForward, gatherPatches } from "./kernels.ts";
import { multiplyAdd } from "./matrix.ts";
import type { Model, TrainedLayer } from "./model.ts";
import { epsilon } from "./normalise.ts";
import { item } from "../../../ir/known.ts";

/** A convolution with its batch normalisation folded in; weights in the order of `TrainedLayer`. */
export interface FoldedLayer {
  readonly layer: Layer;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** The trained network without batch normalisation. `dense` is [features, classes]. */
export interface FoldedModel {
  readonly network: Network;
  readonly layers: readonly FoldedLayer[];
  readonly dense: Float32Array;
  readonly denseBias: Float32Array;
}

/** Folds every layer's running statistics, gamma and beta into weights and bias. */
export function foldModel(model: Model): FoldedModel {
  return {
    network: model.network,
    layers: model.layers.map(foldLayer),
    dense: model.dense.value,
    denseBias: model.denseBias.value,
  };
}

function foldLayer({ layer, weights, normalisation }: TrainedLayer): FoldedLayer {
  const { channels, gamma, beta, mean, variance } = normalisation;
  const factor = gamma.map((g, c) => g / Math.sqrt(item(variance, c) + epsilon));
  // The output channel is the last axis of every layout.
  return {
    layer,
    weights: weights.value.map((w, i) => w * item(factor, i % channels)),
    bias: beta.map((b, c) => b - item(mean, c) * item(factor, c)),
  };
}

/** Every layer's output after RELU6, [batch, size, size, channels], and the logits [batch, classes]. */
export interface FloatResult {
  readonly maps: readonly Float32Array[];
  readonly logits: Float32Array;
}

/** Runs the folded network in floating point; `input` [batch, size, size, channels] in 0..1; batch a multiple of 4. */
export function runFolded(model: FoldedModel, input: Float32Array, batch: number): FloatResult {
  const { poolSize, features, classes } = model.network;
  const maps: Float32Array[] = [];
  let map = input;
  for (const folded of model.layers) {
    map = runLayer(folded, map, batch);
    maps.push(map);
  }
  const pooled = averagePool(map, batch, poolSize * poolSize, features);
  const logits = new Float32Array(batch * classes).map((_, i) => item(model.denseBias, i % classes));
  multiplyAdd(pooled, features, 1, model.dense, logits, batch, features, classes);
  return { maps, logits };
}

function runLayer({ layer, weights, bias }: FoldedLayer, map: Float32Array, batch: number): Float32Array {
  const channels = layer.outputChannels;
  const rows = batch * layer.outputSize * layer.outputSize;
  let sums: Float32Array;
  if (layer.kind === "depthwise") {
    sums = depthwiseForward(layer, map, weights, batch);
  } else {
    const input = layer.kind === "conv" ? gatherPatches(layer, map, batch) : map;
    sums = new Float32Array(rows * channels);
    multiplyAdd(input, input.length / rows, 1, weights, sums, rows, input.length / rows, channels);
  }
  for (let i = 0; i < sums.length; i++)
    sums[i] = Math.min(6, Math.max(0, item(sums, i) + item(bias, i % channels)));
  return sums;
}
