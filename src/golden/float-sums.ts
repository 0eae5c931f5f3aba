/** Float32 sums in the orders of ONNX Runtime's kernels; each line rounds as often as theirs does. */
import type { FloatLayer } from "../ir/integer.ts";

/**
 * Sum of the products of `patch` with the weights of output `k`, and its bias.
 * A product of two float32 numbers is exact in double precision, so that rounding the sum to float32 is a fused multiply-add (but
 * for sums within 2^-53 of a float32 tie, which round twice).
 */
export function floatSum({ weights, bias, order }: FloatLayer, patch: Float32Array, k: number): number {
  const from = k * patch.length;
  const offset = bias === null ? 0 : bias[k]!;
  switch (order.kind) {
    case "blocks":
      return Math.fround(blocks(weights, patch, from, order.size) + offset);
    case "fours":
      return order.biasFirst
        ? fours(weights, patch, from, offset)
        : Math.fround(fours(weights, patch, from, 0) + offset);
    case "eights":
      return Math.fround(eights(weights, patch, from, k, weights.length / patch.length) + offset);
  }
}

function blocks(weights: Float32Array, patch: Float32Array, from: number, size: number): number {
  let total = 0;
  for (let start = 0; start < patch.length; start += size) {
    const end = Math.min(start + size, patch.length);
    let sum = 0;
    for (let i = start; i < end; i++) sum = Math.fround(sum + patch[i]! * weights[from + i]!);
    total = Math.fround(total + sum);
  }
  return total;
}

/** Four products, then two, then one. */
function fours(weights: Float32Array, patch: Float32Array, from: number, start: number): number {
  let total = start;
  for (let i = 0, step = 4; i < patch.length; i += step) {
    while (i + step > patch.length) step /= 2;
    let sum = Math.fround(patch[i]! * weights[from + i]!);
    for (let j = i + 1; j < i + step; j++)
      sum = Math.fround(sum + Math.fround(patch[j]! * weights[from + j]!));
    total = Math.fround(total + sum);
  }
  return total;
}

/** Outputs are taken four at a time, then two, then one: each way adds its eight sums up in an order of its own. */
function eights(
  weights: Float32Array,
  patch: Float32Array,
  from: number,
  k: number,
  outputs: number,
): number {
  const sums = new Float32Array(8);
  for (let i = 0; i < patch.length; i++)
    sums[i % 8] = sums[i % 8]! + Math.fround(patch[i]! * weights[from + i]!);
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
    for (let i = 0; i < used; i++) lanes[i] = values[start + i]!;
    for (let i = used; i < pairs; i++) lanes[i % used] = lanes[i % used]! + values[start + i]!;
    for (let i = 0; i < LANES; i++) lanes[i] = lanes[i]! + lanes[LANES + i]!;
    if (whole > pairs && whole > LANES)
      for (let i = 0; i < LANES; i++) lanes[i] = lanes[i]! + values[start + pairs + i]!;
    total = Math.fround(Math.fround(lanes[0]! + lanes[2]!) + Math.fround(lanes[1]! + lanes[3]!));
  }
  for (let i = 0; i < start; i++) total = Math.fround(total + values[i]!);
  for (let i = start + whole; i < values.length; i++) total = Math.fround(total + values[i]!);
  return total;
}

/** MLAS's sum of a row: every fourth value to a sum of its own, the four added up, then what is left. */
export function laneSum(values: Float32Array): number {
  const whole = values.length - (values.length % LANES);
  const lanes = new Float32Array(LANES);
  for (let i = 0; i < whole; i++) lanes[i % LANES] = lanes[i % LANES]! + values[i]!;
  let total = Math.fround(Math.fround(lanes[0]! + lanes[2]!) + Math.fround(lanes[1]! + lanes[3]!));
  for (let i = whole; i < values.length; i++) total = Math.fround(total + values[i]!);
  return total;
}
