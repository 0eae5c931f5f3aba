/** From logits to what a network says. */
import type { Answer, ClassScore } from "../ir/answer.ts";
import { topK } from "./logits.ts";
import { assert } from "../ir/errors.ts";
import type { IntGraph } from "../ir/integer.ts";

/** What the network says with these logits, in the model's own type: the best `count` classes, or values where it has none. */
export function answerOf(graph: IntGraph, logits: Uint8Array | Int8Array, count = 5): Answer {
  return hasClasses(graph)
    ? { top: topClasses(graph, logits, count), values: [] }
    : { top: [], values: realValues(graph, logits) };
}

/** Sizes of the vectors that ImageNet's classes make, without and with a background. */
const IMAGENET = [1000, 1001];

/**
 * A file does not say what its output means. A network classifies when its only output is a vector that a softmax makes, or one
 * whose values are logits by their names or ImageNet's number. Maps, boxes, pictures, several outputs and the values of a
 * function such as the logistic, each a probability of its own, are no classes.
 */
function hasClasses({ labels, maps, nodes, outputs }: IntGraph): boolean {
  const [output, ...others] = outputs;
  const map = output === undefined ? undefined : maps.get(output);
  if (others.length > 0 || map?.height !== 1 || map.width !== 1 || map.channels < 2) return false;
  const maker = nodes.find((node) => node.output === output);
  if (maker?.kind === "softmax") return true;
  return maker?.kind !== "lookup" && (labels?.length === map.channels || IMAGENET.includes(map.channels));
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
