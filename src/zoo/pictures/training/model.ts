import type { Layer, Network } from "../network.ts";
import { weightCount } from "../network.ts";
import type { Random } from "../random.ts";
import { adamStep, createParameter, type Parameter } from "./adam.ts";
import {
  averagePool,
  averagePoolBackward,
  depthwiseBackward,
  depthwiseForward,
  gatherPatches,
  patchDepth,
} from "./kernels.ts";
import { multiplyAdd, transpose } from "./matrix.ts";
import {
  createNormalisation,
  normaliseBackward,
  normaliseForward,
  type Normalisation,
  type NormalisationTape,
} from "./normalise.ts";
import { item } from "../../../ir/known.ts";

/**
 * Weights: conv [kernel * kernel * C, padded to a multiple of 4][K], pointwise [C][K],
 * depthwise [kernel * kernel][C]. The padding meets zeros only and is never exported.
 */
export interface TrainedLayer {
  readonly layer: Layer;
  readonly weights: Parameter;
  readonly normalisation: Normalisation;
  readonly gamma: Parameter;
  readonly beta: Parameter;
}

/** The network in training. `dense` is [features, classes]. */
export interface Model {
  readonly network: Network;
  readonly layers: readonly TrainedLayer[];
  readonly dense: Parameter;
  readonly denseBias: Parameter;
}

/** He initialisation (uniform) from the given random numbers. */
export function createModel(network: Network, random: Random): Model {
  const uniform = (count: number, fanIn: number): Parameter => {
    const limit = Math.sqrt(6 / fanIn);
    return createParameter(Float32Array.from({ length: count }, () => (2 * random() - 1) * limit));
  };
  const layers = network.layers.map((layer): TrainedLayer => {
    const normalisation = createNormalisation(layer.outputChannels);
    return {
      layer,
      weights: uniform(
        layer.kind === "conv" ? patchDepth(layer) * layer.outputChannels : weightCount(layer),
        weightCount(layer) / layer.outputChannels,
      ),
      normalisation,
      gamma: createParameter(normalisation.gamma),
      beta: createParameter(normalisation.beta),
    };
  });
  return {
    network,
    layers,
    dense: uniform(network.features * network.classes, network.features),
    denseBias: createParameter(new Float32Array(network.classes)),
  };
}

interface LayerTape {
  /** Input map, or the gathered patches of a convolution. */
  readonly input: Float32Array;
  readonly tape: NormalisationTape;
}

function forwardLayer(trained: TrainedLayer, map: Float32Array, batch: number): LayerTape {
  const { layer, weights } = trained;
  if (layer.kind === "depthwise") {
    const sums = depthwiseForward(layer, map, weights.value, batch);
    return { input: map, tape: normaliseForward(trained.normalisation, sums) };
  }
  const input = layer.kernel === 1 ? map : gatherPatches(layer, map, batch);
  const rows = batch * layer.outputSize * layer.outputSize;
  const depth = input.length / rows;
  const sums = new Float32Array(rows * layer.outputChannels);
  multiplyAdd(input, depth, 1, weights.value, sums, rows, depth, layer.outputChannels);
  return { input, tape: normaliseForward(trained.normalisation, sums) };
}

/** Returns the gradient of the layer's input; undefined for the first convolution, whose input is the picture. */
function backwardLayer(
  trained: TrainedLayer,
  { input, tape }: LayerTape,
  gradient: Float32Array,
  batch: number,
): Float32Array | undefined {
  const { layer, weights, gamma, beta, normalisation } = trained;
  normaliseBackward(normalisation, tape, gradient, gamma.gradient, beta.gradient);
  if (layer.kind === "depthwise") {
    return depthwiseBackward(layer, input, weights.value, gradient, weights.gradient, batch);
  }
  const rows = batch * layer.outputSize * layer.outputSize;
  const depth = input.length / rows;
  const outputs = layer.outputChannels;
  multiplyAdd(input, 1, depth, gradient, weights.gradient, depth, rows, outputs);
  if (layer.kind === "conv") return undefined;
  const inputGradient = new Float32Array(input.length);
  const back = transpose(weights.value, depth, outputs);
  multiplyAdd(gradient, outputs, 1, back, inputGradient, rows, outputs, depth);
  return inputGradient;
}

/** Loss and hits of one batch. */
export interface BatchResult {
  /** Mean cross-entropy, nats. */
  readonly loss: number;
  readonly correct: number;
}

/**
 * Trains on one batch: forward, backward, one step of Adam.
 * `input` is [batch, size, size, channels] in 0..1; `labels` are class indices; `step` counts from 1.
 */
export function trainBatch(
  model: Model,
  input: Float32Array,
  labels: Int32Array,
  step: number,
  rate: number,
): BatchResult {
  const result = addGradients(model, input, labels);
  for (const parameter of parametersOf(model)) adamStep(parameter, step, rate);
  return result;
}

/** Adds the gradient of the batch's mean cross-entropy to every parameter's. */
export function addGradients(model: Model, input: Float32Array, labels: Int32Array): BatchResult {
  const batch = labels.length;
  const { poolSize, features, classes } = model.network;
  const tapes: LayerTape[] = [];
  let map = input;
  for (const trained of model.layers) {
    const tape = forwardLayer(trained, map, batch);
    tapes.push(tape);
    map = tape.tape.output;
  }
  const pixels = poolSize * poolSize;
  const pooled = averagePool(map, batch, pixels, features);
  const logits = new Float32Array(batch * classes).map((_, i) => item(model.denseBias.value, i % classes));
  multiplyAdd(pooled, features, 1, model.dense.value, logits, batch, features, classes);

  const result = softmaxGradient(logits, labels, classes);
  logits.forEach(
    (g, i) => (model.denseBias.gradient[i % classes] = item(model.denseBias.gradient, i % classes) + g),
  );
  multiplyAdd(pooled, 1, features, logits, model.dense.gradient, features, batch, classes);
  const pooledGradient = new Float32Array(pooled.length);
  const back = transpose(model.dense.value, features, classes);
  multiplyAdd(logits, classes, 1, back, pooledGradient, batch, classes, features);
  let gradient: Float32Array | undefined = averagePoolBackward(pooledGradient, batch, pixels, features);
  for (let i = model.layers.length - 1; i >= 0 && gradient !== undefined; i--) {
    gradient = backwardLayer(item(model.layers, i), item(tapes, i), gradient, batch);
  }
  return result;
}

/** Everything that is trained. */
export function parametersOf(model: Model): Parameter[] {
  return [...model.layers.flatMap((l) => [l.weights, l.gamma, l.beta]), model.dense, model.denseBias];
}

/** Replaces the logits [batch, classes] by the gradient of the mean cross-entropy. */
function softmaxGradient(logits: Float32Array, labels: Int32Array, classes: number): BatchResult {
  let loss = 0;
  let correct = 0;
  labels.forEach((label, n) => {
    const row = logits.subarray(n * classes, (n + 1) * classes);
    const top = Math.max(...row);
    if (row.indexOf(top) === label) correct++;
    const powers = Array.from(row, (v) => Math.exp(v - top));
    const sum = powers.reduce((a, b) => a + b, 0);
    loss -= Math.log(item(powers, label) / sum) / labels.length;
    powers.forEach((p, c) => (row[c] = (p / sum - (c === label ? 1 : 0)) / labels.length));
  });
  return { loss, correct };
}
