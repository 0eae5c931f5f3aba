/** From logits to what a network says. */
import { aboveInt8 } from "../ir/above-int8.ts";
import type { Answer, ClassScore } from "../ir/answer.ts";
import { hasClasses, IMAGENET } from "../ir/classes.ts";
import { logitsOf, scoresOf, topK, valuesInOwnType } from "./logits.ts";
import { assert } from "../ir/errors.ts";
import type { IntGraph } from "../ir/integer.ts";
import { item } from "../ir/known.ts";
import { elements } from "../ir/shapes.ts";
import { realScoresOf } from "../ir/tail.ts";
import { outputsOf } from "./outputs.ts";
import type { GoldenResult } from "./run.ts";

/** What the network says: the best classes, or the values of its first output where that does not rate classes. */
export function answerTo(result: GoldenResult): Answer {
  const { graph } = result;
  const [output] = graph.outputs;
  const scores = realScores(result);
  if (scores) return { top: topClasses(scores, 1, graph.labels, 5), values: [] };
  if (output === undefined || hasClasses(graph)) return answerOf(graph, logitsOf(result));
  if (graph.tail?.values.has(output))
    return { top: [], values: Array.from(item(outputsOf(result), 0), Number) };
  return answerOf({ ...graph, logits: output }, valuesInOwnType(result, output));
}

/** What the network says with these logits, in the model's own type: the best `count` classes, or values where it has none. */
export function answerOf(graph: IntGraph, logits: Uint8Array | Int8Array, count = 5): Answer {
  return hasClasses(graph)
    ? { top: topClasses(logits, logitsMap(graph).scale, graph.labels, count), values: [] }
    : { top: [], values: realValues(graph, logits) };
}

/** What a last layer rates classes with in real values; undefined where it does not. */
function realScores(result: GoldenResult): ReturnType<typeof scoresOf> | undefined {
  const { labels, outputs, tail } = result.graph;
  const [output = -1, ...others] = outputs;
  const scores = realScoresOf(tail, output);
  if (!scores || others.length > 0) return undefined;
  const [count, all] = [item(scores.shape, scores.shape.length - 1), elements(scores.shape)];
  const isShared = tail?.nodes.some(({ inputs, kind }) => kind === "real-softmax" && inputs[0] === scores.id);
  const rates = isShared || labels?.length === count || IMAGENET.includes(count);
  return rates && count === all && count > 1 ? scoresOf(result) : undefined;
}

/** Best first; among equal scores the lowest index comes first. Scores are in steps of `scale`, of which only differences matter. */
function topClasses(
  scores: Uint8Array | Int8Array | Float32Array,
  scale: number,
  labels: IntGraph["labels"],
  count: number,
): ClassScore[] {
  const best = topK(scores, count, labels);
  const highest = best[0]?.score ?? 0;
  const weight = (score: number): number => Math.exp((score - highest) * scale);
  const total = Array.from(scores, weight).reduce((sum, x) => sum + x, 0);
  return best.map(({ index, label, score }) => ({ index, label, score: weight(score) / total }));
}

/** [H, W, C]. */
function realValues(graph: IntGraph, logits: Uint8Array | Int8Array): number[] {
  const map = logitsMap(graph);
  const zero = map.zeroPoint + aboveInt8(map);
  return Array.from(logits, (value) => map.scale * (value - zero));
}

function logitsMap({ logits, maps }: IntGraph) {
  const map = maps.get(logits);
  assert(map !== undefined, `the graph has no logits map ${logits}`);
  return map;
}
