/** The `.net` file of Deep Compression's authors, as src/1-import/deep-compression reads it: no Huffman codes. */
import type { LayerReport } from "./layer-report.ts";
import type { CompressedLayer } from "./layer.ts";
import type { StreamSizes } from "./stream.ts";
import { item } from "../ir/known.ts";

const CODES = 256;

/** Bits of a stored code, whatever number of values the codebook has. */
export const NET_CODE_BITS = 8;

export interface NetLayer {
  readonly layer: CompressedLayer;
  /** One a channel. */
  readonly bias: Float32Array;
}

/** Bytes of the layers, in the order of the `.prototxt`. */
export function writeNet(layers: readonly NetLayer[]): Uint8Array {
  const bytes = new Uint8Array(layers.reduce((sum, layer) => sum + bytesOf(layer), 0));
  const view = new DataView(bytes.buffer);
  layers.forEach(({ layer }, i) => view.setUint32(4 * i, layer.codes.length, true));
  let at = 4 * layers.length;
  for (const { layer, bias } of layers) {
    const { codebook, codes, gaps } = layer;
    codebook.forEach((v, i) => view.setFloat32(at + 4 * i, v, true));
    at += 4 * CODES;
    bias.forEach((v, i) => view.setFloat32(at + 4 * i, v, true));
    at += 4 * bias.length;
    bytes.set(codes, at);
    at += codes.length;
    gaps.forEach((gap, i) => (bytes[at + (i >> 1)] = item(bytes, at + (i >> 1)) | (gap << (4 * (i & 1)))));
    at += Math.ceil(gaps.length / 2);
  }
  return bytes;
}

/** `report` of a layer in the sizes that `writeNet` gives it: every layer gets biases, zeros where it has none. */
export function describeInNet(report: LayerReport, stored: NetLayer): LayerReport {
  const sizes = sizesOf(stored);
  const bytes = bytesOf(stored);
  return { ...report, fixedBytes: bytes - sizes.tables, bytes, sizes };
}

function bytesOf(stored: NetLayer): number {
  const { codebook, codes, gaps, tables } = sizesOf(stored);
  return codebook + tables + codes + gaps + 4 * stored.bias.length;
}

/** The codes' number stands in front of all layers. */
function sizesOf({ layer: { codes } }: NetLayer): StreamSizes {
  return { codebook: 4 * CODES, tables: 4, codes: codes.length, gaps: Math.ceil(codes.length / 2) };
}
