/** Operators that move values. */
import type {
  ConcatNode,
  InterleaveNode,
  PadNode,
  QuantizeNode,
  RepeatNode,
  ReshapeNode,
  ResizeNode,
  SliceNode,
} from "../../ir/graph.ts";
import type {
  IntConcat,
  IntInterleave,
  IntMap,
  IntPad,
  IntRepeat,
  IntRescale,
  IntReshape,
  IntSlice,
  Rescaling,
} from "../../ir/integer.ts";
import { sameShape } from "../../ir/shapes.ts";
import { intBase, mapOf, report, sameQuantization, tensorOf } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { concatFactor } from "../concat-factor.ts";
import { factorOfTable, requantizingTable, type Range } from "../float32.ts";
import { quantizeMultiplier } from "../multiplier.ts";

export function lowerReshape(node: ReshapeNode, context: LowerContext): IntReshape | null {
  const input = mapOf(context, node.inputs[0]);
  const output = mapOf(context, node.output);
  if (!input || !output) return null;
  if (!sameQuantization(input, output)) {
    const found = "a reshape that changes scale or zero point";
    return report(
      context,
      "unsupported-quantization",
      node.name,
      found,
      "reshapes that keep both",
      "quantise its input and its output with one scale and zero point",
    );
  }
  return { kind: "reshape", ...intBase(context, node, [input.id]) };
}

export function lowerPad(node: PadNode, context: LowerContext): IntPad | null {
  const input = mapOf(context, node.inputs[0]);
  const output = mapOf(context, node.output);
  if (!input || !output) return null;
  const value = node.value === undefined ? input.zeroPoint : node.value - (input.dtype === "uint8" ? 128 : 0);
  if (!sameQuantization(input, output) || value !== input.zeroPoint) {
    const found = "padding with another value than zero, or of another scale";
    return report(
      context,
      "unsupported-attribute",
      node.name,
      found,
      "padding with the map's zero point",
      "use a plain PAD",
    );
  }
  const { channels, padding } = node;
  return { kind: "pad", ...intBase(context, node, [input.id]), padding, ...(channels && { channels }) };
}

/** Maps whose values only change place, or lie between others, keep scale and zero point. */
export function movedMaps(
  node: SliceNode | RepeatNode | ResizeNode | InterleaveNode,
  context: LowerContext,
): { readonly input: IntMap; readonly output: IntMap } | null {
  const input = mapOf(context, node.inputs[0]);
  const output = mapOf(context, node.output);
  if (!input || !output) return null;
  if (sameQuantization(input, output)) return { input, output };
  const found = `a ${node.kind} that changes scale or zero point`;
  const fix = "quantise its input and its output with one scale and zero point";
  return report(context, "unsupported-quantization", node.name, found, "the same on both sides", fix);
}

/** The whole of a map is the map. */
export function lowerSlice(node: SliceNode, context: LowerContext): IntSlice | IntReshape | null {
  const maps = movedMaps(node, context);
  if (!maps) return null;
  // maps are [H, W, C], whatever rank their tensors have
  const [, ...begin] = [0, 0, 0, ...node.begin].slice(-4);
  const [, ...stride] = [1, 1, 1, ...node.stride].slice(-4);
  const [top = 0, left = 0, front = 0] = begin;
  const [down = 1, across = 1, apart = 1] = stride;
  const base = intBase(context, node, [maps.input.id]);
  if (sameShape(tensorOf(context, node.inputs[0]).shape, tensorOf(context, node.output).shape))
    return { kind: "reshape", ...base };
  return { kind: "slice", ...base, begin: [top, left, front], stride: [down, across, apart] };
}

export function lowerRepeat(node: RepeatNode, context: LowerContext): IntRepeat | null {
  const maps = movedMaps(node, context);
  return maps && { kind: "repeat", ...intBase(context, node, [maps.input.id]), factor: node.factor };
}

export function lowerInterleave(node: InterleaveNode, context: LowerContext): IntInterleave | null {
  const maps = node.inputs.map((id) => movedMaps({ ...node, inputs: [id] }, context));
  const inputs = maps.flatMap((map) => (map ? [map.input.id] : []));
  if (inputs.length !== maps.length) return null;
  return { kind: "interleave", ...intBase(context, node, inputs), factor: node.factor };
}

/** Concatenation along any axis but the batch. An input of another scale is rescaled as TFLite's float formula does it, or refused. */
export function lowerConcat(node: ConcatNode, context: LowerContext): IntConcat | null {
  const maps = node.inputs.map((id) => mapOf(context, id)).filter((map) => map !== null);
  const output = mapOf(context, node.output);
  if (!output || maps.length !== node.inputs.length) return null;
  // maps are [H, W, C], whatever rank their tensors have
  const axis = node.axis - tensorOf(context, node.output).shape.length + 3;
  if ((axis !== 0 && axis !== 1 && axis !== 2) || node.axis === 0 || node.activation !== "none") {
    const found =
      node.activation === "none"
        ? `concatenation along axis ${node.axis}`
        : `concatenation with ${node.activation}`;
    const supported = "concatenation along rows, columns or channels, without activation";
    return report(context, "unsupported-attribute", node.name, found, supported, "concatenate channels");
  }
  const exact = context.graph.arithmetic === "onnx" ? floatRescaling : concatFactor;
  const rescale = maps.map((map) => (sameQuantization(map, output) ? null : exact(map, output)));
  for (const [i, factor] of rescale.entries()) {
    if (factor !== undefined) continue;
    const found = `input ${i} of scale ${maps[i]?.scale} for an output of scale ${output.scale}`;
    const supported = "a scale that integers reproduce exactly, best the output's own";
    const fix = "quantise all inputs of the concatenation with the scale of its output";
    report(context, "unsupported-quantization", node.name, found, supported, fix);
  }
  const known = rescale.filter((factor) => factor !== undefined);
  if (known.length !== rescale.length) return null;
  const ids = maps.map((map) => map.id);
  const order = node.order && { order: node.order };
  return { kind: "concat", ...intBase(context, node, ids), axis, ...order, rescale: known };
}

/** ONNX Runtime's way between two maps: a factor where one gives the same for every value, else the values themselves. */
export function floatRescaling(
  input: IntMap,
  output: IntMap,
  range: Range = { min: -128, max: 127 },
): Rescaling {
  const table = requantizingTable(input, output, range);
  return factorOfTable(table, input, output, range) ?? { table };
}

/** QUANTIZE between two 8-bit maps (TFLite's Requantize; ONNX's QuantizeLinear behind DequantizeLinear). */
export function lowerRescale(node: QuantizeNode, context: LowerContext): IntRescale | null {
  const input = mapOf(context, node.inputs[0]);
  const output = mapOf(context, node.output);
  if (!input || !output) return null;
  return {
    kind: "rescale",
    ...intBase(context, node, [input.id]),
    rescaling:
      context.graph.arithmetic === "onnx"
        ? floatRescaling(input, output)
        : quantizeMultiplier(input.scale / output.scale),
  };
}
