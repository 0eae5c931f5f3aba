/**
 * Bytes of a compressed layer, little endian (docs/compressed-models.md):
 * entries (uint32), codes besides 0 (uint8), their values (float32 each), lengths of all codes' Huffman codes (half a byte
 * each, low half first), lengths of the 16 gaps' (8 bytes), bytes of codes (uint32), codes, bytes of gaps (uint32), gaps.
 */
import { codeLengths, countSymbols, decodeSymbols, encodeSymbols } from "./huffman.ts";
import type { CompressedLayer } from "./layer.ts";
import { item } from "../ir/known.ts";

const GAPS = 16;

/** Bytes by what they are for; their sum is the stream. */
export interface StreamSizes {
  readonly codebook: number;
  /** Huffman tables and lengths of the parts. */
  readonly tables: number;
  readonly codes: number;
  readonly gaps: number;
}

export interface LayerStream {
  readonly bytes: Uint8Array;
  readonly sizes: StreamSizes;
}

export function encodeLayer({ codebook, codes, gaps }: CompressedLayer): LayerStream {
  const values = new Uint8Array(4 * (codebook.length - 1));
  codebook.subarray(1).forEach((v, i) => new DataView(values.buffer).setFloat32(4 * i, v, true));
  const codeTable = codeLengths(countSymbols(codes, codebook.length));
  const gapTable = codeLengths(countSymbols(gaps, GAPS));
  const coded = encodeSymbols(codes, codeTable);
  const skipped = encodeSymbols(gaps, gapTable);
  const head = [uint32(codes.length), Uint8Array.of(codebook.length - 1)];
  const tables = [halves(codeTable), halves(gapTable)];
  const parts = [...head, values, ...tables, uint32(coded.length), coded, uint32(skipped.length), skipped];
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const sizes = { codebook: values.length, codes: coded.length, gaps: skipped.length };
  return { bytes, sizes: { ...sizes, tables: total - values.length - coded.length - skipped.length } };
}

/**
 * Entries of the stream that begins at `start`, and where it ends, without decoding it; undefined where it would end
 * behind the file.
 */
export function measureStream(
  bytes: Uint8Array,
  start: number,
): { readonly entries: number; readonly end: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = (at: number) => (at + 4 <= bytes.length ? view.getUint32(at, true) : Infinity);
  const entries = number(start);
  const known = bytes[start + 4] ?? 0;
  const codes = start + 5 + 4 * known + Math.ceil((known + 1) / 2) + GAPS / 2;
  const gaps = codes + 4 + number(codes);
  const end = gaps + 4 + number(gaps);
  return end <= bytes.length ? { entries, end } : undefined;
}

/** The layer of `weights` weights whose stream begins at `start`, and where it ends; undefined for a damaged one. */
export function decodeLayer(
  bytes: Uint8Array,
  start: number,
  weights: number,
): { readonly layer: CompressedLayer; readonly end: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  const take = (length: number): number | undefined => {
    if (at + length > bytes.length) return undefined;
    at += length;
    return at - length;
  };
  const part = (length: number): Uint8Array | undefined => {
    const from = take(length);
    return from === undefined ? undefined : bytes.subarray(from, from + length);
  };
  const number = (): number | undefined => {
    const from = take(4);
    return from === undefined ? undefined : view.getUint32(from, true);
  };
  const entries = number();
  const known = part(1)?.[0];
  if (entries === undefined || entries > weights || known === undefined) return undefined;
  const values = take(4 * known);
  const codeTable = part(Math.ceil((known + 1) / 2));
  const gapTable = part(GAPS / 2);
  if (values === undefined || !codeTable || !gapTable) return undefined;
  const stream = (table: Uint8Array, symbols: number): Uint8Array | undefined => {
    const coded = part(number() ?? Infinity);
    return coded && decodeSymbols(coded, unpackHalves(table, symbols), entries);
  };
  const codes = stream(codeTable, known + 1);
  const gaps = codes && stream(gapTable, GAPS);
  if (!codes || !gaps) return undefined;
  const codebook = Float32Array.from({ length: known + 1 }, (_, i) =>
    i === 0 ? 0 : view.getFloat32(values + 4 * (i - 1), true),
  );
  return { layer: { weights, codebook, codes, gaps }, end: at };
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function halves(values: Uint8Array): Uint8Array {
  return Uint8Array.from(
    { length: Math.ceil(values.length / 2) },
    (_, i) => item(values, 2 * i) | ((values[2 * i + 1] ?? 0) << 4),
  );
}

function unpackHalves(bytes: Uint8Array, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => (item(bytes, i >> 1) >> (4 * (i & 1))) & 15);
}
