/** Firebrick's own model files; damage behind the checksum is given a new one, or it would never be read. */
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { HEAD_BYTES, writeHead } from "../../../../src/saved/head.ts";
import { saveGraph } from "../../../../src/saved/save.ts";
import { compressGraph } from "../../../../src/compress/compress.ts";
import type { Graph } from "../../../../src/ir/graph.ts";
import { joined } from "../bytes.ts";
import { readModelFile } from "../model.ts";
import { alone, treeOf, type Reader, type Seed } from "../reader.ts";
import type { Tree } from "../tree.ts";
import { openWith } from "../../../../src/1-import/importer.ts";
import { onnx } from "../../../../src/1-import/onnx/index.ts";
import { floatOnnx, onnxFiles, tfliteBranches, tfliteClassifier } from "./networks.ts";

const SAVED = "FBMODEL\n";
const COMPRESSED = "FBCOMPR\n";

function graphs(): readonly Graph[] {
  const [classifier, branches] = [tfliteClassifier("int8"), tfliteBranches("uint8")];
  return [
    ...[classifier, branches].map(({ draft, inputs, outputs }) => draft.import(inputs, outputs)),
    ...onnxFiles()
      .slice(1, 2)
      .map((bytes) => openWith(onnx, { path: "net.onnx", bytes })),
    openWith(onnx, { path: "net.onnx", bytes: floatOnnx().write(["mean"]) }),
  ];
}

export const savedReader: Reader = {
  name: "saved model",
  share: 10,
  seeds: () =>
    Promise.resolve(
      graphs().map((graph) => alone("net.firebrick", treeOf(savedTree(saveGraph(graph)), writeSaved))),
    ),
  read: readModelFile,
};

interface SavedTree {
  readonly header: Tree;
  readonly constants: Uint8Array;
}

function lengthOf(file: Uint8Array): number {
  return new DataView(file.buffer, file.byteOffset).getUint32(12, true);
}

function savedTree(file: Uint8Array): SavedTree {
  const end = HEAD_BYTES + lengthOf(file);
  const header = JSON.parse(new TextDecoder().decode(file.subarray(HEAD_BYTES, end))) as Tree;
  return { header, constants: file.slice(end) };
}

function writeSaved(tree: Tree): Uint8Array {
  const { constants, header } = tree as unknown as SavedTree;
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = new Uint8Array(8 * Math.ceil(json.length / 8)).fill(0x20);
  padded.set(json);
  return withHead(SAVED, padded.length, padded, constants);
}

function withHead(mark: string, length: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const file = joined(new Uint8Array(HEAD_BYTES), ...parts);
  writeHead(file, mark, length);
  return file;
}

interface CompressedTree {
  readonly rest: SavedTree;
  /** Zeros behind the rest, which Brotli makes very small. */
  readonly zeros: number;
  readonly streams: Uint8Array;
}

/** More would only make the writer slow. */
const MOST_ZEROS = 2 ** 28;

export const compressedReader: Reader = {
  name: "compressed model",
  share: 10,
  seeds: () => Promise.resolve(graphs().map(compressedSeed)),
  read: readModelFile,
};

function compressedSeed(graph: Graph): Seed {
  const { file } = compressGraph(graph, { bits: 4, density: () => 0.5 });
  const end = HEAD_BYTES + lengthOf(file);
  const rest = savedTree(brotliDecompressSync(file.subarray(HEAD_BYTES, end)));
  return alone("net.firebrick", treeOf({ rest, zeros: 0, streams: file.slice(end) }, writeCompressed));
}

function writeCompressed(tree: Tree): Uint8Array {
  const { rest, streams, zeros } = tree as unknown as CompressedTree;
  const saved = writeSaved(rest as unknown as Tree);
  const room = Math.min(Math.max(0, Math.trunc(zeros) || 0), MOST_ZEROS);
  const packed = brotliCompressSync(joined(saved, new Uint8Array(room)), { params: QUICK });
  return withHead(COMPRESSED, packed.length, packed, streams);
}

const QUICK = { [constants.BROTLI_PARAM_QUALITY]: 1 };
