/** What operators of every kind are made with: the maps of a node, shift words, the refusal. */
import { placeOf } from "../format/fields.ts";
import { shiftWord, shiftWords } from "../format/group-record.ts";
import type { Problem } from "../ir/errors.ts";
import { assert } from "../ir/errors.ts";
import type { IntGraph, IntMap, IntNode, Requantize } from "../ir/integer.ts";
import { known } from "../ir/known.ts";

/** What the accelerator cannot run. */
export function unsupported(node: IntNode, found: string): Problem {
  return {
    code: "no-hardware",
    node: node.name,
    found,
    supported:
      "conv, depthwise, fully connected, pools, mean, padding, functions of single values; softmax, log-softmax and l2-normalization at the end",
    fix: "use `firebrick golden` for this network, or replace the operator",
  };
}

export function mapOf(graph: IntGraph, id: number): IntMap {
  const map = graph.maps.get(id);
  assert(map, `map ${id} is missing`);
  return map;
}

export interface Ends {
  readonly input: IntMap;
  readonly output: IntMap;
}

export function ends(graph: IntGraph, node: IntNode): Ends {
  const id = node.inputs[0];
  assert(id !== undefined && node.inputs.length === 1, `${node.name} has one input`);
  return { input: mapOf(graph, id), output: mapOf(graph, node.output) };
}

/** A shift word's flag: round as float32 does, ties to even. */
export const FLOAT_MODE = 2 ** placeOf(shiftWords, "float32").lsb;

/** The shift word of a power of two. */
export function powerOfTwo(exponent: number, rounding?: IntGraph["rounding"]): number {
  return shiftWord({
    left: Math.max(0, exponent),
    right: Math.max(0, -exponent),
    float32: rounding === "float32" ? 1 : 0,
  });
}

/** The shift words of the channels. Few exponents differ, and a word is made for each of those. */
export function shiftsOf({ exponent }: Requantize, rounding: IntGraph["rounding"]): Uint32Array {
  const words = new Map(Array.from(new Set(exponent), (one) => [one, powerOfTwo(one, rounding)]));
  return Uint32Array.from(exponent, (one) => known(words.get(one), "a shift word of each exponent"));
}
