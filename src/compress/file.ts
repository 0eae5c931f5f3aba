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
import { kMaxLength } from "node:buffer";
import { createHash } from "node:crypto";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import type { Graph } from "../ir/graph.ts";
import { readSavedGraph, saveGraph, SavedModelError } from "../saved/save.ts";
import { elements } from "../ir/shapes.ts";
import { mostWeights } from "./expansion.ts";
import { decompressLayer } from "./layer.ts";
import type { CompressedLayer } from "./layer.ts";
import { decodeLayer, measureStream } from "./stream.ts";
import { weightTensors, withWeights } from "./weights.ts";

const MARK = "FBCOMPR\n";
const VERSION = 1;
const HASHED_FROM = 48;
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
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(8, bytes.length)).toString("latin1") === MARK;
}

/** `streams`: of each layer's weights, by tensor. Weights that have no stream stay in the rest of the network. */
export function writeCompressedModel(graph: Graph, streams: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const tensors = new Map(graph.tensors);
  for (const weights of weightTensors(graph)) {
    const { id, shape } = weights.tensor;
    if (streams.has(id)) tensors.set(id, withWeights(weights, new Float32Array(elements(shape))));
  }
  const rest = brotliCompressSync(saveGraph({ ...graph, tensors }));
  const head = Buffer.alloc(HASHED_FROM);
  head.write(MARK, "latin1");
  head.writeUInt32LE(VERSION, 8);
  head.writeUInt32LE(rest.length, 12);
  const parts = [...streams].flatMap(([id, stream]) => {
    const number = Buffer.alloc(4);
    number.writeUInt32LE(id);
    return [number, stream];
  });
  const file = Buffer.concat([head, rest, ...parts]);
  digest(file).copy(file, 16);
  return new Uint8Array(file);
}

/** @throws CompressedModelError for another version, a cut or changed file, and contents that make no network. */
export function readCompressedModel(bytes: Uint8Array): CompressedModel {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!isCompressedModel(bytes))
    throw new CompressedModelError("a file without the mark of a compressed model");
  if (file.length < HASHED_FROM)
    throw new CompressedModelError(`${file.length} bytes, less than its own head`);
  const version = file.readUInt32LE(8);
  if (version !== VERSION) throw new CompressedModelError(`version ${version} of the format`);
  if (!digest(file).equals(file.subarray(16, HASHED_FROM)))
    throw new CompressedModelError("contents that do not have the file's checksum (cut off or changed)");
  const end = HASHED_FROM + file.readUInt32LE(12);
  const rest = readRest(file.subarray(HASHED_FROM, end), 4 * mostWeights(storedEntries(file, end)));
  const tensors = new Map(rest.tensors);
  const layers = new Map<string, CompressedLayer>();
  const known = new Map(weightTensors(rest).map((weights) => [weights.tensor.id, weights]));
  for (let at = end; at < file.length;) {
    const weights = at + 4 <= file.length ? known.get(file.readUInt32LE(at)) : undefined;
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
function storedEntries(file: Buffer, start: number): number {
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
  const maxOutputLength = Math.min(LARGEST_HEADER + UNPACKING * bytes.length + zeros, kMaxLength);
  try {
    return readSavedGraph(brotliDecompressSync(bytes, { maxOutputLength }));
  } catch (error) {
    if (!(error instanceof SavedModelError) && !(error instanceof Error && "code" in error)) throw error;
    if ("code" in error && error.code === "ERR_BUFFER_TOO_LARGE") {
      throw new CompressedModelError(
        `a network that unpacks to more than the ${maxOutputLength} bytes that its streams can fill`,
      );
    }
    throw new CompressedModelError(`a network that cannot be read: ${error.message}`);
  }
}

function digest(file: Buffer): Buffer {
  return createHash("sha256").update(file.subarray(HASHED_FROM)).digest();
}
