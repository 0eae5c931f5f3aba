/**
 * A coded segment of weights: memory holds no zeros. A beat says what it is, with a table where codes stand for weights; then come its records: constants of Pk lanes as in every record, and words,
 * as bits in the order of memory, padded to a beat. A word has a head, then for each part of BusBytes places a map of those that are full, then the blocks that
 * its last weights lie in and that did not come before. A block has BusBytes weights, in the order of their places, on from one word to the next: a plane, a bit of each of them, for every
 * bit of selectors and codes. hw/rtl/weight_decoder.v reads it.
 */
import { item } from "../ir/known.ts";
import { encode, unsigned, type Words } from "./fields.ts";
import { recordBytes } from "./group-record.ts";

/** The first beat of a segment. */
export const segmentHeadWords = [
  { words: unsigned(16, "words of a record"), records: unsigned(16, "records") },
  {
    codeBits: unsigned(4, "bits of a weight"),
    maps: unsigned(1, "maps say which places are full, else all are"),
    selectors: unsigned(1, "weights have selectors"),
    codes: unsigned(1, "weights are codes, whose table follows"),
  },
] as const satisfies Words;

/** What stands in front of the maps of a word. */
export const wordHeadWords = [
  {
    position: unsigned(8, "first word of the patch that the step sees"),
    blocks: unsigned(8, "blocks, 255: an empty word, without maps"),
  },
] as const satisfies Words;

const HEAD_BITS = 16;
const EMPTY = 255;
const SELECTOR_PLANES = 3;
/** A beat has eight units of BusBytes bits: a map of a part, or a plane of a block. */
const BEAT_UNITS = 8;

/** What the records of a segment hold. */
export interface Coding {
  readonly codeBits: number;
  /** The weights that codes stand for, as bytes; null where weights have all of their bits. */
  readonly table: readonly number[] | null;
  readonly maps: boolean;
  readonly selectors: boolean;
}

interface Shape {
  readonly pk: number;
  readonly pc: number;
  readonly busBytes: number;
}

/** Words of a record before they are coded, `pk * pc` places each. */
export interface PlainWords {
  /** By word. */
  readonly positions: readonly number[];
  /** By place: 1 where there is a weight, the weight as a byte, and its selector. */
  readonly full: Uint8Array;
  readonly weights: Uint8Array;
  readonly selectors: Uint8Array;
}

const ceilDiv = (a: number, b: number): number => Math.ceil(a / b);

/** Of a record: words, how many of them are not empty, and full places. */
export interface Contents {
  readonly words: number;
  readonly mapped: number;
  readonly full: number;
}

/** What is in the words of a record. */
export function contentsOf({ full, positions }: PlainWords): Contents {
  const places = full.length / positions.length;
  const ofWords = positions.map((_, word) => countFull(full.subarray(word * places, (word + 1) * places)));
  return {
    words: positions.length,
    mapped: ofWords.filter((count) => count > 0).length,
    full: ofWords.reduce((sum, count) => sum + count, 0),
  };
}

function countFull(full: Uint8Array): number {
  return full.reduce((sum, one) => sum + one, 0);
}

/** Bytes of a record. */
export function codedRecordBytes(shape: Shape, coding: Coding, { full, mapped, words }: Contents): number {
  const { busBytes, pc, pk } = shape;
  const maps = coding.maps ? mapped * pk * pc : 0;
  const bits =
    words * HEAD_BITS + maps + blocksOf(shape, coding, { full, words }) * busBytes * planesOf(coding);
  return recordBytes(shape, 0) + ceilDiv(bits, 8 * busBytes) * busBytes;
}

/** Cycles in which the decoder reads the words of a record, and puts their weights in place. */
export function decodeCycles(shape: Shape, coding: Coding, contents: Contents): number {
  const { busBytes, pc, pk } = shape;
  const parts = (pk * pc) / busBytes;
  const blocks = blocksOf(shape, coding, contents) * ceilDiv(planesOf(coding), BEAT_UNITS);
  const reading = contents.words * (1 + ceilDiv(parts, BEAT_UNITS)) + blocks;
  return Math.max(reading, contents.words * parts);
}

function blocksOf(
  { busBytes, pc, pk }: Shape,
  { maps }: Coding,
  { full, words }: Pick<Contents, "full" | "words">,
): number {
  return ceilDiv(maps ? full : words * pk * pc, busBytes);
}

function planesOf({ codeBits, selectors }: Coding): number {
  return codeBits + (selectors ? SELECTOR_PLANES : 0);
}

/** Bytes in front of the first record: a beat, and in whole beats the table of all codes. */
export function headBytes({ busBytes }: Pick<Shape, "busBytes">, { codeBits, table }: Coding): number {
  return busBytes * (1 + (table === null ? 0 : ceilDiv(2 ** codeBits, busBytes)));
}

/** What stands in front of the first record. */
export function segmentHead(shape: Shape, coding: Coding, words: number, records: number): Uint8Array {
  const { codeBits, maps, selectors, table } = coding;
  const flags = { maps: Number(maps), selectors: Number(selectors), codes: Number(table !== null) };
  const values = { words, records, codeBits, ...flags };
  const head = new Uint8Array(headBytes(shape, coding));
  if (table !== null) head.set(table, shape.busBytes);
  const view = new DataView(head.buffer);
  encode(segmentHeadWords, values).forEach((word, i) => {
    view.setUint32(4 * i, word, true);
  });
  return head;
}

/** Writes the words of a record into `memory` from byte `at`, where it holds zeros. */
export function writeCodedWords(
  memory: Uint8Array,
  at: number,
  { busBytes, pc, pk }: Shape,
  coding: Coding,
  { full, positions, selectors, weights }: PlainWords,
): void {
  const places = pk * pc;
  const isPresent = (place: number): boolean => !coding.maps || full[place] === 1;
  const present = Array.from({ length: positions.length * places }, (_, i) => i).filter(isPresent);
  const put = bitWriter(memory, at);
  const planes: readonly (readonly [Uint8Array, number])[] = [
    [selectors, coding.selectors ? SELECTOR_PLANES : 0],
    [codesOf(weights, coding), coding.codeBits],
  ];
  const putBlock = (block: readonly number[]): void => {
    for (const [values, count] of planes)
      for (let bit = 0; bit < count; bit++)
        for (let i = 0; i < busBytes; i++)
          put(i < block.length ? (item(values, item(block, i)) >> bit) & 1 : 0, 1);
  };
  let count = 0; // of the weights of the words so far
  let written = 0; // of those in blocks
  positions.forEach((position, word) => {
    const own = Array.from({ length: places }, (_, i) => word * places + i);
    const ofWord = own.filter(isPresent).length;
    if (ofWord === 0) {
      for (const head of encode(wordHeadWords, { position, blocks: EMPTY })) put(head, HEAD_BITS);
      return;
    }
    count += ofWord;
    const blocks = ceilDiv(Math.max(0, count - written), busBytes);
    for (const head of encode(wordHeadWords, { position, blocks })) put(head, HEAD_BITS);
    if (coding.maps) for (const place of own) put(item(full, place), 1);
    for (let block = 0; block < blocks; block++, written += busBytes)
      putBlock(present.slice(written, written + busBytes));
  });
}

/** What stands for each weight: its code, or itself. */
function codesOf(weights: Uint8Array, { table }: Coding): Uint8Array {
  if (table === null) return weights;
  const codes = new Map(table.map((weight, code) => [weight, code]));
  // of places that nobody reads
  const none = 0;
  return weights.map((weight) => codes.get(weight) ?? none);
}

/** Writes numbers of so many bits one behind the other, low bits first. */
function bitWriter(memory: Uint8Array, at: number): (value: number, bits: number) => void {
  let next = 8 * at;
  return (value, bits) => {
    for (let bit = 0; bit < bits; bit++, next++)
      memory[next >> 3] = item(memory, next >> 3) | (((value >> bit) & 1) << (next & 7));
  };
}
