import { readFileSync, statSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { importModel } from "../../../src/1-import/index.ts";
import { lower } from "../../../src/3-quantise/lower.ts";
import { logitsOf, topK } from "../../../src/golden/logits.ts";
import { runGolden } from "../../../src/golden/run.ts";
import { readInput } from "../../../src/images/read-input.ts";
import type { IntGraph } from "../../../src/ir/integer.ts";
import { drawFromSet, drawPicture, pictureInput } from "../../../src/zoo/pictures/training/draw.ts";
import { examplePictures, picturesLabelsPath, picturesModelPath } from "../../../src/zoo/pictures/files.ts";
import { countMacs, countParameters, picturesNetwork } from "../../../src/zoo/pictures/network.ts";
import { mixSeed } from "../../../src/zoo/pictures/random.ts";
import { seeds } from "../../../src/zoo/pictures/training/sets.ts";
import { classNames } from "../../../src/zoo/pictures/shapes.ts";

let graph: IntGraph;

beforeAll(() => {
  graph = lower(importModel(picturesModelPath()));
});

function classify(network: IntGraph, input: Int8Array): number {
  return topK(logitsOf(runGolden(network, input)), 1, undefined)[0]?.index ?? -1;
}

describe("the embedded network", () => {
  it("is the network that network.ts describes, in at most 200 KB", () => {
    expect(statSync(picturesModelPath()).size).toBeLessThanOrEqual(200 * 1024);
    expect(graph.macs).toBe(countMacs(picturesNetwork()));
    expect(graph.parameters).toBe(countParameters(picturesNetwork()));
    expect(graph.macs).toBe(1_332_096);
    expect(graph.parameters).toBe(20_700);
  });

  it("takes a picture as pixel - 128", () => {
    const input = graph.maps.get(graph.input);
    expect([input?.height, input?.width, input?.channels]).toEqual([48, 48, 3]);
    expect(input?.scale).toBe(Math.fround(1 / 255));
    expect(input?.zeroPoint).toBe(-128);
  });

  it("names at least 95 % of unseen drawings, in integer arithmetic", async ({ annotate }) => {
    const count = 1200;
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
  });

  it("reads an example picture's pixels as they are", async () => {
    const [first] = examplePictures();
    const { values } = await readInput(first!.path, graph.maps.get(graph.input)!, graph.preprocess);
    expect(values).toEqual(pictureInput(drawPicture("circle", mixSeed(seeds.examples, 0))));
  });

  it("names every example picture from its PNG file", async () => {
    for (const { path, className } of examplePictures()) {
      const { values } = await readInput(path, graph.maps.get(graph.input)!, graph.preprocess);
      expect(classNames[classify(graph, values)]).toBe(className);
    }
  });

  it("has its labels beside it", () => {
    expect(JSON.parse(readFileSync(picturesLabelsPath(), "utf8"))).toEqual(classNames);
  });
});
