/** ADD, SUB, MAXIMUM and MINIMUM of a map and a constant, one value for all channels or one a channel; others are maps. */
import type { BinaryNode, Node } from "../../ir/graph.ts";
import type { IntDepthwise, IntLookup, IntMap } from "../../ir/integer.ts";
import { item } from "../../ir/known.ts";
import { roundEven } from "../../ir/rounding.ts";
import { intBase, mapOf, report, tensorOf } from "../context.ts";
import type { LowerContext } from "../context.ts";
import { lineOfTable, MOST_SIGNED_WEIGHT, MOST_WEIGHT } from "../channel-line.ts";
import type { Line } from "../channel-line.ts";
import { multiplyByQuantized, quantizeMultiplier } from "../multiplier.ts";
import { activationRange } from "../range.ts";
import { channelScale } from "./channel-scale.ts";
import { eightBitConstant, joined } from "./lookup.ts";
import { tableOf } from "../function-tables.ts";

/** One channel's function: its table, and the real line that it follows between its limits, in output steps. */
export interface ChannelFunction {
  readonly table: Int8Array;
  readonly slope: number;
  readonly offset: number;
}

/**
 * Exactly TFLite's integers: as a depthwise 1x1 convolution where weights and biases give every value of the function,
 * else as tables. Null where no operand is constant, or after a report.
 */
export function lowerConstantOperand(
  node: BinaryNode,
  context: LowerContext,
): IntDepthwise | IntLookup | null {
  const tensors = node.inputs.map((id) => tensorOf(context, id));
  const constant = tensors.find((tensor) => tensor.data);
  const input = mapOf(context, tensors.find((tensor) => !tensor.data)?.id);
  const output = mapOf(context, node.output);
  if (!constant || !input || !output) return null;
  const operand = eightBitConstant(constant);
  if (!operand) {
    const found = `${node.kind} of a map and a constant without one scale`;
    const supported = "an 8-bit constant with one scale and zero point";
    const fix = "fold it into the layer before it, or cut the network there";
    return report(context, "unsupported-operator", node.name, found, supported, fix);
  }
  const isFirst = tensors[0] !== constant;
  const functions = operand.values.map((value, i) =>
    node.kind === "maximum" || node.kind === "minimum"
      ? limit(node.kind, item(operand.raw, i) - (constant.dtype === "uint8" ? 128 : 0), input)
      : sum(node, value, operand.scale, isFirst, input, output),
  );
  return asLayer(node, context, input, output, functions);
}

/** Source: TFLite's MaximumMinimumBroadcastSlow: the integers themselves are compared. */
function limit(kind: "maximum" | "minimum", constant: number, input: IntMap): ChannelFunction {
  const choose = kind === "maximum" ? Math.max : Math.min;
  const table = tableOf(input, (value) => choose(value + input.zeroPoint, constant));
  return { table, slope: 1, offset: 0 };
}

/**
 * Source: TFLite's reference_integer_ops::Add and reference_ops::SubWithActivation. Its Prepare divides scales in double for
 * ADD, as lowerAdd does for two maps, and in float32 for SUB.
 */
function sum(
  node: BinaryNode,
  constant: number,
  constantScale: number,
  isFirst: boolean,
  input: IntMap,
  output: IntMap,
): ChannelFunction {
  const leftShift = 20;
  const quotient =
    node.kind === "add" ? (a: number, b: number) => a / b : (a: number, b: number) => Math.fround(a / b);
  const twice = 2 * Math.max(input.scale, constantScale);
  const scaled = (value: number, scale: number) => {
    const { multiplier, exponent } = quantizeMultiplier(quotient(scale, twice));
    return multiplyByQuantized(value * 2 ** leftShift, multiplier, exponent);
  };
  const result = quantizeMultiplier(quotient(twice, 2 ** leftShift * output.scale));
  const { min, max } = activationRange(node.activation, output);
  const [mapSign, constantSign] = node.kind === "add" ? [1, 1] : isFirst ? [1, -1] : [-1, 1];
  const addend = constantSign * scaled(constant, constantScale);
  const table = tableOf(input, (value) => {
    const total = mapSign * scaled(value, input.scale) + addend;
    const rescaled = multiplyByQuantized(total, result.multiplier, result.exponent) + output.zeroPoint;
    return Math.min(Math.max(rescaled, min), max);
  });
  const offset = (constantSign * constant * constantScale) / output.scale;
  return { table, slope: (mapSign * input.scale) / output.scale, offset };
}

export function asLayer(
  node: Node,
  context: LowerContext,
  input: IntMap,
  output: IntMap,
  functions: readonly ChannelFunction[],
): IntDepthwise | IntLookup {
  const base = intBase(context, node, [input.id]);
  const tables = joined(functions.map(({ table }) => table));
  const range = {
    min: tables.reduce((a, b) => Math.min(a, b)),
    max: tables.reduce((a, b) => Math.max(a, b)),
  };
  const lines: Line[] = [];
  const has = (sign: number) => functions.some(({ slope }) => Math.sign(slope) === sign);
  const mostWeight = has(1) && has(-1) ? MOST_SIGNED_WEIGHT : MOST_WEIGHT;
  const round = context.graph.arithmetic === "onnx" ? toEven : multiplyByQuantized;
  for (const { table, slope, offset } of functions) {
    const line = lineOfTable({ table, input, output, range, mostWeight, round }, slope, offset);
    if (!line) return { kind: "lookup", ...base, tables };
    lines.push(line);
  }
  const each = (pick: (line: Line) => number) =>
    Int32Array.from({ length: input.channels }, (_, c) => pick(item(lines, c % lines.length)));
  return channelScale(base, {
    weights: Int16Array.from(each(({ weight }) => weight)),
    // weights of one sign reach 255 from one end of the range
    weightZeroPoint: mostWeight === MOST_SIGNED_WEIGHT ? 0 : has(-1) ? 127 : -128,
    bias: each(({ bias }) => bias),
    requantize: { multiplier: each((l) => l.multiplier), exponent: each((l) => l.exponent), ...range },
  });
}

/** The product in float32, to the nearest integer, ties to even. Sums and multipliers have so few bits that it is exact before. */
function toEven(sum: number, multiplier: number, exponent: number): number {
  return roundEven(Math.fround(sum * multiplier * 2 ** (exponent - 31)));
}
