/**
 * TFLite_Detection_PostProcess: boxes from their encodings, and those that the least overlap with better ones.
 * Source: tensorflow/lite/kernels/detection_postprocess.cc; among equal scores the first comes first, as in TFLite Micro's.
 */
import type { DetectionNode, DetectionRule } from "../ir/graph.ts";
import { item } from "../ir/known.ts";
import type { TailDetection } from "../ir/tail.ts";
import type { Filled } from "./maps.ts";

/** Both corners, float32. */
interface Box {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

interface Detection {
  readonly anchor: number;
  readonly label: number;
  readonly score: number;
}

const { fround } = Math;

/** Encodings are [1, N, 4 or more], scores [1, N, classes], the background's in front where there is one more than classes. */
export function detection(
  { anchors, rule }: Pick<TailDetection, "anchors" | "rule">,
  encodings: Filled,
  scores: Filled,
): Record<DetectionNode["result"], ArrayLike<number>> {
  const boxes = decode(real(encodings), encodings.map.channels, anchors, rule.scales);
  const columns = scores.map.channels;
  const values = real(scores);
  const scoreOf = (anchor: number, label: number) =>
    item(values, anchor * columns + label + columns - rule.classes);
  const found = rule.isRegular ? regular(boxes, scoreOf, rule) : fast(boxes, scoreOf, rule);
  const size = rule.detections * rule.classesPerDetection;
  const filled = (of: (one: Detection) => readonly number[], each: number) => {
    const result = new Float32Array(size * each);
    result.set(found.flatMap(of));
    return result;
  };
  return {
    boxes: filled(({ anchor }) => cornersOf(item(boxes, anchor)), 4),
    classes: filled(({ label }) => [label], 1),
    scores: filled(({ score }) => [score], 1),
    number: [rule.isRegular ? found.length : found.length / rule.classesPerDetection],
  };
}

function real({ map, values }: Filled): Float32Array {
  return Float32Array.from(values, (value) => map.scale * (value - map.zeroPoint));
}

function cornersOf({ bottom, left, right, top }: Box): number[] {
  return [top, left, bottom, right];
}

/** Centres and half sides in double precision, rounded to float32. */
function decode(
  encodings: Float32Array,
  pitch: number,
  anchors: Float32Array,
  scales: DetectionRule["scales"],
): Box[] {
  return Array.from({ length: anchors.length / 4 }, (_, i) => {
    const code = (k: number) => item(encodings, i * pitch + k) / item(scales, k);
    const anchor = (k: number) => item(anchors, i * 4 + k);
    const [y, x] = [0, 1].map((k) => fround(code(k) * anchor(k + 2) + anchor(k))) as [number, number];
    const [h, w] = [2, 3].map((k) => fround(0.5 * Math.exp(code(k)) * anchor(k))) as [number, number];
    return { top: fround(y - h), left: fround(x - w), bottom: fround(y + h), right: fround(x + w) };
  });
}

/** Of each class alone, then the best of all classes so far. */
function regular(
  boxes: readonly Box[],
  scoreOf: (anchor: number, label: number) => number,
  rule: DetectionRule,
): Detection[] {
  let kept: Detection[] = [];
  for (let label = 0; label < rule.classes; label++) {
    const scores = boxes.map((_, anchor) => scoreOf(anchor, label));
    const chosen = suppressed(boxes, scores, rule, rule.detectionsPerClass);
    const all = [...kept, ...chosen.map((anchor) => ({ anchor, label, score: item(scores, anchor) }))];
    kept = all.toSorted((a, b) => b.score - a.score).slice(0, rule.detections);
  }
  return kept;
}

/** Of each box's best score, with its best classes. */
function fast(
  boxes: readonly Box[],
  scoreOf: (anchor: number, label: number) => number,
  rule: DetectionRule,
): Detection[] {
  const best = boxes.map((_, anchor) =>
    Array.from({ length: rule.classes }, (_, label) => ({ anchor, label, score: scoreOf(anchor, label) }))
      .toSorted((a, b) => b.score - a.score)
      .slice(0, rule.classesPerDetection),
  );
  const scores = best.map((list) => item(list, 0).score);
  return suppressed(boxes, scores, rule, rule.detections).flatMap((anchor) => item(best, anchor));
}

/** Boxes in the order of their scores, without those that overlap a better one too much. */
function suppressed(
  boxes: readonly Box[],
  scores: readonly number[],
  { overlapThreshold, scoreThreshold }: DetectionRule,
  most: number,
): number[] {
  let left = scores
    .flatMap((score, anchor) => (score >= scoreThreshold ? [anchor] : []))
    .toSorted((a, b) => item(scores, b) - item(scores, a));
  const chosen: number[] = [];
  for (let best = left[0]; best !== undefined && chosen.length < most; best = left[0]) {
    const box = item(boxes, best);
    chosen.push(best);
    left = left.slice(1).filter((other) => overlap(box, item(boxes, other)) <= overlapThreshold);
  }
  return chosen;
}

/** Intersection over union, every operation in float32. */
function overlap(a: Box, b: Box): number {
  const [first, second] = [area(a), area(b)];
  if (first <= 0 || second <= 0) return 0;
  const height = fround(Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
  const width = fround(Math.min(a.right, b.right) - Math.max(a.left, b.left));
  const shared = fround(Math.max(height, 0) * Math.max(width, 0));
  return fround(shared / fround(fround(first + second) - shared));
}

function area({ bottom, left, right, top }: Box): number {
  return fround(fround(bottom - top) * fround(right - left));
}
