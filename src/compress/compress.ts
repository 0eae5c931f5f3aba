/**
 * Deep Compression of a network: pruning, k-means codebooks, relative indices, Huffman codes.
 * Source: Han, Mao, Dally, Deep Compression, arXiv 1510.00149, without the retraining between the steps.
 */
import { assert } from "../ir/errors.ts";
import type { Graph } from "../ir/graph.ts";
import { item, known } from "../ir/known.ts";
import { bytesOf, sameBytes } from "../platform/bytes.ts";
import { readCompressedModel, writeCompressedModel } from "./file.ts";
import { compressLayer, decompressLayer } from "./layer.ts";
import type { CompressedLayer } from "./layer.ts";
import type { LayerReport } from "./layer-report.ts";
import type { NetLayer } from "./net.ts";
import { balance } from "./balance.ts";
import { prune } from "./prune.ts";
import { encodeLayer } from "./stream.ts";
import { readMagnitudes, readWeights, weightTensors, withWeights } from "./weights.ts";
import type { WeightTensor } from "./weights.ts";

export interface CompressOptions {
  /** Of a code, 2 to 8: 2^bits - 1 values other than 0 a layer. */
  readonly bits: number;
  /** Share of a layer's weights that pruning leaves, by the layer's name; undefined: no pruning. */
  readonly density: (layer: string) => number | undefined;
  /** Multipliers a lane of the array whose steps the weights of convolutions shall fill; undefined: the largest of a layer stay. */
  readonly balanced?: number | undefined;
}

export interface Compressed {
  /** The network with the weights that the file holds. */
  readonly graph: Graph;
  readonly file: Uint8Array;
  readonly layers: readonly LayerReport[];
  /** The layers' weights as they are stored, in the same order. */
  readonly stored: readonly NetLayer[];
}

/** Compresses every layer with constant weights of one zero point; everything else stays as it is. */
export function compressGraph(graph: Graph, { balanced, bits, density }: CompressOptions): Compressed {
  const tensors = new Map(graph.tensors);
  const streams = new Map<number, Uint8Array>();
  const stored: NetLayer[] = [];
  const layers = weightTensors(graph).map((weights) => {
    const { node, tensor } = weights;
    const values = readWeights(weights);
    const magnitudes = readMagnitudes(weights);
    const pruned = pruneLayer(weights, density(node.name), balanced);
    const layer = compressLayer(pruned, bits, tensor.dtype !== "float32");
    const kept = decompressLayer(layer);
    assert(kept, `${node.name} makes a sound layer`);
    const { bytes, sizes } = encodeLayer(layer);
    tensors.set(tensor.id, withWeights(weights, kept));
    streams.set(tensor.id, bytes);
    const bias = graph.tensors.get(node.inputs[2] ?? -1)?.data;
    const outputs = known(graph.tensors.get(node.output)?.shape.at(-1), "channels of a layer");
    stored.push({ layer, bias: bias instanceof Float32Array ? bias : new Float32Array(outputs) });
    const snrDb = signalToNoise(values, magnitudes, kept);
    return { ...describe(weights, layer, bits), bytes: bytes.length + 4 * weights.biases, sizes, snrDb };
  });
  const result = { ...graph, tensors };
  const file = writeCompressedModel(graph, streams);
  const readBack = readCompressedModel(file).graph;
  for (const { tensor } of weightTensors(result)) {
    const [written, read] = [tensor.data, readBack.tensors.get(tensor.id)?.data];
    assert(
      written && read && sameBytes(bytesOf(written), bytesOf(read)),
      `${tensor.name} comes back as it was written`,
    );
  }
  return { graph: result, file, layers, stored };
}

/** Weights of a layer, in Caffe's order, of which some stay. */
function pruneLayer(
  weights: WeightTensor,
  density: number | undefined,
  multipliers: number | undefined,
): Float32Array {
  const [values, magnitudes] = [readWeights(weights), readMagnitudes(weights)];
  if (density === undefined) return values;
  const { node, tensor } = weights;
  if (multipliers === undefined || node.kind !== "conv") return prune(values, magnitudes, density);
  const [, rows = 1, columns = 1, channels = 1] = tensor.shape;
  return balance(values, magnitudes, density, { channels, taps: rows * columns, multipliers });
}

function describe({ node, biases }: WeightTensor, layer: CompressedLayer, bits: number) {
  const { weights, codebook, codes } = layer;
  const entries = codes.length;
  const nonzeroWeights = codes.reduce((sum, code) => sum + (code === 0 ? 0 : 1), 0);
  return {
    name: node.name,
    weights,
    biases,
    nonzeroWeights,
    storedEntries: entries,
    codes: codebook.length - 1,
    floatBytes: 4 * (weights + biases),
    fixedBytes: 4 * 2 ** bits + Math.ceil((entries * bits) / 8) + Math.ceil(entries / 2) + 4 * biases,
  };
}

/** In real weights: `magnitudes` are those of `before`. */
function signalToNoise(before: Float32Array, magnitudes: Float32Array, after: Float32Array): number | null {
  let [signal, noise] = [0, 0];
  before.forEach((value, i) => {
    if (value === 0) return;
    const step = item(magnitudes, i) / Math.abs(value);
    signal += item(magnitudes, i) ** 2;
    noise += ((value - item(after, i)) * step) ** 2;
  });
  return noise === 0 ? null : 10 * Math.log10(signal / noise);
}
