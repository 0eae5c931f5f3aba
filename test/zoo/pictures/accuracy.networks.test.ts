import { readFileSync, statSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { readInput } from "../../../src/images/read-input.ts";
import type { IntGraph } from "../../../src/ir/integer.ts";
import { drawPicture, pictureInput } from "../../../src/zoo/pictures/training/draw.ts";
import { examplePictures, picturesLabelsPath, picturesModelPath } from "../../../src/zoo/pictures/files.ts";
import { countMacs, countParameters, picturesNetwork } from "../../../src/zoo/pictures/network.ts";
import { mixSeed } from "../../../src/zoo/pictures/random.ts";
import { seeds } from "../../../src/zoo/pictures/training/sets.ts";
import { classNames } from "../../../src/zoo/pictures/shapes.ts";
import { classify, expectNamed, picturesGraph } from "./unseen.ts";

let graph: IntGraph;

beforeAll(() => {
  graph = picturesGraph();
});

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

  // On 1200: accuracy.campaign.test.ts.
  it("names at least 95 % of unseen drawings, in integer arithmetic", ({ annotate }) =>
    expectNamed(180, annotate));

  it("reads an example picture's pixels as they are", async () => {
    const [first] = examplePictures();
    const { values } = await readInput(first!.path, graph);
    expect(values).toEqual(pictureInput(drawPicture("circle", mixSeed(seeds.examples, 0))));
  });

  it("names every example picture from its PNG file", async () => {
    for (const { path, className } of examplePictures()) {
      const { values } = await readInput(path, graph);
      expect(classNames[classify(graph, values)]).toBe(className);
    }
  });

  it("has its labels beside it", () => {
    expect(JSON.parse(readFileSync(picturesLabelsPath(), "utf8"))).toEqual(classNames);
  });
});
