/**
 * The inner loops of convolutions as a WebAssembly module with 128-bit SIMD: sums of products of four patches with
 * several output channels at once. One program serves float32 and int16; the operations that differ are parameters.
 */

/** What the two kinds of values do differently; operators as bytes of WebAssembly. */
export interface Arithmetic {
  /** Makes a factor of the 32 bits of a map, which are in every lane. */
  readonly widen: readonly number[];
  readonly multiply: readonly number[];
  readonly add: readonly number[];
}

const simd = (...operator: number[]) => [0xfd, ...operator];

/** float32 values, a step each; their products and sums in double precision. Two sums a vector. */
export const FLOAT: Arithmetic = {
  widen: simd(0x5f), // f64x2.promote_low_f32x4
  multiply: simd(0xf2, 0x01), // f64x2.mul
  add: simd(0xf0, 0x01), // f64x2.add
};

/** Pairs of int16 values; sums that wrap at 32 bits. Four sums a vector. */
export const INTEGER: Arithmetic = {
  widen: [],
  multiply: simd(0xba, 0x01), // i32x4.dot_i16x8_s
  add: simd(0xae, 0x01), // i32x4.add
};

/** Patches that are walked together. */
export const PATCHES = 4;
/** Vectors of sums of a patch: with four patches eight, which fit the registers of every processor with SIMD. */
const VECTORS = 2;
/** Bytes of the sums of one patch, and of the weights of one step. */
export const BLOCK_BYTES = 16 * VECTORS;
/** Bytes of a map that one step reads. */
export const STEP_BYTES = 4;

const [I32, V128] = [0x7f, 0x7b];
const PARAMETERS = 7;
/** Addresses, the ends exclusive; `length`: bytes of a run. */
const [corner, cornersEnd, runs, runsEnd, length, weights, sums] = [0, 1, 2, 3, 4, 5, 6];
const [run, weight, offset, end] = [7, 8, 9, 10];
const place = (patch: number) => 11 + patch;
const addresses = 4 + PATCHES;
const sum = (patch: number, vector: number) => PARAMETERS + addresses + VECTORS * patch + vector;
const factor = (vector: number) => PARAMETERS + addresses + VECTORS * (PATCHES + vector / VECTORS);
const value = PARAMETERS + addresses + VECTORS * (PATCHES + 1);
const vectors = VECTORS * (PATCHES + 1) + 1;

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const constant = (small: number) => [0x41, small];
const add = [0x6a];
const loadWord = (at: number) => [0x28, 2, at];
const loadVector = (at: number) => simd(0x00, 0, at);
const loadSplat = simd(0x09, 0, 0);
const storeVector = (at: number) => simd(0x0b, 0, ...unsigned(at));
const zero = simd(0x0c, ...new Array<number>(16).fill(0));
const advance = (local: number, bytes: number) => [...get(local), ...constant(bytes), ...add, ...set(local)];
/** Repeats its body, which runs once at least, while `local` lies below `limit`. */
const loop = (body: readonly number[], local: number, limit: number) => [
  ...[0x03, 0x40],
  ...body,
  ...[...get(local), ...get(limit), 0x49, 0x0d, 0],
  0x0b,
];

const each = <T>(count: number, make: (i: number) => readonly T[]): T[] =>
  Array.from({ length: count }, (_, i) => make(i)).flat();
const eachSum = (make: (patch: number, vector: number) => readonly number[]) =>
  each(PATCHES, (patch) => each(VECTORS, (vector) => make(patch, vector)));

/** One value, or pair, of each patch times the weights of all output channels. */
function step({ widen, multiply, add: addLanes }: Arithmetic): number[] {
  const products = (patch: number, vector: number) => [
    ...[...get(sum(patch, vector)), ...get(value), ...get(factor(vector))],
    ...[...multiply, ...addLanes, ...set(sum(patch, vector))],
  ];
  return [
    ...each(VECTORS, (vector) => [...get(weight), ...loadVector(16 * vector), ...set(factor(vector))]),
    ...each(PATCHES, (patch) => [
      ...[...get(place(patch)), ...loadSplat, ...widen, ...set(value)],
      ...each(VECTORS, (vector) => products(patch, vector)),
      ...advance(place(patch), STEP_BYTES),
    ]),
    ...advance(weight, BLOCK_BYTES),
  ];
}

/** All patches, one group of four after the other. */
function code(arithmetic: Arithmetic): number[] {
  const oneRun = [
    ...[...get(run), ...loadWord(0), ...set(offset)],
    ...each(PATCHES, (patch) => [
      ...[...get(corner), ...loadWord(4 * patch), ...get(offset), ...add, ...set(place(patch))],
    ]),
    ...[...get(place(0)), ...get(length), ...add, ...set(end)],
    ...loop(step(arithmetic), place(0), end),
    ...advance(run, 4),
  ];
  const group = [
    ...eachSum((patch, vector) => [...zero, ...set(sum(patch, vector))]),
    ...[...get(weights), ...set(weight), ...get(runs), ...set(run)],
    ...loop(oneRun, run, runsEnd),
    ...eachSum((patch, vector) => [
      ...[...get(sums), ...get(sum(patch, vector)), ...storeVector(16 * (VECTORS * patch + vector))],
    ]),
    ...[...get(sums), ...constantWide(PATCHES * BLOCK_BYTES), ...add, ...set(sums)],
    ...advance(corner, 4 * PATCHES),
  ];
  return [...loop(group, corner, cornersEnd), 0x0b];
}

/** The module: its memory is exported as `m`, its function as `f`. */
export function moduleOf(arithmetic: Arithmetic): Uint8Array<ArrayBuffer> {
  const locals = [2, addresses, I32, vectors, V128];
  const body = [...locals, ...code(arithmetic)];
  const bytes = [
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, PARAMETERS, ...new Array<number>(PARAMETERS).fill(I32), 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ];
  return Uint8Array.from(bytes);
}

const section = (id: number, content: readonly number[]) => [id, ...unsigned(content.length), ...content];

/** LEB128. */
function unsigned(n: number): number[] {
  return n < 128 ? [n] : [(n & 127) | 128, ...unsigned(n >> 7)];
}

/** i32.const of a positive number beyond the 63 that one byte holds. */
function constantWide(n: number): number[] {
  return [0x41, (n & 127) | 128, n >> 7];
}
