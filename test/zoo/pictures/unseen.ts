/** How well the embedded network names drawings that it was not trained on, in integer arithmetic. */
import { expect } from "vitest";
import { importModel } from "../../../src/1-import/index.ts";
import { lower } from "../../../src/3-quantise/lower.ts";
import { logitsOf, topK } from "../../../src/golden/logits.ts";
import { runGolden } from "../../../src/golden/run.ts";
import type { IntGraph } from "../../../src/ir/integer.ts";
import { picturesModelPath } from "../../../src/zoo/pictures/files.ts";
import { classNames } from "../../../src/zoo/pictures/shapes.ts";
import { drawFromSet, pictureInput } from "../../../src/zoo/pictures/training/draw.ts";
import { seeds } from "../../../src/zoo/pictures/training/sets.ts";

export function picturesGraph(): IntGraph {
  return lower(importModel(picturesModelPath()));
}

export function classify(network: IntGraph, input: Int8Array): number {
  return topK(logitsOf(runGolden(network, input)), 1, undefined)[0]?.index ?? -1;
}

/** At least 95 % of `count` drawings. */
export async function expectNamed(
  count: number,
  annotate: (message: string) => Promise<unknown>,
): Promise<void> {
  const graph = picturesGraph();
  const misses = new Map<string, number>();
  let correct = 0;
  for (let i = 0; i < count; i++) {
    const picture = drawFromSet(seeds.test, i);
    const index = classify(graph, pictureInput(picture));
    if (index === picture.classIndex) correct++;
    else misses.set(picture.className, (misses.get(picture.className) ?? 0) + 1);
  }
  await annotate(`${correct} of ${count} unseen drawings named; misses: ${JSON.stringify([...misses])}`);
  expect(correct / count, JSON.stringify([...misses])).toBeGreaterThanOrEqual(0.95);
  // No class is given up for the sake of the others.
  for (const [name, missed] of misses)
    expect(missed, name).toBeLessThanOrEqual(count / classNames.length / 5);
}
