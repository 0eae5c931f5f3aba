/** The `.net` file of Deep Compression's authors, as src/1-import/deep-compression reads it: no Huffman codes. */
import type { LayerReport } from "./compress.ts";
import type { CompressedLayer } from "./layer.ts";

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
  const size = layers.reduce((sum, { layer: { codes }, bias }) => {
    return sum + 4 + 4 * CODES + 4 * bias.length + codes.length + Math.ceil(codes.length / 2);
  }, 0);
  const bytes = new Uint8Array(size);
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
    gaps.forEach((gap, i) => (bytes[at + (i >> 1)]! |= gap << (4 * (i & 1))));
    at += Math.ceil(gaps.length / 2);
  }
  return bytes;
}

/** `layer` in the sizes that `writeNet` gives it. */
export function describeInNet(layer: LayerReport): LayerReport {
  const { biases, storedEntries } = layer;
  const sizes = { codebook: 4 * CODES, tables: 4, codes: storedEntries, gaps: Math.ceil(storedEntries / 2) };
  const fixedBytes = sizes.codebook + sizes.codes + sizes.gaps + 4 * biases;
  return { ...layer, fixedBytes, bytes: fixedBytes + sizes.tables, sizes };
}
