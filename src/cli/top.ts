import { topK } from "../golden/logits.ts";
import { assert } from "../ir/errors.ts";
import type { IntGraph } from "../ir/integer.ts";

/** One of the best classes. */
export interface TopClass {
  readonly index: number;
  readonly label: string;
  /** Softmax probability of the dequantised logits. */
  readonly score: number;
}

/** The `count` best classes, best first; among equal logits the lowest index comes first. */
export function topClasses(graph: IntGraph, logits: Uint8Array | Int8Array, count = 5): TopClass[] {
  const scale = graph.maps.get(graph.logits)?.scale;
  assert(scale !== undefined, `the graph has no logits map ${graph.logits}`);
  const best = topK(logits, count, graph.labels);
  const highest = best[0]?.score ?? 0;
  // The zero point cancels: only differences of logits matter.
  const weight = (logit: number): number => Math.exp((logit - highest) * scale);
  const total = Array.from(logits, weight).reduce((sum, x) => sum + x, 0);
  return best.map(({ index, label, score }) => ({ index, label, score: weight(score) / total }));
}

/** "  12.3 %  tabby cat (281)" a line. */
export function formatTop(top: readonly TopClass[]): string {
  const percent = (score: number): string => (100 * score).toFixed(1).padStart(6);
  return top.map(({ index, label, score }) => `${percent(score)} %  ${label} (${index})\n`).join("");
}
