/** The end of a network in other types than 8 bits. It stands behind the maps of the integer graph, and the host computes it. */
import { assert } from "./errors.ts";
import type { FloatLayer } from "./float-layer.ts";
import type { BinaryNode, DetectionNode, DetectionRule, Padding } from "./graph.ts";
import { item } from "./known.ts";
import { elements } from "./shapes.ts";

/** Of a map, or of a value of the tail: each number is of one of both. */
export type ValueId = number;

export interface TailValue {
  readonly id: ValueId;
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: "int16" | "int32" | "int64" | "float32";
  /** Of a constant, which no node makes. */
  readonly data?: Float32Array;
}

interface TailBase {
  readonly name: string;
  /** Framework operators computed by this node, in file order. */
  readonly sources: readonly number[];
  /** Maps, or values of the tail. */
  readonly inputs: readonly ValueId[];
  readonly output: ValueId;
}

/** The place of the greatest, or least, integer of a map along an axis of [H, W, C]: of equal ones the first, or the `last`. */
export interface TailArg extends TailBase {
  readonly kind: "arg-max" | "arg-min";
  readonly axis: 0 | 1 | 2;
  readonly last?: true;
}

/** TFLite's softmax of 8 bits to 16: 1/65536 and the lowest zero point. `axes` of [H, W, C], the last without them. */
export interface TailSoftmax extends TailBase {
  readonly kind: "softmax";
  readonly beta: number;
  readonly axes?: readonly number[];
}

/** The same values of the tail under another shape or in another type. */
export interface TailCopy extends TailBase {
  readonly kind: "copy";
}

/** A result of TFLite_Detection_PostProcess; inputs = [encodings, scores], which are dequantised. */
export interface TailDetection extends TailBase {
  readonly kind: "detection";
  readonly result: DetectionNode["result"];
  readonly rule: DetectionRule;
  /** y, x, height and width of each. */
  readonly anchors: Float32Array;
}

/** The real values of a map: scale * (q - zero point). */
export interface TailDequantize extends TailBase {
  readonly kind: "dequantize";
}

/** Of single values; `leaky`: below zero x * alpha; `power`: (bias + factor * x)^exponent; `steps`: quantised and dequantised. */
export type RealFunction =
  | { readonly name: "clamp"; readonly low: number; readonly high: number }
  | { readonly name: "leaky"; readonly alpha: number }
  | {
      readonly name: "steps";
      readonly scale: number;
      readonly zeroPoint: number;
      readonly low: number;
      readonly high: number;
    }
  | { readonly name: "power"; readonly bias: number; readonly factor: number; readonly exponent: number }
  | { readonly name: "logistic" | "tanh" | "hard-sigmoid" | "hard-swish" | "exp" };

export interface TailFunction extends TailBase {
  readonly kind: "function";
  readonly function: RealFunction;
}

/** Of two values in float32, clamped; an operand of size 1 along an axis is stretched, axes are aligned at the last one. */
export interface TailBinary extends TailBase {
  readonly kind: BinaryNode["kind"];
  readonly low: number;
  readonly high: number;
}

/** exp(beta * x) over its sum along the axes together, or its logarithm. */
export interface TailShares extends TailBase {
  readonly kind: "real-softmax" | "real-log-softmax";
  readonly beta: number;
  readonly axes: readonly number[];
}

/** Values side by side along an axis. */
export interface TailConcat extends TailBase {
  readonly kind: "concat";
  readonly axis: number;
}

/** Element i of axis a is element begin[a] + i * stride[a]. */
export interface TailSlice extends TailBase {
  readonly kind: "slice";
  readonly begin: readonly number[];
  readonly stride: readonly number[];
}

/** Axis i of the result is axis perm[i] of the input. */
export interface TailTranspose extends TailBase {
  readonly kind: "transpose";
  readonly perm: readonly number[];
}

/** On float32 values of the tail. */
export type RealNode = TailFunction | TailBinary | TailShares | TailConcat | TailSlice | TailTranspose;

/**
 * A layer with weights on a map, whose results nothing quantises: [H', W', K], clamped. Dense layers have the whole map as kernel.
 */
export interface TailLayer extends TailBase {
  readonly kind: "layer";
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: Padding;
  readonly low: number;
  readonly high: number;
  readonly sums: FloatLayer | ExactSums;
}

/** Sums of products of integers and a bias, exact in 32 bits, each times a factor in float32: [K][n] of values above their zero points. */
export interface ExactSums {
  readonly order?: undefined;
  readonly weights: Int16Array;
  readonly bias: Int32Array;
  /** One an output. */
  readonly factors: Float32Array;
}

export type TailNode =
  TailLayer | TailArg | TailSoftmax | TailCopy | TailDetection | TailDequantize | RealNode;

export interface Tail {
  readonly values: ReadonlyMap<ValueId, TailValue>;
  /** In topological order. */
  readonly nodes: readonly TailNode[];
}

/** The map, or the value, that the tail begins with for a value: the first input of all that it is made by, but for constants. */
export function sourceOf(tail: Tail | undefined, id: ValueId): ValueId {
  const maker = tail?.nodes.find((node) => node.output === id);
  const first = maker?.inputs.find((input) => !tail?.values.get(input)?.data);
  return first === undefined ? id : sourceOf(tail, first);
}

/** Real values of a last layer, in front of the softmax of them where there is one, that a value is made of; undefined for others. */
export function realScoresOf(tail: Tail | undefined, id: ValueId): TailValue | undefined {
  const maker = tail?.nodes.find((node) => node.output === id);
  if (maker?.kind === "layer") return tail?.values.get(id);
  const isScores = maker?.kind === "real-softmax" || maker?.kind === "real-log-softmax";
  return maker && (isScores || keepsValues(maker)) ? realScoresOf(tail, item(maker.inputs, 0)) : undefined;
}

/** Whether a node gives what it reads, at most rounded to steps. */
export function keepsValues(node: TailNode): boolean {
  return node.kind === "copy" || (node.kind === "function" && node.function.name === "steps");
}

/** What reads maps; all others read values of the tail. */
const ON_MAPS: readonly TailNode["kind"][] = [
  "arg-max",
  "arg-min",
  "softmax",
  "detection",
  "dequantize",
  "layer",
];

/** @throws Error naming the first node that reads what is not there or makes another number of values than its output has. */
export function verifyTail({ nodes, values }: Tail, maps: ReadonlyMap<ValueId, unknown>): void {
  const made = new Set<ValueId>([...values].flatMap(([id, { data }]) => (data ? [id] : [])));
  for (const { inputs, kind, name, output } of nodes) {
    const value = values.get(output);
    assert(value && !made.has(output), `${name} makes no value of its own`);
    for (const id of inputs) {
      const isRead = ON_MAPS.includes(kind) ? maps.has(id) : made.has(id);
      assert(isRead, `${name} reads ${id}, which is not there`);
    }
    if (kind === "copy" || kind === "function" || kind === "transpose") {
      const count = elements(values.get(item(inputs, 0))?.shape ?? []);
      assert(elements(value.shape) === count, `${name} keeps no values`);
    }
    made.add(output);
  }
}
