/** Float32 sums in the orders of ONNX Runtime's kernels; each line rounds as often as theirs does. */
import type { FloatLayer, FloatMean } from "../ir/float-layer.ts";
import { item } from "../ir/known.ts";

/**
 * Sum of the products of `patch` with the weights of output `k`, and its bias.
 * A product of two float32 numbers is exact in double precision, so that rounding the sum to float32 is a fused multiply-add (but
 * for sums within 2^-53 of a float32 tie, which round twice).
 */
export function floatSum(
  { weights, bias, order }: FloatLayer | FloatMean,
  patch: Float32Array,
  k: number,
): number {
  const size = patch.length;
  const product = (i: number): number => patch[i]! * weights[k * size + i]!;
  const offset = bias === null ? 0 : item(bias, k);
  switch (order.kind) {
    case "blocks":
      return Math.fround(blocks(product, size, order.size) + offset);
    case "fours":
      return order.biasFirst ? fours(product, size, offset) : Math.fround(fours(product, size, 0) + offset);
    case "eights":
      return Math.fround(eights(product, size, k, weights.length / size) + offset);
    case "mean":
      return Math.fround((order.vectors ? vectorSum(patch, 0) : blocks(product, size, size)) / size);
  }
}

/** Product `i` of a patch and its weights, exact. */
type Product = (i: number) => number;

function blocks(product: Product, length: number, size: number): number {
  let total = 0;
  for (let start = 0; start < length; start += size) {
    const end = Math.min(start + size, length);
    let sum = 0;
    for (let i = start; i < end; i++) sum = Math.fround(sum + product(i));
    total = Math.fround(total + sum);
  }
  return total;
}

/** Four products, then two, then one. */
function fours(product: Product, length: number, start: number): number {
  let total = start;
  for (let i = 0, step = 4; i < length; i += step) {
    while (i + step > length) step /= 2;
    let sum = Math.fround(product(i));
    for (let j = i + 1; j < i + step; j++) sum = Math.fround(sum + Math.fround(product(j)));
    total = Math.fround(total + sum);
  }
  return total;
}

/** Outputs are taken four at a time, then two, then one: each way adds its eight sums up in an order of its own. */
function eights(product: Product, length: number, k: number, outputs: number): number {
  const sums = new Float32Array(8);
  for (let i = 0; i < length; i++) sums[i % 8] = item(sums, i % 8) + Math.fround(product(i));
  const add = Math.fround;
  const [a, b, c, d, e, f, g, h] = sums as unknown as Eight;
  const left = outputs - (outputs % 4);
  if (k < left) return add(add(add(add(a + b) + c) + d) + add(add(add(e + f) + g) + h));
  if (k < left + ((outputs % 4) & 2)) return add(add(add(a + c) + add(e + g)) + add(add(b + d) + add(f + h)));
  return add(add(add(a + b) + add(c + d)) + add(add(e + f) + add(g + h)));
}

type Eight = [number, number, number, number, number, number, number, number];

/** Lanes of the vectors that Eigen adds up. */
const LANES = 4;

/**
 * Eigen's sum of values that lie `offset` values behind an aligned address (Redux.h, SSE): two vectors of four in turn, what
 * does not fill them one by one.
 */
export function vectorSum(values: Float32Array, offset: number): number {
  const start = Math.min((LANES - (offset % LANES)) % LANES, values.length);
  const whole = Math.floor((values.length - start) / LANES) * LANES;
  const pairs = Math.floor(whole / (2 * LANES)) * 2 * LANES;
  let total = 0;
  if (whole > 0) {
    const lanes = new Float32Array(2 * LANES);
    const used = whole > LANES ? 2 * LANES : LANES;
    for (let i = 0; i < used; i++) lanes[i] = item(values, start + i);
    for (let i = used; i < pairs; i++) lanes[i % used] = item(lanes, i % used) + item(values, start + i);
    for (let i = 0; i < LANES; i++) lanes[i] = item(lanes, i) + item(lanes, LANES + i);
    if (whole > pairs && whole > LANES)
      for (let i = 0; i < LANES; i++) lanes[i] = item(lanes, i) + item(values, start + pairs + i);
    total = Math.fround(
      Math.fround(item(lanes, 0) + item(lanes, 2)) + Math.fround(item(lanes, 1) + item(lanes, 3)),
    );
  }
  for (let i = 0; i < start; i++) total = Math.fround(total + item(values, i));
  for (let i = start + whole; i < values.length; i++) total = Math.fround(total + item(values, i));
  return total;
}

/** MLAS's sum of a row: every fourth value to a sum of its own, the four added up, then what is left. */
export function laneSum(values: Float32Array): number {
  const whole = values.length - (values.length % LANES);
  const lanes = new Float32Array(LANES);
  for (let i = 0; i < whole; i++) lanes[i % LANES] = item(lanes, i % LANES) + item(values, i);
  let total = Math.fround(
    Math.fround(item(lanes, 0) + item(lanes, 2)) + Math.fround(item(lanes, 1) + item(lanes, 3)),
  );
  for (let i = whole; i < values.length; i++) total = Math.fround(total + item(values, i));
  return total;
}
