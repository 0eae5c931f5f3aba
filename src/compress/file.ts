/**
 * Compressed models: one self-contained file, docs/compressed-models.md describes it.
 *
 * | bytes | content |
 * |---|---|
 * | 0-7 | `FBCOMPR\n` |
 * | 8-11 | version, uint32 little endian: 1 |
 * | 12-15 | length of the rest of the network in bytes, uint32 little endian |
 * | 16-47 | SHA-256 of everything behind it |
 * | 48- | the rest of the network: a saved model with zeros for weights, in Brotli's format |
 * | then | for each layer: the id of its weights (uint32), then its stream (stream.ts) |
 */
import type { Graph } from "../ir/graph.ts";
import { joinBytes, viewOf } from "../platform/bytes.ts";
import { LARGEST_ARRAY, packBrotli, unpackBrotli } from "../platform/compression.ts";
import { HEAD_BYTES, hasMark, readHead, writeHead } from "../saved/head.ts";
import { readSavedGraph, saveGraph, SavedModelError } from "../saved/save.ts";
import { elements } from "../ir/shapes.ts";
import { mostWeights } from "./expansion.ts";
import { decompressLayer } from "./layer.ts";
import type { CompressedLayer } from "./layer.ts";
import { decodeLayer, measureStream } from "./stream.ts";
import { weightTensors, withWeights } from "./weights.ts";

const MARK = "FBCOMPR\n";
/** The rest of a network without weights is names, shapes, biases and scales: small, and hardly more than 64 times as large unpacked. */
const LARGEST_HEADER = 2 ** 24;
const UNPACKING = 64;

/** The file is no sound compressed model; the message says why. */
export class CompressedModelError extends Error {}

/** A network whose weights came from streams. */
export interface CompressedModel {
  readonly graph: Graph;
  /** By the name of the layer. */
  readonly layers: ReadonlyMap<string, CompressedLayer>;
}

/** Whether the bytes begin like a compressed model. */
export function isCompressedModel(bytes: Uint8Array): boolean {
  return hasMark(bytes, MARK);
}

/** `streams`: of each layer's weights, by tensor. Weights that have no stream stay in the rest of the network. */
export function writeCompressedModel(graph: Graph, streams: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const tensors = new Map(graph.tensors);
  for (const weights of weightTensors(graph)) {
    const { id, shape } = weights.tensor;
    if (streams.has(id)) tensors.set(id, withWeights(weights, new Float32Array(elements(shape))));
  }
  const rest = packBrotli(saveGraph({ ...graph, tensors }));
  const parts = [...streams].flatMap(([id, stream]) => [number(id), stream]);
  const file = joinBytes([new Uint8Array(HEAD_BYTES), rest, ...parts]);
  writeHead(file, MARK, rest.length);
  return file;
}

/** Uint32, little endian. */
function number(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value, true);
  return bytes;
}

/** @throws CompressedModelError for another version, a cut or changed file, and contents that make no network. */
export function readCompressedModel(file: Uint8Array): CompressedModel {
  const refuse = (what: string): never => {
    throw new CompressedModelError(what);
  };
  const end = readHead(file, { kind: "compressed model", mark: MARK, refuse });
  const rest = readRest(file.subarray(HEAD_BYTES, end), 4 * mostWeights(storedEntries(file, end)));
  const view = viewOf(file);
  const tensors = new Map(rest.tensors);
  const layers = new Map<string, CompressedLayer>();
  const known = new Map(weightTensors(rest).map((weights) => [weights.tensor.id, weights]));
  for (let at = end; at < file.length;) {
    const weights = at + 4 <= file.length ? known.get(view.getUint32(at, true)) : undefined;
    if (!weights) throw new CompressedModelError("a stream of weights that the network lacks");
    const { tensor, node } = weights;
    const decoded = decodeLayer(file, at + 4, elements(tensor.shape));
    const values = decoded && decompressLayer(decoded.layer);
    if (!decoded || !values) throw new CompressedModelError(`a stream of ${node.name} that makes no weights`);
    tensors.set(tensor.id, withWeights(weights, values));
    layers.set(node.name, decoded.layer);
    at = decoded.end;
  }
  return { graph: { ...rest, tensors }, layers };
}

/** Entries of all streams, from their heads. */
function storedEntries(file: Uint8Array, start: number): number {
  let entries = 0;
  for (let at = start; at < file.length;) {
    const stream = measureStream(file, at + 4);
    if (!stream) throw new CompressedModelError("a stream that ends behind the file");
    entries += Math.min(stream.entries, 8 * (stream.end - at));
    at = stream.end;
  }
  return entries;
}

/** `zeros`: bytes that the weights in it may take. Unpacking stops at what the file can rightly hold. */
function readRest(bytes: Uint8Array, zeros: number): Graph {
  const most = Math.min(LARGEST_HEADER + UNPACKING * bytes.length + zeros, LARGEST_ARRAY);
  try {
    return readSavedGraph(unpackBrotli(bytes, most));
  } catch (error) {
    if (!(error instanceof SavedModelError) && !(error instanceof Error && "code" in error)) throw error;
    if ("code" in error && error.code === "ERR_BUFFER_TOO_LARGE") {
      throw new CompressedModelError(
        `a network that unpacks to more than the ${most} bytes that its streams can fill`,
      );
    }
    throw new CompressedModelError(`a network that cannot be read: ${error.message}`);
  }
}
