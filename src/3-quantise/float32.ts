/** ONNX Runtime's float32 formulas for quantised operators other than layers with weights. */
import { roundEven } from "../ir/rounding.ts";
import type { IntMap } from "../ir/integer.ts";
import type { TensorId } from "../ir/graph.ts";
import { mapOf, sameQuantization, tensorOf } from "./context.ts";
import type { LowerContext } from "./context.ts";
import type { Multiplier } from "./multiplier.ts";
import { quantizeMultiplier } from "./multiplier.ts";
import { item } from "../ir/known.ts";

/**
 * What the integers of ONNX Runtime's kernel for these maps have more than the re-centred ones; null where the maps differ
 * in type, so that it computes without such a kernel.
 */
export function kernelCentre(context: LowerContext, maps: readonly IntMap[]): 0 | 128 | null {
  const centres = maps.map(({ id }): 0 | 128 => (ownType(context, id) === "uint8" ? 128 : 0));
  return centres.every((centre) => centre === centres[0]) ? item(centres, 0) : null;
}

/** The type that ONNX Runtime gives a map: uint8 for an int8 pair (QDQS8ToU8Transformer, on x64). */
export function ownType(context: LowerContext, id: TensorId): "int8" | "uint8" {
  const { graph, producers } = context;
  const maker = producers.get(id);
  // Zeros around a map are the pool's own padding.
  if (maker?.kind === "pad") return ownType(context, maker.inputs[0] ?? id);
  const tensor = tensorOf(context, id);
  const readers = graph.nodes.filter((node) => node.inputs.includes(id));
  const [reader] = readers;
  // A map that only becomes another type is the operator's result in that type.
  if (readers.length === 1 && reader?.kind === "quantize" && changesTypeOnly(context, id, reader.output))
    return ownType(context, reader.output);
  return tensor.dtype === "uint8" || tensor.pair ? "uint8" : "int8";
}

function changesTypeOnly(context: LowerContext, from: TensorId, to: TensorId): boolean {
  const [a, b] = [mapOf(context, from), mapOf(context, to)];
  return a !== null && b !== null && sameQuantization(a, b);
}

/** Bounds of a re-centred output. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/**
 * DequantizeLinear, an operator that keeps the value, QuantizeLinear: what each re-centred input, -128 to 127, becomes.
 * Source: MlasDequantizeLinear, MlasQuantizeLinear; QLinearConcat's table is made of the same.
 */
export function requantizingTable(input: IntMap, output: IntMap, { min, max }: Range): Int8Array {
  return Int8Array.from({ length: 256 }, (_, i) => {
    const real = Math.fround(input.scale * (i - 128 - input.zeroPoint));
    const value = roundEven(Math.fround(real / output.scale)) + output.zeroPoint;
    return Math.max(min, Math.min(max, value));
  });
}

/** How far the factor may be moved, in the last bits of 31, to give every entry of a table. */
const REACH = 1024;

/** The factor with which a requantisation gives every value of the table; undefined where none does. */
export function factorOfTable(
  table: Int8Array,
  input: IntMap,
  output: IntMap,
  { min, max }: Range,
): Multiplier | undefined {
  const { exponent, multiplier } = quantizeMultiplier(Math.fround(input.scale / output.scale));
  const agrees = (candidate: number): boolean =>
    table.every((wanted, i) => {
      const exact = (i - 128 - input.zeroPoint) * candidate * 2 ** (exponent - 31);
      const value = roundEven(Math.fround(exact)) + output.zeroPoint;
      return Math.max(min, Math.min(max, value)) === wanted;
    });
  for (let distance = 0; distance <= REACH; distance++) {
    for (const candidate of [multiplier + distance, multiplier - distance])
      if (candidate < 2 ** 31 && candidate >= 2 ** 30 && agrees(candidate))
        return { multiplier: candidate, exponent };
  }
  return undefined;
}
