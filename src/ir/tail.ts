/** The end of a network in other types than 8 bits. It stands behind the maps of the integer graph, and the host computes it. */
import { assert } from "./errors.ts";
import type { DetectionNode, DetectionRule } from "./graph.ts";
import { item } from "./known.ts";
import { elements } from "./shapes.ts";

/** Of a map, or of a value of the tail: each number is of one of both. */
export type ValueId = number;

export interface TailValue {
  readonly id: ValueId;
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: "int16" | "int32" | "int64" | "float32";
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

export type TailNode = TailArg | TailSoftmax | TailCopy | TailDetection;

export interface Tail {
  readonly values: ReadonlyMap<ValueId, TailValue>;
  /** In topological order. */
  readonly nodes: readonly TailNode[];
}

/** The map, or the value, that the tail begins with for a value: the first input of all that it is made by. */
export function sourceOf(tail: Tail | undefined, id: ValueId): ValueId {
  const maker = tail?.nodes.find((node) => node.output === id);
  return maker ? sourceOf(tail, item(maker.inputs, 0)) : id;
}

/** @throws Error naming the first node that reads what is not there or makes another number of values than its output has. */
export function verifyTail({ nodes, values }: Tail, maps: ReadonlyMap<ValueId, unknown>): void {
  const made = new Set<ValueId>();
  for (const { inputs, kind, name, output } of nodes) {
    const value = values.get(output);
    assert(value && !made.has(output), `${name} makes no value of its own`);
    const first = item(inputs, 0);
    const isRead = kind === "copy" ? made.has(first) : maps.has(first);
    assert(isRead, `${name} reads ${first}, which is not there`);
    if (kind === "copy")
      assert(elements(value.shape) === elements(values.get(first)?.shape ?? []), `${name} keeps no values`);
    made.add(output);
  }
}
