/** The functions of firebrick/hls, and the few of JavaScript's that mean the same in hardware. */
import type { Node } from "ts-morph";
import { integerOperation } from "./arithmetic.ts";
import { intRange, isWithin, rangeText, span, uintRange, type Range } from "./range.ts";
import { constantOf, type SsaNode } from "./ssa.ts";
import { entryOf } from "./entry.ts";
import { magnitudeRange, resultRange } from "./result-range.ts";
import { newArray, poison, type Context, type Value } from "./value.ts";
import { item } from "../../src/ir/known.ts";

/** Calls `name` with `values`; null when there is no such function. `at` is the call. */
export function callBuiltin(
  context: Context,
  at: Node,
  name: string,
  values: readonly Value[],
): Value | null {
  if (values.some((value) => value.kind === "poison")) return poison;
  const { builder } = context;
  const node = (index: number): SsaNode => nodeOf(context, at, values[index]);
  const count = (index: number): number => numberOf(context, at, values[index]);
  const amount = (index: number): number => amountOf(context, at, values[index]);
  const bits = (value: SsaNode): Value => ({ kind: "bits", node: value });
  const constant = (value: number | bigint): SsaNode => builder.constant(BigInt(value));
  const less = (a: SsaNode, b: SsaNode): SsaNode => builder.binary("lt", a, b);
  const smaller = (a: SsaNode, b: SsaNode): SsaNode => bounded(context, "min", less(a, b), a, b);
  const larger = (a: SsaNode, b: SsaNode): SsaNode => bounded(context, "max", less(a, b), b, a);
  const clamp = (x: SsaNode, low: SsaNode, high: SsaNode): SsaNode => clamped(context, x, low, high);
  const range = (signed: boolean): Range => widthRange(context, at, count(0), signed);
  switch (name) {
    case "int":
    case "uint":
      return bits(fitting(context, at, node(1), range(name === "int"), name));
    case "wrapInt":
    case "BigInt.asIntN":
      return bits(builder.wrap(node(1), range(true)));
    case "wrapUint":
    case "BigInt.asUintN":
      return bits(builder.wrap(node(1), range(false)));
    case "saturateInt":
    case "saturateUint": {
      const { low, high } = range(name === "saturateInt");
      return bits(clamp(node(1), constant(low), constant(high)));
    }
    case "round": {
      const places = amount(1);
      if (places === 0) return bits(node(0));
      const half = constant(1n << BigInt(places - 1));
      return bits(builder.binary("shr", builder.binary("add", node(0), half), constant(places)));
    }
    case "min":
      return bits(smaller(node(0), node(1)));
    case "max":
      return bits(larger(node(0), node(1)));
    case "clamp":
      return bits(clamp(node(0), node(1), node(2)));
    case "abs": {
      const x = node(0);
      const negated = builder.binary("sub", constant(0), x);
      return bits(builder.narrow(builder.mux(less(x, negated), negated, x), magnitudeRange(x.range)));
    }
    case "bit": {
      const shifted = builder.binary("shr", node(0), constant(amount(1)));
      return { kind: "bool", node: builder.wrap(shifted, uintRange(1)) };
    }
    case "slice": {
      const shifted = builder.binary("shr", node(0), constant(amount(2)));
      return bits(builder.wrap(shifted, widthRange(context, at, count(1) - count(2) + 1, false)));
    }
    case "concat": {
      const low = builder.wrap(node(1), widthRange(context, at, count(2), false));
      const high = integerOperation(context, at, "shl", node(0), constant(count(2)));
      if (high === null) return poison;
      // Nothing of the two overlaps: their sum.
      return bits(builder.narrow(builder.binary("or", high, low), resultRange("add", high.range, low.range)));
    }
    case "select": {
      return bits(builder.mux(node(0), node(1), node(2)));
    }
    case "lookup":
      return entryOf(context, at, values[0], node(1));
    case "array":
      return newArray(
        context,
        Array.from({ length: count(0) }, () => item(values, 1)),
      );
    case "BigInt":
      if (values[0]?.kind === "number") return bits(constant(values[0].value));
      return values[0]?.kind === "bool" ? bits(values[0].node) : bits(node(0));
    case "Number":
      return { kind: "number", value: count(0) };
    default:
      return null;
  }
}

/** min or max as a choice, whose range is tighter than the choice's alone. */
function bounded(context: Context, kind: "min" | "max", test: SsaNode, yes: SsaNode, no: SsaNode): SsaNode {
  const node = context.builder.mux(test, yes, no);
  const better = (a: bigint, b: bigint): bigint => ((kind === "min") === a < b ? a : b);
  const low = better(yes.range.low, no.range.low);
  const high = better(yes.range.high, no.range.high);
  return context.builder.narrow(node, { low, high });
}

/** Two comparisons side by side, as the function has them: `low` wins where it is above `high`. */
function clamped({ builder }: Context, x: SsaNode, low: SsaNode, high: SsaNode): SsaNode {
  const under = builder.binary("lt", x, low);
  const over = builder.binary("lt", high, x);
  const within = {
    low: x.range.low > low.range.low ? x.range.low : low.range.low,
    high: x.range.high < high.range.high ? x.range.high : high.range.high,
  };
  const reached = [
    ...(constantOf(under) === 0n ? [] : [low.range]),
    ...(constantOf(over) === 0n ? [] : [high.range]),
    ...(within.low > within.high ? [] : [within]),
  ];
  const node = builder.mux(under, low, builder.mux(over, high, x));
  return builder.narrow(node, span(reached.flatMap((range) => [range.low, range.high])));
}

function fitting(context: Context, at: Node, value: SsaNode, range: Range, name: string): SsaNode {
  if (isWithin(value.range, range)) return value;
  const target = `${name === "int" ? "Int" : "UInt"} holds ${rangeText(range)}`;
  context.reporter.report(at, "HLS008", `the value can be ${rangeText(value.range)}, this ${target}`);
  return context.builder.wrap(value, range);
}

function widthRange(context: Context, at: Node, width: number, signed: boolean): Range {
  if (Number.isInteger(width) && width >= 1 && width <= 512)
    return signed ? intRange(width) : uintRange(width);
  context.reporter.reportUnlessKnown(at, "HLS010", `a width of ${width}`);
  return uintRange(1);
}

export function nodeOf(context: Context, at: Node, value: Value | undefined): SsaNode {
  if (value?.kind === "bits" || value?.kind === "bool") return value.node;
  if (value?.kind !== "poison")
    context.reporter.reportUnlessKnown(at, "HLS001", `${value?.kind ?? "nothing"} where an integer belongs`);
  else tellOfPaths(context, at);
  return context.builder.constant(0n);
}

/** A number that is known now; 1 after a complaint. */
export function numberOf(context: Context, at: Node, value: Value | undefined): number {
  if (value?.kind === "number") return value.value;
  const fixed = value?.kind === "bits" ? constantOf(value.node) : null;
  if (fixed !== null) return Number(fixed);
  if (value?.kind !== "poison")
    context.reporter.reportUnlessKnown(at, "HLS010", "a value that is computed in hardware");
  else tellOfPaths(context, at);
  return 1;
}

/** A number of places to shift by; 0 after a complaint. */
function amountOf(context: Context, at: Node, value: Value | undefined): number {
  const places = numberOf(context, at, value);
  if (Number.isInteger(places) && places >= 0 && places <= 255) return places;
  context.reporter.reportUnlessKnown(at, "HLS012", `an amount of ${places}`);
  return 0;
}

/** A value that was lost where two paths met has not been told of, other than what was wrong before. */
function tellOfPaths({ reporter }: Context, at: Node): void {
  if (reporter.diagnostics.length === 0)
    reporter.report(at, "HLS010", "a number or array that paths disagree on");
}
