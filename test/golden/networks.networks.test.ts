import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { importModel } from "../../src/1-import/index.ts";
import { runPasses } from "../../src/2-passes/pipeline.ts";
import { lower } from "../../src/3-quantise/lower.ts";
import { logitsOf, ownType } from "../../src/golden/logits.ts";
import { mapOf } from "../../src/golden/maps.ts";
import { runGolden } from "../../src/golden/run.ts";
import type { GoldenResult } from "../../src/golden/run.ts";
import { readInput } from "../../src/images/read-input.ts";
import type { IntGraph, MapId } from "../../src/ir/integer.ts";

const models = new URL("../../../shared/models/", import.meta.url);
const networks = [
  { name: "resnet8_cifar10", packed: 11, tested: 11 },
  { name: "vww_96_int8", packed: 12, tested: 12 },
  { name: "mobilenet_v1_0.25_128", packed: 20, tested: 20 },
  { name: "mobilenet_v1_1.0_224", packed: 8, tested: 2 },
  { name: "mobilenet_v2_1.0_224", packed: 8, tested: 2 },
];

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, models));
}

function load(name: string): IntGraph {
  return lower(runPasses(importModel(pathOf(`${name}/model.tflite`))));
}

async function run(graph: IntGraph, file: string): Promise<GoldenResult> {
  const { values } = await readInput(pathOf(file), mapOf(graph, graph.input), graph.preprocess);
  return runGolden(graph, values);
}

/** SHA-256 of every operator's output, by operator; a reshape that a later operator took in has its input's bytes. */
function hashes(result: GoldenResult): Map<number, string> {
  const hash = (id: MapId): string =>
    createHash("sha256")
      .update(ownType(mapOf(result.graph, id), result.maps.get(id)!))
      .digest("hex");
  const found = new Map<number, string>();
  for (const node of result.graph.nodes) {
    for (const source of node.sources.slice(0, -1)) found.set(source, hash(node.inputs[0]!));
    found.set(node.sources.at(-1)!, hash(node.output));
  }
  return found;
}

describe.runIf(existsSync(models))("the golden model equals TFLite's reference kernels", () => {
  it.each(networks)("$name: the logits of $tested packed inputs, byte for byte", async (network) => {
    const { name, packed, tested } = network;
    const graph = load(name);
    const files = readdirSync(new URL(`${name}/inputs/`, models)).sort();
    expect(files.length).toBe(packed);
    for (const file of files.slice(0, tested)) {
      const logits = logitsOf(await run(graph, `${name}/inputs/${file}`));
      expect(Buffer.from(logits).equals(readFileSync(new URL(`${name}/logits/${file}`, models))), file).toBe(
        true,
      );
    }
  });

  it.each(networks)("$name: the output of every operator", async ({ name }) => {
    const found = hashes(await run(load(name), `${name}/inputs/00.bin`));
    const layers = JSON.parse(readFileSync(new URL(`${name}/layers.json`, models), "utf8")) as {
      readonly index: number;
      readonly output: string;
      readonly sha256: string;
    }[];
    expect(layers.length).toBeGreaterThan(10);
    const different = layers.filter(({ index, sha256 }) => found.get(index) !== sha256);
    expect(different.map(({ output }) => output)).toEqual([]);
  });
});
