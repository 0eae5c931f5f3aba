import { assert } from "../ir/errors.ts";
import type { IntMap, MapId } from "../ir/integer.ts";
import { mapOf } from "./maps.ts";
import { known } from "../ir/known.ts";
import { realScoresOf } from "../ir/tail.ts";
import type { GoldenResult } from "./run.ts";
import { runTail } from "./tail.ts";

/** One class among the best. */
export interface Top {
  readonly index: number;
  /** The class's name, or its number as text when the model has no labels. */
  readonly label: string;
  /** The logit. */
  readonly score: number;
}

/** The raw logits (input of the final softmax) in the model's own type, as `--dump-logits` writes them. */
export function logitsOf(result: GoldenResult): Uint8Array | Int8Array {
  return valuesInOwnType(result, result.graph.logits);
}

/** What rates the classes: real values of a last layer where nothing quantises it, else the logits. */
export function scoresOf(result: GoldenResult): Uint8Array | Int8Array | Float32Array {
  const { outputs, tail } = result.graph;
  const real = realScoresOf(tail, outputs[0] ?? -1);
  return real ? Float32Array.from(known(runTail(result).get(real.id), "scores"), Number) : logitsOf(result);
}

/** A map's values in the model's own type: uint8 models get the 128 back that re-centring took. */
export function valuesInOwnType(result: GoldenResult, id: MapId): Uint8Array | Int8Array {
  const values = result.maps.get(id);
  assert(values, `the result has no map ${id}`);
  return ownType(mapOf(result.graph, id), values);
}

/** Re-centred int8 values in the type of the model that `map` belongs to. */
export function ownType(map: IntMap, values: Int8Array): Uint8Array | Int8Array {
  return map.dtype === "uint8" ? new Uint8Array(values).map((x) => x ^ 128) : values;
}

/** The `count` best classes, best first; among equal logits the lowest index comes first. */
export function topK(
  logits: Uint8Array | Int8Array | Float32Array,
  count: number,
  labels: readonly string[] | undefined,
): Top[] {
  return Array.from(logits, (score, index) => ({ index, label: labels?.[index] ?? String(index), score }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, count);
}
