/** From logits to what a network says. */
import type { Answer, ClassScore } from "../ir/answer.ts";
import { hasClasses } from "../ir/classes.ts";
import { logitsOf, topK, valuesInOwnType } from "./logits.ts";
import { assert } from "../ir/errors.ts";
import type { IntGraph } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { outputsOf } from "./outputs.ts";
import type { GoldenResult } from "./run.ts";

/** What the network says: the best classes, or the values of its first output where that does not rate classes. */
export function answerTo(result: GoldenResult): Answer {
  const { graph } = result;
  const [output] = graph.outputs;
  if (output === undefined || hasClasses(graph)) return answerOf(graph, logitsOf(result));
  if (graph.tail?.values.has(output))
    return { top: [], values: Array.from(item(outputsOf(result), 0), Number) };
  return answerOf({ ...graph, logits: output }, valuesInOwnType(result, output));
}

/** What the network says with these logits, in the model's own type: the best `count` classes, or values where it has none. */
export function answerOf(graph: IntGraph, logits: Uint8Array | Int8Array, count = 5): Answer {
  return hasClasses(graph)
    ? { top: topClasses(graph, logits, count), values: [] }
    : { top: [], values: realValues(graph, logits) };
}

/** Best first; among equal logits the lowest index comes first. */
function topClasses(graph: IntGraph, logits: Uint8Array | Int8Array, count: number): ClassScore[] {
  const { scale } = logitsMap(graph);
  const best = topK(logits, count, graph.labels);
  const highest = best[0]?.score ?? 0;
  // The zero point cancels: only differences of logits matter.
  const weight = (logit: number): number => Math.exp((logit - highest) * scale);
  const total = Array.from(logits, weight).reduce((sum, x) => sum + x, 0);
  return best.map(({ index, label, score }) => ({ index, label, score: weight(score) / total }));
}

/** [H, W, C]. */
function realValues(graph: IntGraph, logits: Uint8Array | Int8Array): number[] {
  const { dtype, scale, zeroPoint } = logitsMap(graph);
  const zero = dtype === "uint8" ? zeroPoint + 128 : zeroPoint;
  return Array.from(logits, (value) => scale * (value - zero));
}

function logitsMap({ logits, maps }: IntGraph) {
  const map = maps.get(logits);
  assert(map !== undefined, `the graph has no logits map ${logits}`);
  return map;
}
