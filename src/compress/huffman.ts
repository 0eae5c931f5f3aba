/** Canonical Huffman codes of at most 15 bits, so that a table of their lengths takes half a byte a symbol. */
import { assert } from "../ir/errors.ts";
import { BitReader, BitWriter } from "./bits.ts";
import { item } from "../ir/known.ts";

const LONGEST = 15;

interface Package {
  readonly count: number;
  readonly symbols: readonly number[];
}

/**
 * Length in bits of each symbol's code, 0 for symbols that do not occur. `counts`: occurrences by symbol, at most 2^15
 * symbols. The shortest code under the limit: package-merge, Larmore and Hirschberg 1990. A single symbol has length 1.
 */
export function codeLengths(counts: readonly number[]): Uint8Array {
  const leaves = counts
    .map((count, symbol): Package => ({ count, symbols: [symbol] }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.count - b.count);
  const lengths = new Uint8Array(counts.length);
  assert(leaves.length <= 2 ** LONGEST, "an alphabet that codes of 15 bits can tell apart");
  if (leaves.length === 1) lengths[item(item(leaves, 0).symbols, 0)] = 1;
  if (leaves.length < 2) return lengths;
  let list = leaves;
  for (let level = 1; level < LONGEST; level++) {
    const pairs: Package[] = [];
    for (let i = 0; i + 1 < list.length; i += 2) {
      const [a, b] = [item(list, i), item(list, i + 1)];
      pairs.push({ count: a.count + b.count, symbols: [...a.symbols, ...b.symbols] });
    }
    list = [...leaves, ...pairs].sort((a, b) => a.count - b.count);
  }
  for (const { symbols } of list.slice(0, 2 * leaves.length - 2)) {
    for (const symbol of symbols) lengths[symbol] = item(lengths, symbol) + 1;
  }
  return lengths;
}

/** Symbols by code: shorter first, then smaller symbols first. */
function inCodeOrder(lengths: Uint8Array): number[] {
  return [...lengths.keys()]
    .filter((symbol) => item(lengths, symbol) > 0)
    .sort((a, b) => item(lengths, a) - item(lengths, b) || a - b);
}

/** The code of each symbol. */
function canonicalCodes(lengths: Uint8Array): Uint16Array {
  const codes = new Uint16Array(lengths.length);
  let code = 0;
  let length = 0;
  for (const symbol of inCodeOrder(lengths)) {
    code <<= item(lengths, symbol) - length;
    length = item(lengths, symbol);
    codes[symbol] = code++;
  }
  return codes;
}

/** The symbols' codes one behind the other. Where only one symbol occurs, its number says all: no bits. */
export function encodeSymbols(symbols: Uint8Array, lengths: Uint8Array): Uint8Array {
  const writer = new BitWriter();
  if (inCodeOrder(lengths).length > 1) {
    const codes = canonicalCodes(lengths);
    for (const symbol of symbols) writer.write(item(codes, symbol), item(lengths, symbol));
  }
  return writer.finish();
}

/**
 * `count` symbols from `bytes`; undefined where the lengths make no complete code or the bytes hold less or more than
 * that many symbols.
 */
export function decodeSymbols(bytes: Uint8Array, lengths: Uint8Array, count: number): Uint8Array | undefined {
  const order = inCodeOrder(lengths);
  const symbols = new Uint8Array(count);
  const [only] = order;
  if (order.length < 2) {
    if (bytes.length > 0 || (only === undefined && count > 0)) return undefined;
    return only === undefined ? symbols : symbols.fill(only);
  }
  if (order.reduce((sum, symbol) => sum + 2 ** -item(lengths, symbol), 0) !== 1) return undefined;
  // From one bit on: how many codes have so many bits.
  const [, ...ofLength] = countSymbols(
    Uint8Array.from(order, (symbol) => item(lengths, symbol)),
    LONGEST + 1,
  );
  const reader = new BitReader(bytes);
  for (let i = 0; i < count; i++) {
    let [code, first, index] = [0, 0, 0];
    for (const these of ofLength) {
      code = code * 2 + reader.bit();
      if (code - first < these) {
        symbols[i] = item(order, index + code - first);
        break;
      }
      index += these;
      first = (first + these) * 2;
    }
  }
  return reader.used === bytes.length ? symbols : undefined;
}

/** Occurrences of the symbols 0 to `alphabet` - 1. */
export function countSymbols(symbols: Uint8Array, alphabet: number): number[] {
  const counts = Array.from({ length: alphabet }, () => 0);
  for (const symbol of symbols) counts[symbol] = item(counts, symbol) + 1;
  return counts;
}
