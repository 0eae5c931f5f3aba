/**
 * The `.net` file of Deep Compression (Han, Mao, Dally 2016, section 3 and figure 2, without the Huffman stage).
 * Little endian. Header: uint32 stored entries of each layer. Then per layer: 256 float32 of codebook, float32 biases,
 * one byte of code an entry, 4-bit gaps (low nibble first).
 */
import { mostWeights } from "../../compress/expansion.ts";
import { item } from "../../ir/known.ts";
import { MAX_ELEMENTS } from "../../ir/verify.ts";

const CODES = 256;

/** What the network's description says about one stored layer. */
export interface StoredShape {
  readonly name: string;
  readonly outputs: number;
  /** Elements of the weights [outputs, C / groups, kh, kw]. */
  readonly weights: number;
}

export interface StoredLayer {
  /** Flattened [outputs, C / groups, kh, kw]. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly entries: number;
  /** Entries that are no padding of gaps over 15. */
  readonly nonzero: number;
  /** Different codes among the entries. */
  readonly codesUsed: number;
}

export type ReportLayer = (layer: string, found: string, supported: string) => void;

/**
 * Decodes as many layers as the file holds, by name; what is wrong goes to `report`. Positions: entry i stands at
 * sum over j <= i of (gap j + 1), minus 1.
 */
export function readCodebooks(
  bytes: Uint8Array,
  shapes: readonly StoredShape[],
  report: ReportLayer,
): Map<string, StoredLayer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 4 * shapes.length;
  if (at > bytes.length) {
    report("header", `${bytes.length} bytes`, `${at} bytes of header for ${shapes.length} convolutions`);
    return new Map();
  }
  const headers = shapes.map((_, i) => view.getUint32(4 * i, true));
  if (!fitMemory(headers, shapes, bytes.length, report)) return new Map();
  const layers = new Map<string, StoredLayer>();
  for (const [i, shape] of shapes.entries()) {
    const entries = item(headers, i);
    if (entries > shape.weights) {
      report(shape.name, `${entries} stored entries`, `at most ${shape.weights}, its number of weights`);
      return layers;
    }
    const size = 4 * CODES + 4 * shape.outputs + entries + Math.ceil(entries / 2);
    if (at + size > bytes.length) {
      report(
        shape.name,
        `${bytes.length - at} bytes left of the file`,
        `${size} bytes for ${entries} entries`,
      );
      return layers;
    }
    const layer = readLayer(view, at, entries, shape, report);
    if (layer) layers.set(shape.name, layer);
    at += size;
  }
  if (at < bytes.length) {
    report(
      "end",
      `${bytes.length - at} bytes after the last layer`,
      `${at} bytes for the layers of the .prototxt`,
    );
  }
  return layers;
}

/** Whether the weights that the .prototxt asks for are as many as the entries can stand for; told before any is made. */
function fitMemory(
  entries: readonly number[],
  shapes: readonly StoredShape[],
  fileBytes: number,
  report: ReportLayer,
): boolean {
  const huge = shapes.find(({ weights }) => weights > MAX_ELEMENTS);
  if (huge) {
    report(huge.name, `${huge.weights} weights`, `at most ${MAX_ELEMENTS}`);
    return false;
  }
  const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);
  const stored = Math.min(sum(entries), fileBytes);
  const [weights, most] = [sum(shapes.map((shape) => shape.weights)), mostWeights(stored)];
  if (weights <= most) return true;
  const found = `${weights} weights for ${stored} stored entries`;
  report("header", found, `at most ${most}, since an entry skips up to 15 zeros`);
  return false;
}

function readLayer(
  view: DataView,
  start: number,
  entries: number,
  shape: StoredShape,
  report: ReportLayer,
): StoredLayer | undefined {
  const codebook = readFloats(view, start, CODES);
  const bias = readFloats(view, start + 4 * CODES, shape.outputs);
  if (![...codebook, ...bias].every(Number.isFinite)) {
    report(shape.name, "a codebook or bias with a value that is no finite number", "finite float32 values");
    return undefined;
  }
  const codes = start + 4 * (CODES + shape.outputs);
  const gaps = codes + entries;
  const weights = new Float32Array(shape.weights);
  const used = new Set<number>();
  let position = -1;
  let nonzero = 0;
  for (let i = 0; i < entries; i++) {
    const code = view.getUint8(codes + i);
    position += ((view.getUint8(gaps + (i >> 1)) >> (4 * (i & 1))) & 15) + 1;
    if (position >= weights.length) {
      report(shape.name, `entry ${i} at position ${position}`, `positions below ${weights.length}`);
      return undefined;
    }
    const value = item(codebook, code);
    weights[position] = value;
    used.add(code);
    if (value !== 0) nonzero++;
  }
  return { weights, bias, entries, nonzero, codesUsed: used.size };
}

function readFloats(view: DataView, start: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => view.getFloat32(start + 4 * i, true));
}
