/** Functions of single values as tables. */
import { realCurve } from "../../ir/curve.ts";
import type {
  CurveNode,
  FunctionNode,
  LeakyReluNode,
  Node,
  PowerNode,
  PreluNode,
  Tensor,
} from "../../ir/graph.ts";
import type { IntLookup, IntMap } from "../../ir/integer.ts";
import { item } from "../../ir/known.ts";
import { intBase, mapOf, report, tensorOf } from "../context.ts";
import type { LowerContext } from "../context.ts";
import {
  curveTable,
  dequantisedTable,
  functionTable,
  leakyReluTable,
  powerTable,
  preluFactors,
  preluTable,
} from "../function-tables.ts";

/** The node as the table, or the tables of its channels, that `make` gives for its maps. */
export function lookupOf(
  node: Node,
  context: LowerContext,
  make: (input: IntMap, output: IntMap) => Int8Array,
): IntLookup | null {
  const input = mapOf(context, node.inputs[0]);
  const output = mapOf(context, node.output);
  if (!input || !output) return null;
  return { kind: "lookup", ...intBase(context, node, [input.id]), tables: make(input, output) };
}

export function lowerFunction(node: FunctionNode, context: LowerContext): IntLookup | null {
  return lookupOf(node, context, (input, output) => functionTable(node.kind, input, output));
}

export function lowerCurve(node: CurveNode, context: LowerContext): IntLookup | null {
  return lookupOf(node, context, (input, output) =>
    isOnnx(context)
      ? dequantisedTable(realCurve(node.curve), input, output)
      : curveTable(node.curve, input, output),
  );
}

/** In a quantised network from ONNX, the function of dequantised values. */
function isOnnx({ graph }: LowerContext): boolean {
  return graph.arithmetic === "onnx";
}

/** Below zero x * slope, in float32. */
function leaky(slope: number): (x: number) => number {
  const factor = Math.fround(slope);
  return (x) => (x < 0 ? Math.fround(x * factor) : x);
}

export function lowerLeakyRelu(node: LeakyReluNode, context: LowerContext): IntLookup | null {
  return lookupOf(node, context, (input, output) =>
    isOnnx(context)
      ? dequantisedTable(leaky(node.alpha), input, output)
      : leakyReluTable(node.alpha, input, output),
  );
}

export function lowerPower(node: PowerNode, context: LowerContext): IntLookup | null {
  return lookupOf(node, context, (input, output) => powerTable(node, input, output));
}

export function lowerPrelu(node: PreluNode, context: LowerContext): IntLookup | null {
  const alpha = tensorOf(context, node.inputs[1]);
  const floats = alpha.data;
  if (isOnnx(context) && floats instanceof Float32Array)
    return lookupOf(node, context, (input, output) =>
      joined(Array.from(floats, (slope) => dequantisedTable(leaky(slope), input, output))),
    );
  const slopes = eightBitConstant(alpha);
  if (!slopes)
    return report(
      context,
      "unsupported-operator",
      node.name,
      "slopes without one scale and zero point",
      "8-bit slopes, one for all channels or one a channel",
      "convert the network again with full-integer quantisation",
    );
  const { scale, values } = slopes;
  const lookup = lookupOf(node, context, (input, output) =>
    joined(values.map((value) => preluTable(value, scale, input, output))),
  );
  const [input, output] = [mapOf(context, node.inputs[0]), mapOf(context, node.output)];
  if (!lookup || !input || !output || values.length === 1) return lookup;
  const zeroPoint = item(slopes.raw, 0) - item(values, 0) - (alpha.dtype === "uint8" ? 128 : 0);
  const factors = Int16Array.from(values);
  return { ...lookup, slopes: { ...preluFactors(scale, input, output), factors, zeroPoint } };
}

/** Tables of channels, one behind the other. */
export function joined(tables: readonly Int8Array[]): Int8Array {
  const all = new Int8Array(256 * tables.length);
  for (const [i, table] of tables.entries()) all.set(table, 256 * i);
  return all;
}

/** Values of a stored 8-bit tensor, less its zero point. */
export interface EightBitConstant {
  readonly scale: number;
  /** As the file has them. */
  readonly raw: readonly number[];
  readonly values: readonly number[];
}

/** Undefined where it is not constant, or has other than one scale and zero point. */
export function eightBitConstant({ data, quantization }: Tensor): EightBitConstant | undefined {
  if (!(data instanceof Int8Array || data instanceof Uint8Array)) return undefined;
  if (quantization?.scales.length !== 1) return undefined;
  const [scale, zeroPoint] = [item(quantization.scales, 0), item(quantization.zeroPoints, 0)];
  const raw = Array.from(data);
  return { scale, raw, values: raw.map((value) => value - zeroPoint) };
}
