/** Bilinear resizes: TFLite's on integers, ONNX Runtime's in float32, where integers may come to the same. */
import type { ResizeNode } from "../../ir/graph.ts";
import type { IntMap, IntResize } from "../../ir/integer.ts";
import { exactSteps, realPlaces, type Alignment } from "../../ir/linear.ts";
import { greatestDivisor } from "../../ir/greatest-divisor.ts";
import { intBase, mapOf, sameQuantization } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { movedMaps } from "./simple.ts";

export function lowerResize(node: ResizeNode, context: LowerContext): IntResize | null {
  const { alignment, kind } = node;
  if (context.graph.arithmetic !== "onnx") {
    const maps = movedMaps(node, context);
    return maps && { kind, ...intBase(context, node, [maps.input.id]), alignment };
  }
  const input = mapOf(context, node.inputs[0]);
  const output = mapOf(context, node.output);
  if (!input || !output) return null;
  const floats = isSame(input, output, alignment) ? {} : ({ floats: true } as const);
  return { kind, ...intBase(context, node, [input.id]), alignment, ...floats };
}

/** Whether float32 comes to the exact mean, halves rounded to the even integer, whatever the values. */
function isSame(input: IntMap, output: IntMap, alignment: Alignment): boolean {
  if (!sameQuantization(input, output)) return false;
  const rows = along(input.height, output.height, alignment);
  const columns = along(input.width, output.width, alignment);
  const parts = rows.parts * columns.parts;
  const error = rows.error + columns.error;
  if (isExact(input.scale, parts) && error === 0) return true;
  // a sum of an odd number of parts is no tie, and half a part away from one
  return parts % 2 === 1 && 0.5 / parts > MOST_STEPS * (error + ROUNDINGS * 2 ** -24);
}

/** Steps of values above their zero point. */
const MOST_STEPS = 255;
/** In float32 from an integer to the steps of its mean: dequantised, weights of rows, columns and both, a product, three sums, a quotient. */
const ROUNDINGS = 9;

/** Whether float32 holds every sum of products with a scale: of 8-bit values and weights that are whole numbers of `parts`. */
function isExact(scale: number, parts: number): boolean {
  let digits = scale;
  while (!Number.isInteger(digits)) digits *= 2;
  while (digits % 2 === 0) digits /= 2;
  return Number.isInteger(Math.log2(parts)) && digits * MOST_STEPS * parts <= 2 ** 24;
}

interface Along {
  /** The least number of which all weights are whole numbers of parts. */
  readonly parts: number;
  /** How far float32's places are off at most. */
  readonly error: number;
}

function along(size: number, made: number, alignment: Alignment): Along {
  const { offset, one, step } = exactSteps(size, made, alignment);
  let [parts, error] = [1, 0];
  for (const [i, { low, high, weights }] of realPlaces(size, made, alignment).entries()) {
    const at = Math.max(0, Math.min((size - 1) * one, offset + i * step));
    const own = one / greatestDivisor(one, at);
    parts = (parts * own) / greatestDivisor(parts, own);
    error = Math.max(error, Math.abs(low + (high - low) * weights[1] - at / one));
  }
  return { parts, error };
}
